import { Sagas } from "@doorbuster/core/order/Sagas"
import * as Effect from "effect/Effect"
import { Target } from "./Target.ts"
import type { Watch } from "./Watch.ts"

const lookEveryMs = 200
/** Longer than a dead worker's lease and the longest wait of a parked saga. */
const patienceMs = 120_000
const countedAtMost = 10_000

/** Sagas of the store that have not ended. */
export const openSagas = (limit = countedAtMost) =>
  Effect.gen(function* () {
    const sagas = yield* Sagas
    return (yield* sagas.list({ state: "open", limit })).length
  })

const ended = <E>(count: (limit?: number) => Effect.Effect<number, E, Sagas>) =>
  Effect.gen(function* () {
    for (let waitedMs = 0; waitedMs < patienceMs; waitedMs += lookEveryMs) {
      if ((yield* count(1)) === 0) return 0
      yield* Effect.sleep(lookEveryMs)
    }
    return yield* count()
  })

/** Waits until every saga of the store has ended; answers how many have not. */
export const sagasEnded = ended(openSagas)

/** The same over outages, and until nothing that this process began is under way. */
export const settled = ({ persist }: Watch) =>
  Effect.gen(function* () {
    const { idle } = yield* Target
    const open = ended((limit) => persist(openSagas(limit)))
    const quiet = Effect.timeoutOption(idle, patienceMs)
    const [count] = yield* Effect.all([open, quiet], { concurrency: 2 })
    return count
  })

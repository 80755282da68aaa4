import { Sagas } from "@doorbuster/core/order/Sagas"
import * as Effect from "effect/Effect"

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

/** Waits until every saga of the store has ended; answers how many have not. */
export const sagasEnded = Effect.gen(function* () {
  for (let waitedMs = 0; waitedMs < patienceMs; waitedMs += lookEveryMs) {
    if ((yield* openSagas(1)) === 0) return 0
    yield* Effect.sleep(lookEveryMs)
  }
  return yield* openSagas()
})

import * as Effect from "effect/Effect"
import * as WorkerThread from "../threads/WorkerThread.ts"
import type { Narrowing } from "./Scenario.ts"
import type { SeedOutcome } from "./simulateSeed.ts"

/** One world to be played. */
export interface Play {
  readonly seed: number
  readonly narrowing: Narrowing
}

export interface SeedRun {
  readonly plays: Iterable<Play>
  readonly jobs: number
  /** Called once per seed, in the order in which they end. False: no further seed is begun. */
  readonly onOutcome: (outcome: SeedOutcome) => boolean
}

const entry = new URL("./simulationWorker.ts", import.meta.url)

/** Plays seeds on worker threads. What comes of a seed does not depend on how many there are. */
export const playSeeds = ({
  jobs,
  onOutcome,
  plays
}: SeedRun): Effect.Effect<void, WorkerThread.ThreadDied> =>
  Effect.suspend(() => {
    const rest = plays[Symbol.iterator]()
    let goesOn = true
    const job = Effect.gen(function* () {
      const options = { entry, name: "simulation" }
      const thread = yield* WorkerThread.start<Play, SeedOutcome>(options)
      while (goesOn) {
        const next = rest.next()
        if (next.done === true) return
        const outcome = yield* thread.ask(next.value)
        goesOn = onOutcome(outcome) && goesOn
      }
    }).pipe(Effect.scoped)
    const all = Array.from({ length: jobs }, () => job)
    return Effect.all(all, { concurrency: "unbounded", discard: true })
  })

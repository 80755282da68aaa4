import { Worker } from "node:worker_threads"
import * as Effect from "effect/Effect"
import type { Narrowing } from "./Scenario.ts"
import type { SeedOutcome } from "./simulateSeed.ts"

export interface SeedRun {
  readonly seeds: Iterable<number>
  readonly jobs: number
  readonly narrowing: Narrowing
  /** Called once per seed, in the order in which they end. False: no further seed is begun. */
  readonly onOutcome: (outcome: SeedOutcome) => boolean
}

const workerUrl = new URL("./simulationWorker.ts", import.meta.url)

/** Plays seeds on worker threads. What comes of a seed does not depend on how many there are. */
export const playSeeds = ({
  jobs,
  narrowing,
  onOutcome,
  seeds
}: SeedRun): Effect.Effect<void, Error> =>
  Effect.callback<void, Error>((resume) => {
    const rest = seeds[Symbol.iterator]()
    const workers = new Set<Worker>()
    let goesOn = true
    const end = (result: Effect.Effect<void, Error>) => {
      goesOn = false
      for (const worker of workers) void worker.terminate()
      workers.clear()
      resume(result)
    }
    const feed = (worker: Worker): void => {
      const next = goesOn ? rest.next() : undefined
      if (next?.done === false) {
        worker.postMessage(next.value)
        return
      }
      void worker.terminate()
      workers.delete(worker)
      if (workers.size === 0) resume(Effect.void)
    }
    for (let job = 0; job < jobs; job++) {
      const worker = new Worker(workerUrl, {
        workerData: narrowing,
        // Most of what a run makes is soon garbage: a large nursery keeps it from being copied.
        resourceLimits: { maxYoungGenerationSizeMb: 128 }
      })
      workers.add(worker)
      worker.on("error", (cause) => end(Effect.fail(cause as Error)))
      worker.on("message", (outcome: SeedOutcome) => {
        goesOn = onOutcome(outcome) && goesOn
        feed(worker)
      })
      feed(worker)
    }
    return Effect.sync(() => {
      for (const worker of workers) void worker.terminate()
    })
  })

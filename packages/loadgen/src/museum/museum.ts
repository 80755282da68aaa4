/** Proof that the judges can see: stores with bugs of others, each found by the simulator. */
import * as Effect from "effect/Effect"
import type { Exhibit, MuseumReport } from "./MuseumReport.ts"
import type { Mutant } from "./Mutant.ts"
import { seedAt } from "./museumMessages.ts"
import { type MuseumBroken, runThread } from "./museumThread.ts"

export interface MuseumOptions {
  readonly mutants: ReadonlyArray<Mutant>
  /** A uint32. */
  readonly seed: number
  /** Most seeds per mutant. */
  readonly runs: number
  /** Threads at once. */
  readonly jobs: number
  /** Called with the number of seeds that are done, over all stores. */
  readonly onProgress: (runs: number) => Effect.Effect<void>
}

/** Seeds in as many parts as there are threads, none of them empty. */
const parts = (runs: number, jobs: number) => {
  const size = Math.ceil(runs / jobs)
  return Array.from({ length: Math.ceil(runs / size) }, (_, index) => ({
    skip: index * size,
    runs: Math.min(size, runs - index * size)
  }))
}

/**
 * Runs each mutant seed by seed until one breaks a rule, and then the unchanged store over every
 * seed that a mutant was run on.
 */
export const museum = Effect.fn("museum")(function* ({
  jobs,
  mutants,
  onProgress,
  runs,
  seed
}: MuseumOptions): Effect.fn.Return<MuseumReport, MuseumBroken> {
  let done = 0
  const onRun = Effect.suspend(() => onProgress(++done))

  const exhibits = yield* Effect.forEach(
    mutants,
    Effect.fnUntraced(function* (mutant) {
      const task = { mutant: mutant.name, seed, runs, untilFound: true }
      const [finding = null] = yield* runThread(task, onRun)
      return { mutant, finding } satisfies Exhibit
    }),
    { concurrency: jobs }
  )

  const used = Math.max(...exhibits.map(({ finding }) => finding?.runs ?? runs))
  const findings = yield* Effect.forEach(
    parts(used, jobs),
    Effect.fnUntraced(function* (part) {
      const from = seedAt(seed, part.skip)
      const task = { mutant: null, seed: from, runs: part.runs, untilFound: false }
      const found = yield* runThread(task, onRun)
      return found.map((finding) => ({ ...finding, runs: part.skip + finding.runs }))
    }),
    { concurrency: jobs }
  )
  return { seed, runs, exhibits, unchanged: { runs: used, findings: findings.flat() } }
})

import * as Effect from "effect/Effect"
import { type Play, playSeeds } from "./playSeeds.ts"
import type { Narrowing } from "./Scenario.ts"
import { type SimulationReport, Tally } from "./SimulationReport.ts"
import type { SeedOutcome } from "./simulateSeed.ts"

export interface Simulation {
  /** The first seed, a uint32; the others follow it. */
  readonly seed: number
  readonly runs: number
  readonly jobs: number
  readonly narrowing: Narrowing
  /** No run begins after so many milliseconds. */
  readonly wallMsMax: number
  /** Runs that broke a promise after which no further run begins. */
  readonly failuresMax: number
  /** Other worlds than those of the seeds that follow the first. */
  readonly plays?: ReadonlyArray<Play>
  /** Called after each run with the runs so far. */
  readonly onProgress: (runs: number) => void
}

export interface Simulated {
  readonly report: SimulationReport
  /** Those that broke a promise, in the order of their seeds. */
  readonly failures: ReadonlyArray<SeedOutcome>
}

const uint32Count = 2 ** 32

/** The seeds of a simulation: consecutive numbers, around the end of uint32. */
export const seedsFrom = function* (first: number, count: number): Generator<number> {
  for (let i = 0; i < count; i++) yield (first + i) % uint32Count
}

const playsFrom = function* ({ narrowing, runs, seed }: Simulation): Generator<Play> {
  for (const next of seedsFrom(seed, runs)) yield { seed: next, narrowing }
}

/** Plays many seeds and adds up what they came to. */
export const simulate = (options: Simulation): Effect.Effect<Simulated, Error> =>
  Effect.gen(function* () {
    const { failuresMax, jobs, onProgress, runs, seed, wallMsMax } = options
    const tally = new Tally()
    const failures: Array<SeedOutcome> = []
    const startMs = performance.now()
    yield* playSeeds({
      plays: options.plays ?? playsFrom(options),
      jobs: Math.min(jobs, runs),
      onOutcome: (outcome) => {
        tally.add(outcome)
        if (outcome.violations.length > 0) failures.push(outcome)
        onProgress(tally.runs)
        return failures.length < failuresMax && performance.now() - startMs < wallMsMax
      }
    })
    const report = tally.report(seed, jobs, performance.now() - startMs)
    return { report, failures: failures.sort((a, b) => a.seed - b.seed) }
  })

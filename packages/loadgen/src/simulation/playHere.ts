import { Tally } from "./SimulationReport.ts"
import { type Simulated, type Simulation, seedsFrom } from "./simulate.ts"
import { type SeedOutcome, type SimulateOptions, simulateSeed } from "./simulateSeed.ts"

/** The same on this thread, one seed after the other, for whoever wants to see every event. */
export const playHere = (
  { failuresMax, narrowing, onProgress, runs, seed, wallMsMax }: Simulation,
  watch: Pick<SimulateOptions, "keep" | "history">
): Simulated => {
  const tally = new Tally()
  const failures: Array<SeedOutcome> = []
  const startMs = performance.now()
  for (const next of seedsFrom(seed, runs)) {
    watch.keep?.(`seed ${next}`)
    const outcome = simulateSeed(next, { ...watch, narrowing })
    tally.add(outcome)
    if (outcome.violations.length > 0) failures.push(outcome)
    onProgress(tally.runs)
    if (failures.length >= failuresMax || performance.now() - startMs > wallMsMax) break
  }
  return { report: tally.report(seed, 1, performance.now() - startMs), failures }
}

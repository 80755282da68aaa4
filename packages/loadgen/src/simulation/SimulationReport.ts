import { type CoverageFigures, coverageFigures } from "./coverageFigures.ts"
import { TraceHash } from "./EventTrace.ts"
import { type FaultKind, faultKinds } from "./FaultKind.ts"
import type { SeedOutcome } from "./simulateSeed.ts"

/** What many runs came to; the shape of `store simulate --json`. */
export interface SimulationReport {
  readonly seed: number
  readonly runs: number
  readonly jobs: number
  /** Runs in which a promise was broken. */
  readonly violations: number
  readonly checkouts: number
  readonly simulated_hours: number
  readonly wall_seconds: number
  readonly checkouts_per_second: number
  /** Simulated time over real time. */
  readonly speedup: number
  readonly events: number
  readonly faults: Readonly<Record<FaultKind, number>>
  readonly faults_total: number
  readonly coverage: CoverageFigures
  /** Of the traces of all runs in the order of their seeds. */
  readonly trace_hash: string
  /** The least that any run had of each. */
  readonly least: {
    readonly checkouts: number
    readonly faults: number
    readonly simulated_minutes: number
  }
}

const hour = 3_600_000

/** Adds outcomes up as they come, in any order; keeps little of each. */
export class Tally {
  readonly #hashes = new Map<number, string>()
  readonly #faults = new Map<FaultKind, number>()
  readonly #covered = {
    transitions: new Set<string>(),
    errors: new Set<string>(),
    faults: new Set<string>()
  }
  #checkouts = 0
  #simulatedMs = 0
  #events = 0
  #violations = 0
  #least = { checkouts: Infinity, faults: Infinity, simulatedMs: Infinity }

  add(outcome: SeedOutcome): void {
    this.#hashes.set(outcome.seed, outcome.traceHash)
    this.#checkouts += outcome.checkouts
    this.#simulatedMs += outcome.simulatedMs
    this.#events += outcome.events
    if (outcome.violations.length > 0) this.#violations++
    let faults = 0
    for (const [kind, count] of Object.entries(outcome.faults) as Array<[FaultKind, number]>) {
      this.#faults.set(kind, (this.#faults.get(kind) ?? 0) + count)
      faults += count
    }
    for (const name of ["transitions", "errors", "faults"] as const) {
      for (const entry of outcome.coverage[name]) this.#covered[name].add(entry)
    }
    this.#least = {
      checkouts: Math.min(this.#least.checkouts, outcome.checkouts),
      faults: Math.min(this.#least.faults, faults),
      simulatedMs: Math.min(this.#least.simulatedMs, outcome.simulatedMs)
    }
  }

  get runs(): number {
    return this.#hashes.size
  }

  report(seed: number, jobs: number, wallMs: number): SimulationReport {
    const counts = faultKinds.map((kind) => [kind, this.#faults.get(kind) ?? 0] as const)
    const least = this.#least
    return {
      seed,
      runs: this.runs,
      jobs,
      violations: this.#violations,
      checkouts: this.#checkouts,
      simulated_hours: round(this.#simulatedMs / hour),
      wall_seconds: round(wallMs / 1000),
      checkouts_per_second: round((this.#checkouts * 1000) / wallMs),
      speedup: Math.round(this.#simulatedMs / wallMs),
      events: this.#events,
      faults: Object.fromEntries(counts) as SimulationReport["faults"],
      faults_total: counts.reduce((sum, [, count]) => sum + count, 0),
      coverage: coverageFigures(this.#covered),
      trace_hash: this.#digest(),
      least: {
        checkouts: least.checkouts,
        faults: least.faults,
        simulated_minutes: round(least.simulatedMs / 60_000)
      }
    }
  }

  #digest(): string {
    const hash = new TraceHash()
    for (const [seed, digest] of [...this.#hashes].sort(([a], [b]) => a - b)) {
      hash.add(`${seed} ${digest}`)
    }
    return hash.digest
  }
}

const round = (value: number): number => Math.round(value * 10) / 10

import * as Cause from "effect/Cause"
import * as Exit from "effect/Exit"
import { Coverage, type Covered } from "./Coverage.ts"
import { EventTrace } from "./EventTrace.ts"
import type { FaultKind } from "./FaultKind.ts"
import { Faults } from "./Faults.ts"
import { InventoryHistory } from "./InventoryHistory.ts"
import { Judge, type Violation } from "./Judge.ts"
import { play } from "./play.ts"
import { runVirtual } from "./runVirtual.ts"
import { type Narrowing, scenarioOf } from "./Scenario.ts"

export type { Violation }

/** What became of one seed. */
export interface SeedOutcome {
  readonly seed: number
  /** What of the seed's scenario was played. */
  readonly narrowing: Narrowing
  readonly violations: ReadonlyArray<Violation>
  /** Orders that buyers were told about. */
  readonly checkouts: number
  readonly simulatedMs: number
  readonly faults: Readonly<Partial<Record<FaultKind, number>>>
  readonly coverage: Covered
  /** Of every event, in order: equal for equal seeds of one version of the program. */
  readonly traceHash: string
  readonly events: number
  /** The last events, newest last. */
  readonly lastEvents: ReadonlyArray<string>
}

export interface SimulateOptions {
  readonly narrowing?: Narrowing
  /** Takes every event as it happens. */
  readonly keep?: (line: string) => void
  /** Takes what was done to the stock, line by line (see `history/Operation`). */
  readonly history?: (line: string) => void
}

/** Virtual time after which a run that does not end counts as hung. */
const virtualMsMax = 6 * 60 * 60_000

const stepsMax = 20_000_000

/**
 * Plays the world of a seed (a uint32) to its end. Never throws for a finding: a defect or a run
 * that does not end is a violation, too.
 */
export const simulateSeed = (seed: number, options: SimulateOptions = {}): SeedOutcome => {
  const { narrowing = {} } = options
  const scenario = scenarioOf(seed, narrowing)
  const coverage = new Coverage()
  let nowMs = (): number => 0
  const trace = new EventTrace(() => nowMs(), options.keep ?? null)
  const judge = new Judge(trace)
  let counts: SeedOutcome["faults"] = {}
  let checkouts = 0
  const outcome = runVirtual(
    (world) => {
      const startMs = world.clock.nowMs
      nowMs = () => world.clock.nowMs - startMs
      const faults = new Faults(scenario.rates, world.random.fork("faults"), trace, coverage)
      const history =
        options.history === undefined
          ? null
          : new InventoryHistory(`${seed}/`, () => world.clock.nowMs, options.history)
      const stage = { ...world, scenario, trace, judge, faults, coverage, history }
      return play(stage, (book) => {
        history?.end()
        counts = faults.counts
        checkouts = book.orders.size
      })
    },
    { seed, maxVirtualMs: virtualMsMax, maxSteps: stepsMax }
  )
  if (outcome._tag !== "Finished") {
    const detail = outcome._tag === "Hung" ? `hung: ${outcome.limit}` : "deadlocked"
    judge.find("liveness", "the run", detail)
  } else if (Exit.isFailure(outcome.exit)) {
    judge.find("no.defect", "the run", Cause.pretty(outcome.exit.cause))
  }
  return {
    seed,
    narrowing,
    violations: judge.violations,
    checkouts,
    simulatedMs: outcome.virtualMs,
    faults: counts,
    coverage: coverage.covered,
    traceHash: trace.digest,
    events: trace.events,
    lastEvents: trace.last
  }
}

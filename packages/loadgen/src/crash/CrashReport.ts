import type { FaultMode } from "@doorbuster/adapters/faults/ProcessFaults"
import type { TerrainName } from "./Terrain.ts"
import type { Broken } from "./verdict.ts"

/** Where a process was hit. */
export interface Hit {
  /** `first`: the process at work; `second`: the one that came after it. */
  readonly process: "first" | "second"
  /** Which call of that process: its number, from 1, or its own as in `Payments.send#1`. */
  readonly place: string
  /** As in `Payments.send`; null when the process never came to that call. */
  readonly call: string | null
  readonly mode: FaultMode
}

/** A case of which nothing is known: what was to be hit never came. */
export interface Unreached {
  /** As in `--only`. */
  readonly name: string
  readonly why: string
}

export interface CrashFailure {
  readonly ground: TerrainName
  readonly scenario: string
  /** Empty: nothing crashed at all. */
  readonly hits: ReadonlyArray<Hit>
  readonly broken: ReadonlyArray<Broken>
  /** Plays exactly this case again. */
  readonly replay: string
}

export interface ScenarioReport {
  readonly name: string
  readonly title: string
  /** Port calls, provider calls and deliveries that every undisturbed run has. */
  readonly effects: number
  /**
   * Calls that only some undisturbed runs have, where time is real: another look at what is late,
   * say. Nobody knows when such a call comes, and none is hit on purpose.
   */
  readonly irregular: number
  /** Before, after, answer lost, and paused, at each effect. */
  readonly boundaries: number
  /** Undisturbed ones and second tries included. */
  readonly plays: number
  /** Single crashes that happened. */
  readonly singles: number
  /** Pairs of crashes that both happened. */
  readonly pairs: number
  readonly unreached: ReadonlyArray<Unreached>
  readonly failures: ReadonlyArray<CrashFailure>
}

/** Sums over what was played. */
export interface CrashTotals {
  readonly effects: number
  readonly irregular: number
  readonly boundaries: number
  readonly plays: number
  readonly singles: number
  readonly pairs: number
  /** Cases in which a process never came to the call at which it was to be hit. */
  readonly missed: number
  /** Plays that broke a promise. */
  readonly failed: number
  readonly elapsedMs: number
}

export interface GroundReport extends CrashTotals {
  readonly ground: TerrainName
  readonly scenarios: ReadonlyArray<ScenarioReport>
}

export interface CrashReport extends CrashTotals {
  readonly ok: boolean
  readonly grounds: ReadonlyArray<GroundReport>
}

const sum = <A>(items: ReadonlyArray<A>, of: (item: A) => number): number =>
  items.reduce((total, item) => total + of(item), 0)

export const groundReport = (
  ground: TerrainName,
  scenarios: ReadonlyArray<ScenarioReport>,
  elapsedMs: number
): GroundReport => ({
  ground,
  effects: sum(scenarios, ({ effects }) => effects),
  irregular: sum(scenarios, ({ irregular }) => irregular),
  boundaries: sum(scenarios, ({ boundaries }) => boundaries),
  plays: sum(scenarios, ({ plays }) => plays),
  singles: sum(scenarios, ({ singles }) => singles),
  pairs: sum(scenarios, ({ pairs }) => pairs),
  missed: sum(scenarios, ({ unreached }) => unreached.length),
  failed: sum(scenarios, ({ failures }) => failures.length),
  elapsedMs,
  scenarios
})

export const crashReport = (grounds: ReadonlyArray<GroundReport>): CrashReport => {
  const failed = sum(grounds, (ground) => ground.failed)
  return {
    ok: failed === 0,
    effects: sum(grounds, ({ effects }) => effects),
    irregular: sum(grounds, ({ irregular }) => irregular),
    boundaries: sum(grounds, ({ boundaries }) => boundaries),
    plays: sum(grounds, ({ plays }) => plays),
    singles: sum(grounds, ({ singles }) => singles),
    pairs: sum(grounds, ({ pairs }) => pairs),
    missed: sum(grounds, ({ missed }) => missed),
    failed,
    elapsedMs: sum(grounds, ({ elapsedMs }) => elapsedMs),
    grounds
  }
}

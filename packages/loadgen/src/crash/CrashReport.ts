import type { FaultMode } from "@doorbuster/adapters/faults/ProcessFaults"
import type { TerrainName } from "./Terrain.ts"
import type { Broken } from "./verdict.ts"

/** Where a process was hit. */
export interface Hit {
  /** `first`: the process at work; `second`: the one that came after it. */
  readonly process: "first" | "second"
  /** Which call of that process, counted from 1. */
  readonly number: number
  /** As in `Payments.recordCapture`; null when the process never came to that call. */
  readonly call: string | null
  readonly mode: FaultMode
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
  /** Port calls, provider calls and deliveries of an undisturbed run. */
  readonly effects: number
  /** Before, after, answer lost, and paused, at each of them. */
  readonly boundaries: number
  /** Undisturbed ones included. */
  readonly plays: number
  readonly singles: number
  readonly pairs: number
  /** Plays in which a process never came to the call at which it was to be hit. */
  readonly missed: number
  readonly failures: ReadonlyArray<CrashFailure>
}

export interface GroundReport {
  readonly ground: TerrainName
  readonly scenarios: ReadonlyArray<ScenarioReport>
  readonly plays: number
  readonly singles: number
  readonly pairs: number
  readonly missed: number
  readonly failed: number
  readonly elapsedMs: number
}

export interface CrashReport {
  readonly ok: boolean
  readonly grounds: ReadonlyArray<GroundReport>
  readonly plays: number
  readonly singles: number
  readonly pairs: number
  readonly failed: number
  readonly elapsedMs: number
}

const sum = <A>(items: ReadonlyArray<A>, of: (item: A) => number): number =>
  items.reduce((total, item) => total + of(item), 0)

export const groundReport = (
  ground: TerrainName,
  scenarios: ReadonlyArray<ScenarioReport>,
  elapsedMs: number
): GroundReport => ({
  ground,
  scenarios,
  plays: sum(scenarios, ({ plays }) => plays),
  singles: sum(scenarios, ({ singles }) => singles),
  pairs: sum(scenarios, ({ pairs }) => pairs),
  missed: sum(scenarios, ({ missed }) => missed),
  failed: sum(scenarios, ({ failures }) => failures.length),
  elapsedMs
})

export const crashReport = (grounds: ReadonlyArray<GroundReport>): CrashReport => {
  const failed = sum(grounds, (ground) => ground.failed)
  return {
    ok: failed === 0,
    grounds,
    plays: sum(grounds, ({ plays }) => plays),
    singles: sum(grounds, ({ singles }) => singles),
    pairs: sum(grounds, ({ pairs }) => pairs),
    failed,
    elapsedMs: sum(grounds, ({ elapsedMs }) => elapsedMs)
  }
}

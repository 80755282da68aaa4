import * as Context from "effect/Context"

/** How the gate's counters are kept. */
export interface GateSettings {
  /** How often the counters of guarded keys are set from the record of the stock, milliseconds. */
  readonly periodMs: number
  /** Counters that could not be set for this long refuse nobody any more; milliseconds. */
  readonly trustMs: number
  /** A key with so many units is one that does not need guarding, */
  readonly plentyUnits: number
  /** if it has had them for so many periods on end; */
  readonly plentyPeriods: number
  /** and so is one that nobody has asked for in so many. */
  readonly idlePeriods: number
  /** More keys than this are not guarded: setting their counters would cost more than it spares. */
  readonly keysMax: number
}

export const GateSettings = Context.Reference<GateSettings>("@doorbuster/core/edge/GateSettings", {
  defaultValue: () => ({
    periodMs: 1_000,
    trustMs: 10_000,
    plentyUnits: 100,
    plentyPeriods: 10,
    idlePeriods: 300,
    keysMax: 1_000
  })
})

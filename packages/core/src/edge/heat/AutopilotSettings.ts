import * as Context from "effect/Context"

/** When the autopilot promotes and demotes; milliseconds and requests per second. */
export interface AutopilotSettings {
  /** How often the processes exchange what they are asked for, and act on it. */
  readonly beatMs: number
  /** A key with this demand or more, all processes together, ... */
  readonly promoteAt: number
  /** ... for this long is promoted. */
  readonly promoteAfterMs: number
  /** A promoted key with less demand than this ... */
  readonly demoteBelow: number
  /** ... for this long is demoted. */
  readonly demoteAfterMs: number
  /** Promoted keys at once, at most. */
  readonly hotKeysMax: number
  /** Promotions and demotions within any minute, at most. */
  readonly switchesPerMinute: number
  /** With so many processes or more a promoted key is spread over segments, one per process. */
  readonly segmentedFrom: number
}

export const AutopilotSettings = Context.Reference<AutopilotSettings>(
  "@doorbuster/core/edge/heat/AutopilotSettings",
  {
    defaultValue: () => ({
      beatMs: 1000,
      promoteAt: 100,
      promoteAfterMs: 3000,
      demoteBelow: 25,
      demoteAfterMs: 60_000,
      hotKeysMax: 64,
      switchesPerMinute: 30,
      segmentedFrom: 4
    })
  }
)

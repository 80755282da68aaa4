import * as Context from "effect/Context"
import { defaultPatience, type Patience } from "./coordinator.ts"

/** How long the store waits for what; milliseconds. */
export interface Settings {
  /** Units are held this long for a payment that was not sent. */
  readonly reservationTtlMs: number
  /** A worker that has not renewed for this long counts as dead. */
  readonly leaseTtlMs: number
  /** How often a worker looks for sagas without a living owner. */
  readonly pollMs: number
  /** Sagas taken over in one go. */
  readonly claimLimit: number
  /** A saga that is still open beyond this counts as stuck. */
  readonly sagaDeadlineMs: number
  /** On shutdown, running sagas get this long before they are handed over. */
  readonly drainMs: number
  readonly patience: Patience
}

export const Settings = Context.Reference<Settings>("@doorbuster/core/saga/Settings", {
  defaultValue: () => ({
    reservationTtlMs: 15 * 60_000,
    leaseTtlMs: 10_000,
    pollMs: 1_000,
    claimLimit: 256,
    sagaDeadlineMs: 60 * 60_000,
    drainMs: 5_000,
    patience: defaultPatience
  })
})

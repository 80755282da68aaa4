import * as Context from "effect/Context"

/** How the line moves; milliseconds. */
export interface QueueSettings {
  /** Orders that all workers together take out of the line in a second. */
  readonly perSecond: number
  /** Orders that may wait. */
  readonly capacity: number
  /** How often a worker looks whether somebody is due. */
  readonly pollMs: number
  /** Orders that one worker places at a time. */
  readonly inFlightMax: number
  /** A worker that has not renewed its entries for so long counts as dead. */
  readonly idleMs: number
  /** An entry that was handed out more often than this is given up. */
  readonly deliveriesMax: number
  /** How long an order is tried again while stores are out of reach. */
  readonly patienceMs: number
  /** How often those who want what is sold out are looked for. */
  readonly sweepMs: number
  /** On shutdown, orders under way get this long before they are put down. */
  readonly drainMs: number
}

export const QueueSettings = Context.Reference<QueueSettings>(
  "@doorbuster/core/queue/QueueSettings",
  {
    defaultValue: () => ({
      perSecond: 1_000,
      capacity: 1_000_000,
      pollMs: 50,
      inFlightMax: 256,
      idleMs: 15_000,
      deliveriesMax: 5,
      patienceMs: 60_000,
      sweepMs: 1_000,
      drainMs: 5_000
    })
  }
)

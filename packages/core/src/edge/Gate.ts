import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { StockKey } from "../inventory/StockKey.ts"

/** Units of one stock key that somebody wants; at most one per key in a request. */
export interface GateLine {
  readonly key: StockKey
  readonly quantity: number
}

export interface GateRequest {
  readonly lines: ReadonlyArray<GateLine>
}

export type GateAnswer =
  /** Go on and ask the stock itself. The counters of the guarded keys were lowered. */
  | { readonly _tag: "Passed" }
  /** The counter does not reach; no counter was changed. */
  | {
      readonly _tag: "SoldOut"
      readonly key: StockKey
      readonly requested: number
      readonly available: number
    }

/** What a counter is set to: `available` as the record of the stock had it. */
export interface GateLevel {
  readonly key: StockKey
  readonly available: number
}

/** A key that is not set again for so long is guarded no more, milliseconds. */
export const guardMs = 60_000

/**
 * A fast, untrusted counter in front of the stock: it spares the record the requests that cannot
 * succeed. It guards the keys that were set, and lets everything else pass. It never fails: one
 * that cannot be reached lets pass. A wrong counter can only refuse or let pass a request; whether
 * units are sold is decided by `Inventory` alone, so losing the gate loses nothing.
 */
export class Gate extends Context.Service<
  Gate,
  {
    /**
     * One answer per request, all or none over its lines, in the order given; they are let in in
     * that order too, except for requests over several keys whose counters are on several servers.
     */
    readonly enter: (batch: ReadonlyArray<GateRequest>) => Effect.Effect<ReadonlyArray<GateAnswer>>
    /** Gives the units of requests back that passed and came to nothing. */
    readonly leave: (batch: ReadonlyArray<GateRequest>) => Effect.Effect<void>
    /**
     * Guards these keys from now on, for `guardMs`, or corrects their counters from the record:
     * a counter that nobody corrects any more must not refuse for long.
     */
    readonly set: (levels: ReadonlyArray<GateLevel>) => Effect.Effect<void>
    /** Guards these keys no more. */
    readonly remove: (keys: ReadonlyArray<StockKey>) => Effect.Effect<void>
    readonly guarded: Effect.Effect<ReadonlyArray<StockKey>>
    /**
     * The counter of a key as this process last heard of it, without asking anybody; undefined for
     * a key that is not guarded. At most some seconds old.
     */
    readonly peek: (key: StockKey) => number | undefined
  }
>()("@doorbuster/core/edge/Gate") {}

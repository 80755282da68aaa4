import type { OrderId } from "@doorbuster/core/order/OrderId"
import type { StorageError } from "@doorbuster/core/StorageError"
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Journal, Refund, Sale, StockMove } from "./Operation.ts"

/** The store took the operation for another one, or will not have it: asking again is no use. */
export interface Refused {
  readonly _tag: "Refused"
  /** What programs know it by, such as `sold_out`. */
  readonly code: string
  readonly message: string
  /** The SKU of which there was too little, where that was the reason. */
  readonly shortSku?: string
}

/** Not now: something that this waits for has not happened yet. */
export interface NotYet {
  readonly _tag: "NotYet"
  readonly message: string
}

export interface Done {
  readonly _tag: "Done"
}

export type Placed = { readonly _tag: "Placed"; readonly orderId: OrderId } | Refused | NotYet

/** The store does not answer, or not as a store does. */
export class TargetUnreachable extends Schema.TaggedError<TargetUnreachable>()(
  "TargetUnreachable",
  { target: Schema.String, detail: Schema.String }
) {
  override get message() {
    return `${this.target} does not answer: ${this.detail}`
  }
}

export type TargetError = StorageError | TargetUnreachable

/**
 * A store that a trace is replayed against. Everything is idempotent by the trace's own references:
 * an operation that was done before is done.
 */
export class Target extends Context.Service<
  Target,
  {
    readonly place: (sale: Sale) => Effect.Effect<Placed, TargetError>
    readonly refund: (
      refund: Refund,
      orderId: OrderId
    ) => Effect.Effect<Done | Refused | NotYet, TargetError>
    readonly move: (move: StockMove) => Effect.Effect<Done | Refused, TargetError>
    readonly post: (journal: Journal) => Effect.Effect<Done | Refused, TargetError>
    /** Asks once whether the store is there to take operations. */
    readonly ready: Effect.Effect<void, TargetError>
    /** Waits until nothing that this process began is under way. */
    readonly idle: Effect.Effect<void>
  }
>()("@doorbuster/loadgen/replay/Target") {}

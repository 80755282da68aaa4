import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { Minor } from "../money/Minor.ts"
import type { StorageError } from "../StorageError.ts"
import type { Uuid } from "../Uuid.ts"
import type { NewOrder, Order, OrderHistoryEvent, Shipment } from "./Order.ts"
import type { AccountId, OrderId } from "./OrderId.ts"
import type { OrderEvent, OrderState } from "./OrderState.ts"
import type { StoredAnswer } from "./SagaRecord.ts"

/** A worker with a higher epoch owns the saga; nothing was changed. */
export interface Superseded {
  readonly _tag: "Superseded"
}

export interface CreateOrder {
  readonly order: NewOrder
  readonly epoch: number
  readonly at: number
  /** Stored under the saga's idempotency key: what the buyer is told. */
  readonly answer: StoredAnswer
}

export type CreateOrderOutcome =
  /** Made now or before; `state` is the one it is in. */
  | { readonly _tag: "Created"; readonly state: OrderState }
  | { readonly _tag: "ExternalRefTaken"; readonly orderId: OrderId }
  | Superseded

/** What else a transition writes, in the same transaction. */
export interface Move {
  readonly orderId: OrderId
  readonly sagaId: Uuid
  readonly epoch: number
  readonly event: OrderEvent
  readonly at: number
  /** Running total of refunds, for refund events; a lower one than the stored never replaces it. */
  readonly refundedTotal?: Minor
  readonly shipment?:
    | { readonly to: "requested"; readonly shipmentId: Uuid }
    | { readonly to: "shipped"; readonly carrier: string | null; readonly tracking: string | null }
    | { readonly to: "delivered" }
  /**
   * Closes the saga, with the answer for its idempotency key where it has none yet. A saga that is
   * asked to cancel stays open: its owner has to give the money back first.
   */
  readonly close?: { readonly answer: StoredAnswer | null }
}

export type MoveOutcome =
  /** Done now or before by this saga; `cancelRequested` is the saga's flag at that moment. */
  | { readonly _tag: "Moved"; readonly state: OrderState; readonly cancelRequested: boolean }
  | { readonly _tag: "Illegal"; readonly from: OrderState }
  | { readonly _tag: "UnknownOrder" }
  | Superseded

export interface OrderQuery {
  readonly account?: AccountId
  readonly externalRef?: string
  readonly state?: OrderState
  /** Orders with a lower id, newest first. */
  readonly before?: OrderId
  readonly limit: number
}

/**
 * Orders, their history and their shipments. Writes take batches, store them whole or not at all,
 * answer in the order given, and are idempotent: an order by its id, a move by (saga, event). The
 * transition table holds here as well: a move that is not in it changes nothing.
 */
export class Orders extends Context.Service<
  Orders,
  {
    readonly create: (
      batch: ReadonlyArray<CreateOrder>
    ) => Effect.Effect<ReadonlyArray<CreateOrderOutcome>, StorageError>
    readonly move: (
      batch: ReadonlyArray<Move>
    ) => Effect.Effect<ReadonlyArray<MoveOutcome>, StorageError>
    readonly find: (orderId: OrderId) => Effect.Effect<Order | undefined, StorageError>
    /** Newest first, with lines. */
    readonly list: (query: OrderQuery) => Effect.Effect<ReadonlyArray<Order>, StorageError>
    /** Those of these references that exist, over all accounts. */
    readonly byExternalRefs: (
      refs: ReadonlyArray<string>
    ) => Effect.Effect<ReadonlyMap<string, OrderId>, StorageError>
    readonly history: (
      orderId: OrderId,
      afterSeq: number
    ) => Effect.Effect<ReadonlyArray<OrderHistoryEvent>, StorageError>
    readonly shipments: (orderId: OrderId) => Effect.Effect<ReadonlyArray<Shipment>, StorageError>
  }
>()("@doorbuster/core/order/Orders") {}

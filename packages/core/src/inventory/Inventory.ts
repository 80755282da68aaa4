import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { OrderId } from "../order/OrderId.ts"
import type { StorageError } from "../StorageError.ts"
import type { Uuid } from "../Uuid.ts"
import type { StockKey } from "./StockKey.ts"
import type { StrategyChoice } from "./StockStrategy.ts"

/** Units of one stock key; at most one per key in a request, sorted by key. Quantity >= 1. */
export interface StockLine {
  readonly key: StockKey
  readonly quantity: number
  /**
   * For coupon uses and purchase limits: the units allowed in all. The stock row is made, or its
   * `received` brought to this figure (never below what is reserved and sold), by the reservation.
   */
  readonly allowance?: number
}

export interface ReserveRequest {
  readonly orderId: OrderId
  readonly epoch: number
  /** Epoch milliseconds after which the reservation may be expired. */
  readonly expiresAt: number
  readonly lines: ReadonlyArray<StockLine>
}

export type ReserveOutcome =
  | { readonly _tag: "Held" }
  | {
      readonly _tag: "OutOfStock"
      readonly key: StockKey
      readonly requested: number
      readonly available: number
    }
  | { readonly _tag: "UnknownStock"; readonly key: StockKey }
  /** The order's reservation was released before: its tombstone refuses a later reserve. */
  | { readonly _tag: "ReservationClosed" }
  | Superseded

/** A worker with a higher epoch has taken the saga over; nothing was changed. */
export interface Superseded {
  readonly _tag: "Superseded"
}

/** Names a reservation; `keys` are the stock keys it was (or would have been) made with. */
export interface ReservationRef {
  readonly orderId: OrderId
  readonly epoch: number
  readonly keys: ReadonlyArray<StockKey>
}

export type CommitOutcome =
  | { readonly _tag: "Committed" }
  /** Nothing is held: never reserved, or released. */
  | { readonly _tag: "NotHeld" }
  | Superseded

export interface ReleaseRequest extends ReservationRef {
  readonly as: "released" | "expired"
}

export type ReleaseOutcome =
  | { readonly _tag: "Released" }
  /** The units are sold; they come back by a return, not by a release. */
  | { readonly _tag: "AlreadyCommitted" }
  | Superseded

export interface ReturnRequest {
  /** Makes the return idempotent; the refund's id. */
  readonly returnId: Uuid
  readonly orderId: OrderId
  readonly lines: ReadonlyArray<StockLine>
}

export type ReturnOutcome =
  | { readonly _tag: "Returned" }
  /** More units than were sold to this order and not yet returned; nothing was changed. */
  | { readonly _tag: "ExceedsSold"; readonly key: StockKey }

export type MovementKind = "receipt" | "adjustment" | "write_off"

export interface Movement {
  /** Makes the movement idempotent. */
  readonly movementId: Uuid
  readonly key: StockKey
  /** Signed units: a receipt is positive, a write-off negative. */
  readonly quantity: number
  readonly kind: MovementKind
  readonly reason: string
  /** Epoch milliseconds of the business event. */
  readonly occurredAt: number
}

export type MovementOutcome =
  | { readonly _tag: "Moved"; readonly replayed: boolean }
  | { readonly _tag: "OutOfStock"; readonly key: StockKey; readonly available: number }
  /** The id was used for another movement. */
  | { readonly _tag: "MovementReused" }

/** `available = received - reserved - sold`. */
export interface StockLevel {
  readonly key: StockKey
  readonly segment: number
  readonly received: number
  readonly reserved: number
  readonly sold: number
}

export type ReservationState = "held" | "committed" | "released" | "expired"

export interface Reservation {
  readonly orderId: OrderId
  readonly key: StockKey
  readonly segment: number
  readonly quantity: number
  readonly returned: number
  readonly state: ReservationState
  readonly expiresAt: number
}

export interface ChosenStrategy extends StrategyChoice {
  readonly key: StockKey
}

/**
 * Stock, coupon uses and purchase limits.
 *
 * Every write takes a batch, stores it whole or not at all, and answers item by item in the order
 * given. An item is all or none over its lines, and is idempotent by its id (order, return,
 * movement): a caller that timed out may simply call again. Items are admitted in the order given.
 * `received - reserved - sold >= 0` holds for every key at every instant, whatever the strategy.
 * A request whose epoch is lower than one already seen for its order changes nothing.
 */
export class Inventory extends Context.Service<
  Inventory,
  {
    readonly reserve: (
      batch: ReadonlyArray<ReserveRequest>
    ) => Effect.Effect<ReadonlyArray<ReserveOutcome>, StorageError>
    readonly commit: (
      batch: ReadonlyArray<ReservationRef>
    ) => Effect.Effect<ReadonlyArray<CommitOutcome>, StorageError>
    /** Safe before, during or without `reserve`: the order can never hold units afterwards. */
    readonly release: (
      batch: ReadonlyArray<ReleaseRequest>
    ) => Effect.Effect<ReadonlyArray<ReleaseOutcome>, StorageError>
    /** Puts sold units of an order on sale again. */
    readonly giveBack: (
      batch: ReadonlyArray<ReturnRequest>
    ) => Effect.Effect<ReadonlyArray<ReturnOutcome>, StorageError>
    /** Receipts, adjustments and write-offs; a receipt creates the stock row where none is. */
    readonly move: (
      batch: ReadonlyArray<Movement>
    ) => Effect.Effect<ReadonlyArray<MovementOutcome>, StorageError>
    /** Raises the epoch of these orders, so that writes of earlier owners change nothing. */
    readonly fence: (
      orders: ReadonlyArray<{ readonly orderId: OrderId; readonly epoch: number }>
    ) => Effect.Effect<void, StorageError>
    /** Levels of the keys that exist. */
    readonly levels: (
      keys: ReadonlyArray<StockKey>
    ) => Effect.Effect<ReadonlyArray<StockLevel>, StorageError>
    readonly reservations: (
      orderId: OrderId,
      keys: ReadonlyArray<StockKey>
    ) => Effect.Effect<ReadonlyArray<Reservation>, StorageError>
    /**
     * Chooses how a key is reserved from now on, and lays its units out for it; may be called while
     * it is being sold. Units that are reserved or sold stay on their rows.
     */
    readonly setStrategy: (
      key: StockKey,
      choice: StrategyChoice
    ) => Effect.Effect<void, StorageError>
    /** The choices for those of the keys that have one; the others are sold by the default. */
    readonly strategies: (
      keys: ReadonlyArray<StockKey>
    ) => Effect.Effect<ReadonlyArray<ChosenStrategy>, StorageError>
    /** Lays the available units of a key out evenly over its segments; its levels after that. */
    readonly rebalance: (key: StockKey) => Effect.Effect<ReadonlyArray<StockLevel>, StorageError>
  }
>()("@doorbuster/core/inventory/Inventory") {}

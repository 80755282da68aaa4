import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import type { Reservation, StockLevel } from "../inventory/Inventory.ts"
import type { StockKey } from "../inventory/StockKey.ts"
import type { Entry, TrialBalanceRow } from "../ledger/Entry.ts"
import type { Currency } from "../money/Currency.ts"
import type { Minor } from "../money/Minor.ts"
import type { Order, OrderHistoryEvent, Shipment } from "../order/Order.ts"
import type { OrderId } from "../order/OrderId.ts"
import type { SagaRecord, StoredAnswer } from "../order/SagaRecord.ts"
import type { Payment, Refund } from "../payment/Payment.ts"
import type { StorageError } from "../StorageError.ts"
import type { Uuid } from "../Uuid.ts"

/** Everything kept about one stock key, read in one snapshot. */
export interface StockBook {
  readonly key: StockKey
  /** Sum of its movements. */
  readonly moved: number
  readonly segments: ReadonlyArray<
    StockLevel & {
      /** Units of its held reservations. */
      readonly held: number
      /** Units of its committed reservations. */
      readonly committed: number
      /** Units given back on its committed reservations. */
      readonly returned: number
      /** Sum of its returns: what they say that was given back. */
      readonly givenBack: number
    }
  >
}

/** The receipt of one capture, as the store noted it when the money came in. */
export interface CaptureReceipt {
  readonly captureId: string
  readonly paymentId: Uuid
  /** Minor units. */
  readonly amount: Minor
  readonly currency: Currency
  /** False for money that belongs to no order. */
  readonly applied: boolean
}

/** Everything that any schema keeps under one order id. */
export interface OrderBook {
  readonly orderId: OrderId
  /** Null for attempts that made no order. */
  readonly order: Order | null
  readonly history: ReadonlyArray<OrderHistoryEvent>
  readonly shipments: ReadonlyArray<Shipment>
  readonly sagas: ReadonlyArray<Omit<SagaRecord, "payload">>
  /** First answers, stored under the keys that its checkouts hold. */
  readonly answers: ReadonlyArray<StoredAnswer>
  readonly reservations: ReadonlyArray<Reservation>
  readonly payments: ReadonlyArray<Payment>
  /** Receipts of its payments. */
  readonly captures: ReadonlyArray<CaptureReceipt>
  readonly refunds: ReadonlyArray<Refund>
  readonly entries: ReadonlyArray<Entry>
}

/** A key or a reference that stands for more than one thing. */
export interface Duplicate {
  readonly key: string
  readonly orders: number
  readonly payments: number
}

/**
 * The books as the audit reads them: whole, from the primary store, never from a replica or a
 * cache. Streams come in pages, so that a store of any size can be checked.
 */
export class Books extends Context.Service<
  Books,
  {
    readonly stock: Stream.Stream<StockBook, StorageError>
    /** By order id, over all schemas: an order known to one of them only is here too. */
    readonly orders: Stream.Stream<OrderBook, StorageError>
    /** Entries that belong to no order. */
    readonly looseEntries: Stream.Stream<Entry, StorageError>
    /** Receipts of payments that nobody here knows. */
    readonly looseCaptures: Stream.Stream<CaptureReceipt, StorageError>
    /** Ids under which there are postings but no entry. */
    readonly orphanPostings: Effect.Effect<ReadonlyArray<string>, StorageError>
    readonly trialBalance: Effect.Effect<ReadonlyArray<TrialBalanceRow>, StorageError>
    /** (account, key) and (account, external reference) pairs that were checked and are doubled. */
    readonly claims: Effect.Effect<
      { readonly checked: number; readonly duplicates: ReadonlyArray<Duplicate> },
      StorageError
    >
    /** Epoch milliseconds on the store's clock, and whether any worker's lease is alive. */
    readonly now: Effect.Effect<{ readonly at: number; readonly live: boolean }, StorageError>
  }
>()("@doorbuster/core/audit/Books") {}

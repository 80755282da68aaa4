import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { Entry, TrialBalanceRow } from "../ledger/Entry.ts"
import type { RefundSource } from "../ledger/LedgerPayment.ts"
import type { Minor } from "../money/Minor.ts"
import type { OrderId } from "../order/OrderId.ts"
import type { StorageError } from "../StorageError.ts"
import type { Uuid } from "../Uuid.ts"
import type { NewPayment, Payment, Refund } from "./Payment.ts"

/** A worker with a higher epoch owns the payment's saga; nothing was changed. */
export interface Superseded {
  readonly _tag: "Superseded"
}

export interface CreatePayment extends NewPayment {
  readonly epoch: number
  /** Epoch milliseconds. */
  readonly at: number
}

export type CreateOutcome =
  | { readonly _tag: "Created"; readonly state: Payment["state"] }
  | Superseded

export interface PaymentRef {
  readonly paymentId: Uuid
  readonly orderId: OrderId
  readonly epoch: number
  readonly at: number
}

export type SendOutcome =
  /** Marked `capture_sent` (or was before): the capture may go out. */
  | { readonly _tag: "Sending" }
  | { readonly _tag: "Canceled" }
  | { readonly _tag: "Declined"; readonly reason: string }
  | { readonly _tag: "Captured" }
  | Superseded

export interface RecordCapture {
  readonly paymentId: Uuid
  /** The provider's own id of this capture: a second capture has another one. */
  readonly captureId: string
  readonly amount: Minor
  readonly currency: string
  readonly provider: string
  /** Epoch milliseconds of the business event. */
  readonly occurredAt: number
}

export type CaptureOutcome =
  /** Booked to the order; `replayed` when this capture was booked before. */
  | { readonly _tag: "Applied"; readonly replayed: boolean }
  /**
   * Late, doubled, of another amount or of no known payment: booked to unapplied receipts, a break
   * is left, and the money has to go back.
   */
  | { readonly _tag: "Unapplied"; readonly replayed: boolean; readonly payment: Payment | null }

export type DeclineOutcome =
  | { readonly _tag: "Declined" }
  | { readonly _tag: "Captured" }
  | Superseded

export type CancelOutcome =
  | { readonly _tag: "Canceled" }
  /** Money has been taken; it goes forward or comes back by a refund. */
  | { readonly _tag: "Captured" }
  | Superseded

export interface IntendRefund {
  readonly refundId: Uuid
  readonly paymentId: Uuid
  /** Null asks for whatever is left by now. */
  readonly amount: Minor | null
  readonly source: RefundSource
  readonly at: number
}

export type IntendOutcome =
  /** `amount` is what was intended under this id first: that, and nothing else, may be sent. */
  | { readonly _tag: "Intended"; readonly amount: Minor }
  /** All that can still be given back is `left`, maybe nothing; nothing was changed. */
  | { readonly _tag: "ExceedsCaptured"; readonly left: Minor }
  | { readonly _tag: "UnknownPayment" }

export interface RecordRefund {
  readonly refundId: Uuid
  readonly occurredAt: number
}

export type RefundOutcome =
  /** `full` when nothing of the order's money is left; `refunded` is the running total. */
  | { readonly _tag: "Refunded"; readonly full: boolean; readonly refunded: Minor }
  | { readonly _tag: "UnknownRefund" }

export interface Recognise {
  /** The shipment whose goods left the house. */
  readonly shipmentId: Uuid
  readonly orderId: OrderId
  readonly occurredAt: number
}

export type PostOutcome =
  | { readonly _tag: "Posted"; readonly replayed: boolean }
  /** The id was used for an entry with other postings. */
  | { readonly _tag: "EntryReused" }
  /** The postings do not sum to zero. */
  | { readonly _tag: "Unbalanced" }

/** Everything the money schema knows of one order. */
export interface MoneyOfOrder {
  readonly payments: ReadonlyArray<Payment>
  readonly refunds: ReadonlyArray<Refund>
  readonly entries: ReadonlyArray<Entry>
}

/**
 * Money: payments, refunds and the journal. Each payment event and its journal entry are one
 * transaction. Every write takes a batch, stores it whole or not at all, answers in the order
 * given and is idempotent by payment, capture, refund, shipment or entry id.
 */
export class Payments extends Context.Service<
  Payments,
  {
    /** Idempotent; answers with the state the payment is in. */
    readonly create: (
      batch: ReadonlyArray<CreatePayment>
    ) => Effect.Effect<ReadonlyArray<CreateOutcome>, StorageError>
    /** To be called before a capture goes out: from here on only the provider decides. */
    readonly send: (
      batch: ReadonlyArray<PaymentRef>
    ) => Effect.Effect<ReadonlyArray<SendOutcome>, StorageError>
    /** Needs no epoch: money that came in is always booked. */
    readonly recordCapture: (
      batch: ReadonlyArray<RecordCapture>
    ) => Effect.Effect<ReadonlyArray<CaptureOutcome>, StorageError>
    readonly recordDecline: (
      batch: ReadonlyArray<PaymentRef & { readonly reason: string }>
    ) => Effect.Effect<ReadonlyArray<DeclineOutcome>, StorageError>
    /** Writes the canceled row even where no payment exists, so that a late twin finds it. */
    readonly cancel: (
      batch: ReadonlyArray<CreatePayment>
    ) => Effect.Effect<ReadonlyArray<CancelOutcome>, StorageError>
    readonly intendRefund: (
      batch: ReadonlyArray<IntendRefund>
    ) => Effect.Effect<ReadonlyArray<IntendOutcome>, StorageError>
    readonly recordRefund: (
      batch: ReadonlyArray<RecordRefund>
    ) => Effect.Effect<ReadonlyArray<RefundOutcome>, StorageError>
    /** Shipping recognises what is still deferred of the order's payment. */
    readonly recognise: (batch: ReadonlyArray<Recognise>) => Effect.Effect<void, StorageError>
    /** Entries that belong to no payment: bad debts and unmatched refunds. */
    readonly post: (
      batch: ReadonlyArray<Entry>
    ) => Effect.Effect<ReadonlyArray<PostOutcome>, StorageError>
    readonly fence: (
      orders: ReadonlyArray<{ readonly orderId: OrderId; readonly epoch: number }>
    ) => Effect.Effect<void, StorageError>
    readonly find: (paymentId: Uuid) => Effect.Effect<Payment | undefined, StorageError>
    readonly ofOrder: (orderId: OrderId) => Effect.Effect<MoneyOfOrder, StorageError>
    readonly trialBalance: Effect.Effect<ReadonlyArray<TrialBalanceRow>, StorageError>
  }
>()("@doorbuster/core/payment/Payments") {}

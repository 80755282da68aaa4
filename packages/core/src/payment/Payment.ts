import type { LedgerPayment, RefundSource } from "../ledger/LedgerPayment.ts"
import type { Minor } from "../money/Minor.ts"
import type { OrderId } from "../order/OrderId.ts"
import type { Uuid } from "../Uuid.ts"

/**
 * `created` -> `capture_sent` -> `captured | declined | canceled`; `created` -> `canceled`.
 * From `capture_sent` on only the provider's answer decides.
 */
export type PaymentState = "created" | "capture_sent" | "captured" | "declined" | "canceled"

export type NewPayment = Pick<
  LedgerPayment,
  "paymentId" | "orderId" | "provider" | "currency" | "amount" | "breakdown"
>

export interface Payment extends LedgerPayment {
  readonly epoch: number
  readonly state: PaymentState
  /** All money that the provider captured for it, applied or not. */
  readonly captured: Minor
  /** The part of `captured` that belongs to no order and goes back to the buyer. */
  readonly unapplied: Minor
  /** Refunds asked for, done or not; never above `captured`. */
  readonly intended: Minor
}

export type RefundState = "intended" | "refunded"

export interface Refund {
  readonly refundId: Uuid
  readonly paymentId: Uuid
  readonly orderId: OrderId
  readonly amount: Minor
  readonly source: RefundSource
  readonly state: RefundState
}

import type { Currency } from "../money/Currency.ts"
import type { Minor } from "../money/Minor.ts"
import type { OrderId } from "../order/OrderId.ts"
import type { Uuid } from "../Uuid.ts"

/**
 * `created` -> `capture_sent` -> `captured | declined | canceled`; `created` -> `canceled`.
 * From `capture_sent` on only the provider's answer decides.
 */
export type PaymentState = "created" | "capture_sent" | "captured" | "declined" | "canceled"

/** How the amount is made up: `amount = sales - discounts + shipping + tax`, all >= 0. */
export interface Breakdown {
  /** Goods before discounts, without tax. */
  readonly sales: Minor
  readonly discounts: Minor
  /** After discounts on shipping, without tax. */
  readonly shipping: Minor
  readonly tax: Minor
}

export interface NewPayment {
  readonly paymentId: Uuid
  readonly orderId: OrderId
  readonly provider: string
  readonly currency: Currency
  readonly amount: Minor
  readonly breakdown: Breakdown
}

export interface Payment extends NewPayment {
  readonly epoch: number
  readonly state: PaymentState
  /** All money that the provider captured for it, applied or not. */
  readonly captured: Minor
  /** The part of `captured` that belongs to no order and goes back to the buyer. */
  readonly unapplied: Minor
  /** Refunds asked for, done or not; never above `captured`. */
  readonly intended: Minor
  /** Refunds done. */
  readonly refunded: Minor
  /** The part of `refunded` that came out of unapplied money. */
  readonly unappliedRefunded: Minor
  readonly taxRefunded: Minor
  /** Captured for goods that are not shipped yet, without tax. */
  readonly deferred: Minor
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

/** Out of the order's applied payment, or out of money that belongs to nothing. */
export type RefundSource = "order" | "unapplied"

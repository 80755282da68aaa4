import type { Currency } from "../money/Currency.ts"
import type { Minor } from "../money/Minor.ts"
import type { OrderId } from "../order/OrderId.ts"
import type { Uuid } from "../Uuid.ts"

/** How the amount is made up: `amount = sales - discounts + shipping + tax`, all >= 0. */
export interface Breakdown {
  /** Goods before discounts, without tax. */
  readonly sales: Minor
  readonly discounts: Minor
  /** After discounts on shipping, without tax. */
  readonly shipping: Minor
  readonly tax: Minor
}

/** A payment as far as the ledger books it; minor units of `currency`. */
export interface LedgerPayment {
  readonly paymentId: Uuid
  readonly orderId: OrderId
  readonly provider: string
  readonly currency: Currency
  readonly amount: Minor
  readonly breakdown: Breakdown
  /** Refunds done. */
  readonly refunded: Minor
  /** The part of `refunded` that came out of unapplied money. */
  readonly unappliedRefunded: Minor
  readonly taxRefunded: Minor
  /** Captured for goods that are not shipped yet, without tax. */
  readonly deferred: Minor
}

/** Out of the order's applied payment, or out of money that belongs to nothing. */
export type RefundSource = "order" | "unapplied"

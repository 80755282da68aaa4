import type { RefundSource } from "@doorbuster/core/ledger/LedgerPayment"
import type { Currency } from "@doorbuster/core/money/Currency"
import type { Minor } from "@doorbuster/core/money/Minor"
import type { OrderId } from "@doorbuster/core/order/OrderId"
import type { Payment, PaymentState, Refund, RefundState } from "@doorbuster/core/payment/Payment"
import type { Uuid } from "@doorbuster/core/Uuid"
import { amount, integer, nullable, type Row, text } from "../rows.ts"

const minor = (row: Row, column: string): Minor => amount(row, column) as Minor

export const paymentOf = (row: Row): Payment => ({
  paymentId: text(row, "payment_id") as Uuid,
  orderId: text(row, "order_id") as OrderId,
  provider: text(row, "provider"),
  currency: text(row, "currency") as Currency,
  amount: minor(row, "amount"),
  breakdown: {
    sales: minor(row, "sales"),
    discounts: minor(row, "discounts"),
    shipping: minor(row, "shipping"),
    tax: minor(row, "tax")
  },
  epoch: integer(row, "saga_epoch"),
  state: text(row, "state") as PaymentState,
  captured: minor(row, "captured"),
  unapplied: minor(row, "unapplied"),
  intended: minor(row, "intended"),
  refunded: minor(row, "refunded"),
  unappliedRefunded: minor(row, "unapplied_refunded"),
  taxRefunded: minor(row, "tax_refunded"),
  deferred: minor(row, "deferred")
})

/** A payment with what only its row keeps. */
export interface PaymentRow {
  readonly payment: Payment
  readonly declineReason: string | null
}

export const paymentRowsOf = (rows: ReadonlyArray<Row>): Map<Uuid, PaymentRow> =>
  new Map(
    rows.map((row) => {
      const payment = paymentOf(row)
      return [payment.paymentId, { payment, declineReason: nullable(text, row, "decline_reason") }]
    })
  )

export const refundOf = (row: Row): Refund => ({
  refundId: text(row, "refund_id") as Uuid,
  paymentId: text(row, "payment_id") as Uuid,
  orderId: text(row, "order_id") as OrderId,
  amount: minor(row, "amount"),
  source: text(row, "source") as RefundSource,
  state: text(row, "state") as RefundState
})

/** The highest epoch that each of these orders was fenced with. */
export const fencesOf = (rows: ReadonlyArray<Row>): ReadonlyMap<OrderId, number> =>
  new Map(rows.map((row) => [text(row, "order_id") as OrderId, integer(row, "saga_epoch")]))

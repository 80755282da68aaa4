/** Rows as the statements select them, parsed as our driver would. */
import type { Row } from "../../postgres/rows.ts"
import type { EntryRow, PaymentRow, RefundRow } from "./MoneyTables.ts"

export const paymentAnswer = (row: PaymentRow): Row => ({
  payment_id: row.paymentId,
  order_id: row.orderId,
  saga_epoch: row.epoch,
  provider: row.provider,
  currency: row.currency,
  amount: `${row.amount}`,
  sales: `${row.sales}`,
  discounts: `${row.discounts}`,
  shipping: `${row.shipping}`,
  tax: `${row.tax}`,
  state: row.state,
  decline_reason: row.declineReason,
  captured: `${row.captured}`,
  unapplied: `${row.unapplied}`,
  intended: `${row.intended}`,
  refunded: `${row.refunded}`,
  unapplied_refunded: `${row.unappliedRefunded}`,
  tax_refunded: `${row.taxRefunded}`,
  deferred: `${row.deferred}`
})

export const refundAnswer = (row: RefundRow): Row => ({
  refund_id: row.refundId,
  payment_id: row.paymentId,
  order_id: row.orderId,
  amount: `${row.amount}`,
  source: row.source,
  state: row.state
})

export const entryAnswer = (row: EntryRow): Row => ({
  entry_id: row.entryId,
  kind: row.kind,
  currency: row.currency,
  order_id: row.orderId,
  payment_id: row.paymentId,
  memo: row.memo,
  occurred_at: row.occurredAt
})

/** Ascending by a text, byte by byte as far as ids go: they are ASCII. */
export const by =
  <R>(of: (row: R) => string) =>
  (a: R, b: R): number => {
    const [left, right] = [of(a), of(b)]
    return left < right ? -1 : left > right ? 1 : 0
  }

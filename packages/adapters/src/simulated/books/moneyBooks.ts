import type { LedgerAccount } from "@doorbuster/core/ledger/Account"
import type { Entry, EntryKind, Posting } from "@doorbuster/core/ledger/Entry"
import type { RefundSource } from "@doorbuster/core/ledger/LedgerPayment"
import type { Currency } from "@doorbuster/core/money/Currency"
import type { Minor } from "@doorbuster/core/money/Minor"
import type { OrderId } from "@doorbuster/core/order/OrderId"
import type { Payment, PaymentState, Refund, RefundState } from "@doorbuster/core/payment/Payment"
import type { Uuid } from "@doorbuster/core/Uuid"
import type { BookRows, ReceiptRow } from "../../memory/BookRows.ts"
import type * as Money from "../money/MoneyTables.ts"
import { grouped, indexed } from "./groups.ts"

const paymentOf = (row: Money.PaymentRow): Payment => ({
  paymentId: row.paymentId as Uuid,
  orderId: row.orderId as OrderId,
  provider: row.provider,
  currency: row.currency as Currency,
  amount: row.amount as Minor,
  breakdown: {
    sales: row.sales as Minor,
    discounts: row.discounts as Minor,
    shipping: row.shipping as Minor,
    tax: row.tax as Minor
  },
  epoch: row.epoch,
  state: row.state as PaymentState,
  captured: row.captured as Minor,
  unapplied: row.unapplied as Minor,
  intended: row.intended as Minor,
  refunded: row.refunded as Minor,
  unappliedRefunded: row.unappliedRefunded as Minor,
  taxRefunded: row.taxRefunded as Minor,
  deferred: row.deferred as Minor
})

const refundOf = (row: Money.RefundRow): Refund => ({
  refundId: row.refundId as Uuid,
  paymentId: row.paymentId as Uuid,
  orderId: row.orderId as OrderId,
  amount: row.amount as Minor,
  source: row.source as RefundSource,
  state: row.state as RefundState
})

const receiptOf = (row: Money.ReceiptRow): ReceiptRow => ({
  captureId: row.captureId,
  paymentId: row.paymentId as Uuid,
  amount: row.amount as Minor,
  currency: row.currency,
  applied: row.applied
})

const postingOf = ({ account, amount }: Money.PostingRow): Posting => ({
  account: account as LedgerAccount,
  amount: amount as Minor
})

const entryOf = (row: Money.EntryRow, postings: ReadonlyArray<Posting>): Entry => ({
  entryId: row.entryId,
  kind: row.kind as EntryKind,
  currency: row.currency as Currency,
  orderId: row.orderId as OrderId | null,
  paymentId: row.paymentId as Uuid | null,
  memo: row.memo,
  occurredAt: row.occurredAt,
  postings
})

const entriesOf = ({ entries, postings }: Money.MoneyTables): Map<string, Entry> => {
  const lines = grouped(
    postings.rows(),
    ({ entryId }) => entryId,
    (row) => row
  )
  return indexed(
    entries.rows(),
    ({ entryId }) => entryId,
    (row) => {
      const own = lines.get(row.entryId) ?? []
      return entryOf(row, own.sort((a, b) => a.postingNo - b.postingNo).map(postingOf))
    }
  )
}

/** Ids under which there are postings but no entry. */
export const orphans = ({ entries, postings }: Money.MoneyTables): ReadonlyArray<string> => {
  const ids = new Set<string>()
  for (const { entryId } of postings.rows()) {
    if ((entries.slot(entryId)?.committed ?? null) === null) ids.add(entryId)
  }
  return [...ids].sort()
}

/** What was committed to the schema `money`. */
export const moneyBooks = (tables: Money.MoneyTables): BookRows["money"] => {
  const payments = indexed(tables.payments.rows(), (row) => row.paymentId as Uuid, paymentOf)
  const refunds = indexed(tables.refunds.rows(), (row) => row.refundId as Uuid, refundOf)
  const entries = entriesOf(tables)
  const entriesOfOrder = new Map<OrderId, Array<string>>()
  for (const { entryId, orderId } of entries.values()) {
    if (orderId === null) continue
    const group = entriesOfOrder.get(orderId)
    if (group === undefined) entriesOfOrder.set(orderId, [entryId])
    else group.push(entryId)
  }
  return {
    payments,
    paymentsOfOrder: grouped(
      payments.values(),
      ({ orderId }) => orderId,
      ({ paymentId }) => paymentId
    ),
    receipts: indexed(tables.receipts.rows(), ({ captureId }) => captureId, receiptOf),
    refunds,
    refundsOfPayment: grouped(
      refunds.values(),
      ({ paymentId }) => paymentId,
      ({ refundId }) => refundId
    ),
    entries,
    entriesOfOrder
  }
}

import { type Entry, imbalance } from "../ledger/Entry.ts"
import {
  captureEntry,
  type RefundShares,
  recognitionEntry,
  refundEntry,
  unappliedEntry
} from "../ledger/templates.ts"
import type { Minor } from "../money/Minor.ts"
import type { Order } from "../order/Order.ts"
import { orderRefunded } from "../payment/booking.ts"
import type { Payment, Refund } from "../payment/Payment.ts"
import type { Uuid } from "../Uuid.ts"
import type { OrderBook } from "./Books.ts"
import { equal, holds, type OrderInvariant, sum, type Violation } from "./Invariant.ts"
import { isMoving, isOpen } from "./progress.ts"
import { receipts } from "./receipts.ts"

const onProvider = (name: string) => name.startsWith("assets:provider:")
const onDeferred = (name: string) => name === "liabilities:deferred_revenue"
const onUnapplied = (name: string) => name === "liabilities:unapplied_receipts"
const onTax = (name: string) => name === "liabilities:tax"

/** What an entry has on one account: debits positive. */
const on = (entry: Entry, account: (name: string) => boolean): Minor =>
  sum(
    entry.postings.filter((posting) => account(posting.account)),
    (posting) => posting.amount
  ) as Minor

/** What the ledger has on one account for one payment, in the payment's currency. */
const booked = (book: OrderBook, payment: Payment, account: (name: string) => boolean): bigint =>
  sum(
    book.entries.filter(
      (entry) => entry.paymentId === payment.paymentId && entry.currency === payment.currency
    ),
    (entry) => on(entry, account)
  )

export const balanced = (entry: Entry): ReadonlyArray<Violation> => [
  ...equal(entry.entryId, "sum of postings", imbalance(entry), 0n),
  ...holds(
    entry.postings.length >= 2,
    entry.entryId,
    `${entry.postings.length} postings`,
    "2 or more"
  )
]

const entriesBalanced: OrderInvariant = {
  name: "ledger.balanced",
  about: (book) => book.entries.length > 0,
  check: ({ entries }) => entries.flatMap(balanced)
}

const sumsBooked = (book: OrderBook, payment: Payment): ReadonlyArray<Violation> => {
  const key = payment.paymentId
  const tax = payment.state === "captured" ? payment.breakdown.tax - payment.taxRefunded : 0n
  return [
    ...equal(
      key,
      "captured - refunded",
      payment.captured - payment.refunded,
      booked(book, payment, onProvider)
    ),
    ...equal(key, "deferred", payment.deferred, -booked(book, payment, onDeferred)),
    ...equal(
      key,
      "unapplied",
      payment.unapplied - payment.unappliedRefunded,
      -booked(book, payment, onUnapplied)
    ),
    ...equal(key, "tax", tax, -booked(book, payment, onTax))
  ]
}

const idBehind = (prefix: string, entry: Entry): string =>
  entry.entryId.startsWith(prefix) ? entry.entryId.slice(prefix.length) : ""

/**
 * The entry as the templates write it. What only the moment of booking knew (how much was deferred
 * then) is taken from the entry itself: the payment's sums hold it in place.
 */
const template = (entry: Entry, payment: Payment, refunds: ReadonlyArray<Refund>) => {
  const { currency, entryId, occurredAt } = entry
  switch (entry.kind) {
    case "capture":
      return captureEntry(payment, idBehind("capture:", entry), occurredAt)
    case "unapplied": {
      const captureId = idBehind("capture:", entry)
      const { paymentId, provider } = payment
      const amount = on(entry, onProvider)
      return unappliedEntry({
        captureId,
        provider,
        currency,
        amount,
        payment,
        paymentId,
        occurredAt
      })
    }
    case "recognition": {
      const shipmentId = idBehind("recognition:", entry) as Uuid
      return recognitionEntry(
        { ...payment, deferred: on(entry, onDeferred) },
        shipmentId,
        occurredAt
      )
    }
    case "refund":
    case "unapplied_refund": {
      const refund = refunds.find(({ refundId }) => `refund:${refundId}` === entryId)
      if (refund === undefined) return null
      const [tax, deferred] = [on(entry, onTax), on(entry, onDeferred)]
      const recognised = (refund.amount - tax - deferred) as Minor
      const shares: RefundShares = { tax, deferred, recognised }
      return refundEntry(payment, refund, shares, occurredAt)
    }
    default:
      return null
  }
}

const reading = ({ currency, entryId, kind, postings }: Entry): string =>
  `${kind} ${entryId} ${currency}: ${postings.map((p) => `${p.account} ${p.amount}`).join(", ")}`

/** Every entry of the order is one that an event of its payment writes. */
const explained = ({ entries, payments, refunds }: OrderBook): ReadonlyArray<Violation> =>
  entries.flatMap((entry) => {
    const payment = payments.find(({ paymentId }) => paymentId === entry.paymentId)
    if (payment === undefined) {
      return [{ key: entry.entryId, left: `an entry of ${entry.kind}`, right: "its payment" }]
    }
    const expected = template(entry, payment, refunds)
    const right = expected === null ? "no event of its payment" : reading(expected)
    return equal(entry.entryId, "entry", reading(entry), right)
  })

/** Goods that left the house are recognised, goods that did not are deferred. */
const recognised = (book: OrderBook, payment: Payment): ReadonlyArray<Violation> => {
  const left = book.shipments.some((s) => s.state !== "requested")
  const key = payment.paymentId
  if (left) return equal(key, "deferred though shipped", payment.deferred, 0n)
  const income = book.entries.filter((entry) => entry.kind === "recognition")
  return equal(key, "recognised though not shipped", income.length, 0)
}

/** A payment is made up as its order is. */
const madeUp = (order: Order, payment: Payment): ReadonlyArray<Violation> => {
  const { discounts, sales, shipping, tax } = payment.breakdown
  const key = payment.paymentId
  const { discountTotal, includedTaxTotal, lines, shippingTotal, taxTotal, total } = order
  const includedShippingTax = includedTaxTotal - sum(lines, (line) => line.taxIncluded)
  const ordered = {
    tax: taxTotal + includedTaxTotal,
    shipping: shippingTotal - includedShippingTax
  }
  return [
    ...equal(key, "sales", sales, total - ordered.tax - ordered.shipping + discountTotal),
    ...equal(key, "discounts", discounts, discountTotal),
    ...equal(key, "shipping", shipping, ordered.shipping),
    ...equal(key, "tax of the order", tax, ordered.tax)
  ]
}

const matchesPayments: OrderInvariant = {
  name: "ledger.matches_payments",
  about: (book) =>
    [book.payments, book.entries, book.captures].some((rows) => rows.length > 0) ||
    book.order !== null,
  check: (book, context) => {
    const { order, payments } = book
    const settled = !isMoving(book, context) && !isOpen(book)
    return [
      ...payments.flatMap((payment) => sumsBooked(book, payment)),
      ...explained(book),
      ...(isMoving(book, context) ? [] : receipts(book)),
      ...(order === null ? [] : payments.flatMap((payment) => madeUp(order, payment))),
      ...(settled ? payments.flatMap((payment) => recognised(book, payment)) : []),
      ...(settled && order !== null
        ? equal(book.orderId, "refunded", order.refundedTotal, sum(payments, orderRefunded))
        : [])
    ]
  }
}

export const ledgerInvariants: ReadonlyArray<OrderInvariant> = [entriesBalanced, matchesPayments]

import { imbalance } from "../ledger/Entry.ts"
import { isPaid } from "../order/OrderState.ts"
import { orderRefunded } from "../payment/booking.ts"
import type { Payment } from "../payment/Payment.ts"
import type { OrderBook } from "./Books.ts"
import { equal, holds, type OrderInvariant, sum, type Violation } from "./Invariant.ts"
import { isMoving, isOpen } from "./orderInvariants.ts"

/** What the ledger has on one account for one payment: debits positive. */
const booked = (book: OrderBook, payment: Payment, account: (name: string) => boolean): bigint =>
  sum(
    book.entries.filter((entry) => entry.paymentId === payment.paymentId),
    (entry) =>
      sum(
        entry.postings.filter((p) => account(p.account)),
        (p) => p.amount
      )
  )

const paidOnce: OrderInvariant = {
  name: "paid.once",
  about: (book, context) => book.order !== null && !isMoving(book, context),
  check: ({ order, orderId, payments }) => {
    if (order === null) return []
    const applied = payments.filter((p) => p.state === "captured")
    if (order.state === "canceled") {
      return equal(orderId, "applied payments of a canceled order", applied.length, 0)
    }
    if (!isPaid(order.state)) return []
    const [payment] = applied
    if (order.total === 0n) return equal(orderId, "applied payments", applied.length, 0)
    return [
      ...equal(orderId, "applied payments", applied.length, 1),
      ...(payment === undefined
        ? []
        : [
            ...equal(orderId, "amount", payment.amount, order.total),
            ...equal(orderId, "captured", payment.captured - payment.unapplied, order.total),
            ...equal(orderId, "currency", payment.currency, order.currency)
          ])
    ]
  }
}

const keeps: ReadonlySet<string> = new Set(["paid", "shipped", "completed", "refunded"])

/** Every capture that the provider knows has a home here. */
const capturedOwned: OrderInvariant = {
  name: "captured.owned",
  about: (book, { captured }) =>
    captured !== null && book.payments.some((p) => captured.has(p.paymentId)),
  check: (book, context) =>
    book.payments.flatMap((payment) => {
      const captures = context.captured?.get(payment.paymentId) ?? []
      if (captures.length === 0) return []
      const key = payment.paymentId
      const taken = sum(captures, (capture) => capture.amount)
      const owned =
        isOpen(book) ||
        (book.order !== null && keeps.has(book.order.state)) ||
        payment.unapplied === payment.unappliedRefunded
      const here = `order ${book.order?.state ?? "none"}, ${payment.unapplied} unapplied`
      return [
        ...holds(owned, key, `captured at the provider: ${taken}`, here),
        ...(isOpen(book) || isMoving(book, context)
          ? []
          : equal(key, "captured here", payment.captured, taken))
      ]
    })
}

const refundBounded: OrderInvariant = {
  name: "refund.bounded",
  about: (book) => book.payments.length > 0,
  check: (book) =>
    book.payments.flatMap((payment) => {
      const key = payment.paymentId
      const own = book.refunds.filter((refund) => refund.paymentId === key)
      const done = own.filter((refund) => refund.state === "refunded")
      const asked = sum(own, (refund) => refund.amount)
      return [
        ...equal(key, "intended", payment.intended, asked),
        ...equal(
          key,
          "refunded",
          payment.refunded,
          sum(done, (refund) => refund.amount)
        ),
        ...holds(asked <= payment.captured, key, `refunds: ${asked}`, `of ${payment.captured}`)
      ]
    })
}

const entriesBalanced: OrderInvariant = {
  name: "ledger.balanced",
  about: (book) => book.entries.length > 0,
  check: ({ entries }) =>
    entries.flatMap((entry) => [
      ...equal(entry.entryId, "sum of postings", imbalance(entry), 0n),
      ...holds(
        entry.postings.length >= 2,
        entry.entryId,
        `${entry.postings.length} postings`,
        "2 or more"
      )
    ])
}

const onProvider = (name: string) => name.startsWith("assets:provider:")
const onDeferred = (name: string) => name === "liabilities:deferred_revenue"
const onUnapplied = (name: string) => name === "liabilities:unapplied_receipts"
const onTax = (name: string) => name === "liabilities:tax"

const paymentBooked = (book: OrderBook, payment: Payment): ReadonlyArray<Violation> => {
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

/** Goods that left the house are recognised, goods that did not are deferred. */
const recognised = (book: OrderBook, payment: Payment): ReadonlyArray<Violation> => {
  const left = book.shipments.some((s) => s.state !== "requested")
  const key = payment.paymentId
  if (left) return equal(key, "deferred though shipped", payment.deferred, 0n)
  const income = book.entries.filter((entry) => entry.kind === "recognition")
  return equal(key, "recognised though not shipped", income.length, 0)
}

const matchesPayments: OrderInvariant = {
  name: "ledger.matches_payments",
  about: (book) => book.payments.length > 0 || book.entries.length > 0,
  check: (book, context) => {
    const known = new Set<string>(book.payments.map((p) => p.paymentId))
    const strays = book.entries.filter((e) => e.paymentId !== null && !known.has(e.paymentId))
    const settled = isMoving(book, context) || isOpen(book) ? [] : book.payments
    const { order } = book
    return [
      ...strays
        .filter((entry) => entry.kind !== "unapplied")
        .map((entry) => ({ key: entry.entryId, left: "an entry", right: "its payment" })),
      ...book.payments.flatMap((payment) => paymentBooked(book, payment)),
      ...settled.flatMap((payment) => recognised(book, payment)),
      ...settled.flatMap((payment) =>
        order === null || payment.state !== "captured"
          ? []
          : equal(book.orderId, "refunded", order.refundedTotal, orderRefunded(payment))
      )
    ]
  }
}

export const moneyInvariants: ReadonlyArray<OrderInvariant> = [
  paidOnce,
  capturedOwned,
  refundBounded,
  entriesBalanced,
  matchesPayments
]

import type { Payment } from "../payment/Payment.ts"
import { equal, holds, type OrderInvariant, sum } from "./Invariant.ts"
import { isMoving, isOpen, wasPaid } from "./progress.ts"

const isUndecided = ({ state }: Payment): boolean => state === "created" || state === "capture_sent"

const paidOnce: OrderInvariant = {
  name: "paid.once",
  about: (book, context) => book.order !== null && !isMoving(book, context),
  check: ({ order, orderId, payments }) => {
    if (order === null) return []
    const applied = payments.filter((p) => p.state === "captured")
    const due = wasPaid(order.state) && order.total > 0n ? 1 : 0
    const isFinal = wasPaid(order.state) || order.state === "canceled"
    const undecided = payments.filter(isUndecided).length
    return [
      ...(isFinal ? equal(orderId, "applied payments", applied.length, due) : []),
      ...(isFinal ? equal(orderId, "undecided payments", undecided, 0) : []),
      ...payments.flatMap((payment) => [
        ...equal(orderId, "amount", payment.amount, order.total),
        ...equal(orderId, "currency", payment.currency, order.currency)
      ]),
      ...applied.flatMap((payment) =>
        equal(orderId, "captured", payment.captured - payment.unapplied, order.total)
      )
    ]
  }
}

/** Every capture that the provider knows has a home here, and the other way round. */
const capturedOwned: OrderInvariant = {
  name: "captured.owned",
  about: (book, { captured }) =>
    captured !== null &&
    book.payments.some((p) => p.captured > 0n || (captured.get(p.paymentId)?.length ?? 0) > 0),
  check: (book, context) => {
    // What is under way may be known to one side only.
    if (isOpen(book) || isMoving(book, context)) return []
    return book.payments.flatMap((payment) => {
      const captures = context.captured?.get(payment.paymentId) ?? []
      const own = captures.filter(({ currency }) => currency === payment.currency)
      const key = payment.paymentId
      const taken = sum(own, (capture) => capture.amount)
      const kept = payment.captured - payment.unapplied
      const owned = kept === 0n || (book.order !== null && wasPaid(book.order.state))
      const at = `captured at the provider: ${taken}`
      const { unapplied, unappliedRefunded } = payment
      const given = `unapplied: ${unapplied}, given back: ${unappliedRefunded}`
      return [
        ...holds(owned, key, at, `order ${book.order?.state ?? "none"} may keep nothing`),
        ...holds(unapplied === unappliedRefunded, key, at, given),
        ...equal(key, "captured here", payment.captured, taken)
      ]
    })
  }
}

const refundBounded: OrderInvariant = {
  name: "refund.bounded",
  about: (book) => book.payments.length > 0 || book.refunds.length > 0,
  check: ({ payments, refunds }) => {
    const known = new Set<string>(payments.map((payment) => payment.paymentId))
    const strays = refunds.filter((refund) => !known.has(refund.paymentId))
    return [
      ...strays.map(({ refundId }) => ({ key: refundId, left: "a refund", right: "its payment" })),
      ...payments.flatMap((payment) => {
        const { captured, intended, paymentId: key, unapplied, unappliedRefunded } = payment
        const own = refunds.filter((refund) => refund.paymentId === key)
        const amount = (of: (refund: (typeof own)[number]) => boolean) =>
          sum(own.filter(of), (refund) => refund.amount)
        const asked = amount(() => true)
        const loose = amount(({ source }) => source === "unapplied")
        const done = amount(({ state }) => state === "refunded")
        const looseDone = amount((r) => r.state === "refunded" && r.source === "unapplied")
        const kept = captured - unapplied
        return [
          ...equal(key, "intended", intended, asked),
          ...equal(key, "refunded", payment.refunded, done),
          ...equal(key, "unapplied refunded", unappliedRefunded, looseDone),
          ...holds(asked - loose <= kept, key, `refunds: ${asked - loose}`, `of ${kept}`),
          ...holds(loose <= unapplied, key, `unapplied refunds: ${loose}`, `of ${unapplied}`)
        ]
      })
    ]
  }
}

export const moneyInvariants: ReadonlyArray<OrderInvariant> = [
  paidOnce,
  capturedOwned,
  refundBounded
]

import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { orderLine } from "../checkout/orderSteps.ts"
import type { StockKey } from "../inventory/StockKey.ts"
import type { Order } from "../order/Order.ts"
import { initial, isPaid, next } from "../order/OrderState.ts"
import { type Quote, quoteFromText } from "../pricing/Quote.ts"
import { verifyQuote } from "../pricing/verifyQuote.ts"
import type { OrderBook } from "./Books.ts"
import { equal, holds, type OrderInvariant, sum, type Violation } from "./Invariant.ts"
import { isMoving, isOpen, wasPaid } from "./progress.ts"
import { unitsOwed } from "./unitsOwed.ts"

const path = ({ history, order, orderId }: OrderBook): ReadonlyArray<Violation> => {
  const violations: Array<Violation> = []
  let state: string | null = null
  for (const [index, event] of history.entries()) {
    violations.push(...equal(orderId, "seq", event.seq, index + 1))
    violations.push(...equal(orderId, `event ${event.seq} from`, `${event.from}`, `${state}`))
    const to =
      index === 0
        ? event.event === "Place"
          ? initial
          : undefined
        : event.from === null
          ? undefined
          : next(event.from, event.event)
    violations.push(...equal(orderId, `${event.event} leads to`, event.to, `${to}`))
    state = event.to
  }
  return [...violations, ...equal(orderId, "state", `${order?.state ?? null}`, `${state}`)]
}

/**
 * A partial refund leaves the state as it is, so that only the refunds tell whether its event is
 * there. Where two refunds raced for the rest, one event may stand for both.
 */
const partialRefunds = ({ history, order, orderId, refunds }: OrderBook) => {
  if (order === null || !isPaid(order.state)) return []
  const told = history.filter(({ event }) => event === "PartialRefund").length
  const done = refunds.filter((r) => r.source === "order" && r.state === "refunded").length
  return equal(orderId, "events of a partial refund", told, done)
}

/** `refunded` says that nothing is left; an order of which something is left has another state. */
const wholeRefund = ({ order, orderId }: OrderBook): ReadonlyArray<Violation> =>
  order?.state === "refunded" ? equal(orderId, "refunded", order.refundedTotal, order.total) : []

const legal: OrderInvariant = {
  name: "order.legal",
  about: (book) => book.order !== null || book.history.length > 0,
  check: (book, context) => [
    ...path(book),
    ...wholeRefund(book),
    ...(isOpen(book) || isMoving(book, context) ? [] : partialRefunds(book))
  ]
}

const lineFields = [
  "sku",
  "name",
  "kind",
  "quantity",
  "unitPrice",
  "subtotal",
  "discount",
  "tax",
  "taxIncluded",
  "total"
] as const

const totals = [
  "currency",
  "itemsTotal",
  "discountTotal",
  "shippingTotal",
  "taxTotal",
  "includedTaxTotal",
  "total"
] as const

/** The order says what its quote says, line by line and figure by figure. */
const asQuoted = (order: Order, quote: Quote): ReadonlyArray<Violation> => {
  const { lines, orderId } = order
  const quoted = new Map(quote.lines.map((line) => [line.lineNo, orderLine(line)]))
  return [
    ...totals.flatMap((field) => equal(orderId, field, order[field], quote[field])),
    ...equal(orderId, "lines", lines.length, quote.lines.length),
    ...lines.flatMap((line) => {
      const key = `${orderId}/${line.lineNo}`
      const expected = quoted.get(line.lineNo)
      if (expected === undefined) return [{ key, left: "a line", right: "a line of the quote" }]
      return lineFields.flatMap((field) => equal(key, field, line[field], expected[field]))
    })
  ]
}

const linesSum: OrderInvariant = {
  name: "order.lines_sum",
  about: (book) => book.order !== null,
  check: ({ order, orderId }) => {
    if (order === null) return []
    const { discountTotal, itemsTotal, lines, shippingTotal, taxTotal, total } = order
    const sums = [
      ...equal(orderId, "total", total, itemsTotal - discountTotal + taxTotal + shippingTotal),
      ...equal(
        orderId,
        "items",
        itemsTotal,
        sum(lines, (line) => line.subtotal)
      ),
      ...equal(
        orderId,
        "discount",
        discountTotal,
        sum(lines, (line) => line.discount)
      ),
      ...lines.flatMap((line) =>
        equal(
          `${orderId}/${line.lineNo}`,
          "line total",
          line.total,
          line.subtotal - line.discount + line.tax
        )
      )
    ]
    const decoded = Effect.runSyncExit(quoteFromText(order.quote))
    if (!Exit.isSuccess(decoded)) {
      return [...sums, { key: orderId, left: "the quote cannot be read", right: "a quote" }]
    }
    const proof = verifyQuote(decoded.value).map((problem) => ({
      key: orderId,
      left: problem,
      right: "the quote's own trace"
    }))
    return [...sums, ...asQuoted(order, decoded.value), ...proof]
  }
}

const paidGoods: OrderInvariant = {
  name: "paid.goods",
  about: (book, context) =>
    !isMoving(book, context) &&
    ((book.order !== null && wasPaid(book.order.state)) ||
      (!isOpen(book) && book.reservations.some((r) => r.state === "committed"))),
  check: (book) => {
    const { order } = book
    const owed =
      order !== null && wasPaid(order.state) ? unitsOwed(order) : new Map<StockKey, number>()
    const committed = new Map<StockKey, number>([...owed.keys()].map((key) => [key, 0]))
    for (const { key, quantity, state } of book.reservations) {
      if (state === "committed") committed.set(key, (committed.get(key) ?? 0) + quantity)
    }
    return [...committed].flatMap(([key, quantity]) =>
      equal(`${book.orderId}/${key}`, "committed", quantity, owed.get(key) ?? 0)
    )
  }
}

const reservationLives: OrderInvariant = {
  name: "reservation.lives",
  about: (book) => book.reservations.some((r) => r.state === "held"),
  check: (book, { at, graceMs }) => {
    const sent = book.payments.some((p) => p.state === "capture_sent" || p.state === "captured")
    return book.reservations.flatMap((r) => {
      if (r.state !== "held") return []
      const key = `${book.orderId}/${r.key}`
      // Units that nobody works for any more are stranded at once, not only when they expire.
      if (!isOpen(book) && !isMoving(book, { at, graceMs })) {
        return [{ key, left: "held", right: "an open saga that holds it" }]
      }
      const late = at - r.expiresAt - graceMs
      return holds(sent || late <= 0, key, `held ${late} ms beyond its expiry`, "expired")
    })
  }
}

const sagaEnds: OrderInvariant = {
  name: "saga.ends",
  about: (book) => book.sagas.length > 0 || book.order !== null,
  check: (book, context) => {
    const { at, graceMs } = context
    const { order, orderId, sagas } = book
    const isStranded =
      order?.state === "pending_payment" && !isOpen(book) && !isMoving(book, context)
    return [
      ...sagas
        .filter((saga) => saga.state === "open" && saga.deadlineAt + graceMs < at)
        .filter((saga) => saga.lastError === null)
        .map((saga) => ({
          key: saga.sagaId,
          left: `${saga.kind} open since ${saga.openedAt}`,
          right: `ended by ${saga.deadlineAt} or listed as stuck`
        })),
      ...holds(!isStranded, orderId, "pending_payment", "an open saga that decides")
    ]
  }
}

const acknowledged: OrderInvariant = {
  name: "acknowledged.survives",
  about: (book, { promises }) => promises?.has(book.orderId) === true,
  check: ({ order, orderId }, { promises }) => {
    const promise = promises?.get(orderId)
    if (promise === undefined) return []
    const told = promise.lines.map((l) => `${l.quantity} ${l.sku}`).join(", ")
    const kept = (order?.lines ?? []).map((l) => `${l.quantity} ${l.sku}`).join(", ")
    return [
      ...equal(orderId, "total", `${order?.total}`, `${promise.total}`),
      ...equal(orderId, "lines", kept, told)
    ]
  }
}

export const orderInvariants: ReadonlyArray<OrderInvariant> = [
  reservationLives,
  legal,
  linesSum,
  paidGoods,
  acknowledged,
  sagaEnds
]

import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type { Sku } from "../catalog/Sku.ts"
import { ofSku, type StockKey } from "../inventory/StockKey.ts"
import { initial, isPaid, next } from "../order/OrderState.ts"
import { quoteFromText } from "../pricing/Quote.ts"
import { verifyQuote } from "../pricing/verifyQuote.ts"
import type { OrderBook } from "./Books.ts"
import {
  type AuditContext,
  equal,
  holds,
  type OrderInvariant,
  sum,
  type Violation
} from "./Invariant.ts"

/** A saga is at work on it, or was a moment ago: its schemas may be out of step. */
export const isMoving = (book: OrderBook, { at, graceMs }: AuditContext): boolean =>
  graceMs > 0 &&
  (book.sagas.some((saga) => saga.state === "open" || (saga.closedAt ?? 0) > at - graceMs) ||
    book.history.some((event) => event.at > at - graceMs))

export const isOpen = (book: OrderBook): boolean => book.sagas.some((saga) => saga.state === "open")

const legal: OrderInvariant = {
  name: "order.legal",
  about: (book) => book.order !== null || book.history.length > 0,
  check: ({ history, order, orderId }) => {
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
}

const linesSum: OrderInvariant = {
  name: "order.lines_sum",
  about: (book) => book.order !== null,
  check: ({ order, orderId }) => {
    if (order === null) return []
    const decoded = Effect.runSyncExit(quoteFromText(order.quote))
    if (!Exit.isSuccess(decoded)) {
      return [{ key: orderId, left: "the quote cannot be read", right: "a quote" }]
    }
    const quote = decoded.value
    const { discountTotal, itemsTotal, lines, shippingTotal, taxTotal, total } = order
    return [
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
      ),
      ...equal(orderId, "lines", lines.length, quote.lines.length),
      ...lines.flatMap((line, index) => {
        const quoted = quote.lines[index]
        const key = `${orderId}/${line.lineNo}`
        return [
          ...equal(key, "sku", line.sku, `${quoted?.sku}`),
          ...equal(key, "quantity", line.quantity, quoted?.quantity ?? 0),
          ...equal(key, "line total", line.total, quoted?.total ?? 0n)
        ]
      }),
      ...equal(orderId, "total", total, quote.total),
      ...verifyQuote(quote).map((problem) => ({
        key: orderId,
        left: problem,
        right: "the quote's own trace"
      }))
    ]
  }
}

/** Units of the order's stocked lines, per key. */
const unitsOrdered = (book: OrderBook): ReadonlyMap<StockKey, number> => {
  const units = new Map<StockKey, number>()
  for (const line of book.order?.lines ?? []) {
    if (line.kind !== "stocked") continue
    const key = ofSku(line.sku as Sku)
    units.set(key, (units.get(key) ?? 0) + line.quantity)
  }
  return units
}

const paidGoods: OrderInvariant = {
  name: "paid.goods",
  about: (book, context) =>
    book.order !== null && isPaid(book.order.state) && !isMoving(book, context),
  check: (book) => {
    const committed = new Map<StockKey, number>()
    for (const { key, quantity, state } of book.reservations) {
      if (state === "committed") committed.set(key, (committed.get(key) ?? 0) + quantity)
    }
    return [...unitsOrdered(book)].flatMap(([key, units]) =>
      equal(`${book.orderId}/${key}`, "committed", committed.get(key) ?? 0, units)
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
      if (!isOpen(book) && !isMoving(book, { at, graceMs, captured: null, promises: null })) {
        return [{ key, left: "held", right: "an open saga that holds it" }]
      }
      const late = at - r.expiresAt - graceMs
      return holds(sent || late <= 0, key, `held ${late} ms beyond its expiry`, "expired")
    })
  }
}

const sagaEnds: OrderInvariant = {
  name: "saga.ends",
  about: (book) => book.sagas.length > 0,
  check: (book, { at, graceMs }) =>
    book.sagas
      .filter((saga) => saga.state === "open" && saga.deadlineAt + graceMs < at)
      .filter((saga) => saga.lastError === null)
      .map((saga) => ({
        key: saga.sagaId,
        left: `${saga.kind} open since ${saga.openedAt}`,
        right: `ended by ${saga.deadlineAt} or listed as stuck`
      }))
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

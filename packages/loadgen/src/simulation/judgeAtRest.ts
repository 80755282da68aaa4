import { booksOf } from "@doorbuster/adapters/simulated/BooksSimulated"
import { audit } from "@doorbuster/core/audit/audit"
import { Books, type OrderBook } from "@doorbuster/core/audit/Books"
import { wasPaid } from "@doorbuster/core/audit/progress"
import type { Sku } from "@doorbuster/core/catalog/Sku"
import { isAllowance, ofSku, type StockKey } from "@doorbuster/core/inventory/StockKey"
import type { OrderId } from "@doorbuster/core/order/OrderId"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { World } from "./World.ts"

/** What the provider kept of an order's money must be what the order says. */
const judgeMoney = ({ provider, stage }: World, book: OrderBook): void => {
  const { order, orderId, payments } = book
  const ids = new Set(payments.map(({ paymentId }) => paymentId))
  const captured = provider.captures.filter(({ paymentId }) => ids.has(paymentId))
  const taken = captured.reduce((sum, { amount }) => sum + amount, 0n)
  const given = payments.reduce((sum, { paymentId }) => sum + provider.refundedOf(paymentId), 0n)
  const isKept = order !== null && wasPaid(order.state)
  const due = isKept ? order.total - order.refundedTotal : 0n
  stage.judge.equal("provider.kept", orderId, "captured - refunded", taken - given, due)
}

/** What an order was sold of each key, over all segments that it was taken from. */
const soldUnits = ({ reservations }: OrderBook) => {
  const sold = new Map<StockKey, { quantity: number; returned: number }>()
  for (const { key, quantity, returned, state } of reservations) {
    if (state !== "committed" || isAllowance(key)) continue
    const units = sold.get(key) ?? { quantity: 0, returned: 0 }
    sold.set(key, { quantity: units.quantity + quantity, returned: units.returned + returned })
  }
  return sold
}

/** Goods that came back with a refund are on sale again, as many as there were. */
const judgeRestock = ({ staff, stage }: World, book: OrderBook): void => {
  const { orderId } = book
  const sold = soldUnits(book)
  for (const wish of staff.restocked.get(orderId) ?? []) {
    for (const [key, { quantity, returned }] of sold) {
      const asked =
        wish === "all" ? quantity : (wish.find(({ sku }) => ofSku(sku) === key)?.quantity ?? 0)
      const due = Math.min(asked, quantity)
      if (returned >= due) continue
      stage.judge.find(
        "told.restocked",
        `${orderId}/${key}`,
        `${returned} on sale again, not ${due}`
      )
    }
  }
}

/** What a buyer or the staff was told of an order is still true. */
const judgeTold = (world: World, { order, orderId }: OrderBook): void => {
  const { book, shop, staff, stage } = world
  const { judge } = stage
  const purchase = book.orders.get(orderId)
  if (order === null) return
  if (purchase?.isCancelTold && order.state !== "canceled" && order.state !== "refunded") {
    judge.find("told.canceled", orderId, `the cancellation was taken; the order is ${order.state}`)
  }
  if (staff.shipped.has(orderId) && !["completed", "refunded"].includes(order.state)) {
    judge.find("told.shipped", orderId, `the parcel was shipped; the order is ${order.state}`)
  }
  const refunded = staff.refunded.get(orderId) ?? 0n
  if (refunded > order.refundedTotal) {
    const detail = `told ${refunded}, the order says ${order.refundedTotal}`
    judge.find("told.refunded", orderId, detail)
  }
  if (purchase === undefined || purchase.told === null) return
  for (const { sku, unitPrice } of order.lines) {
    const prices = shop.pricesBetween(sku as Sku, purchase.sentAt, purchase.told.at)
    if (prices.includes(unitPrice)) continue
    const detail = `${unitPrice} for ${sku}, whose price was ${prices.join(" or ")}`
    judge.find("told.shop_price", orderId, detail)
  }
}

/** Orders of buyers who were told, for certain, that there is none. */
const judgeUntold = ({ book, stage }: World, orders: ReadonlyMap<OrderId, OrderBook>): void => {
  const certain = new Map(
    book.purchases
      .filter((purchase) => purchase.told === null && !purchase.isUncertain)
      .map(({ request }) => [`${request.account} ${request.key}`, request])
  )
  if (stage.scenario.rates.request_duplicated > 0 || stage.scenario.rates.answer_lost > 0) return
  for (const { order, orderId, sagas } of orders.values()) {
    if (order === null) continue
    for (const { account, key, kind } of sagas) {
      if (kind !== "checkout" || key === null || !certain.has(`${account} ${key}`)) continue
      if (order.state === "canceled") continue
      stage.judge.find("told.refused", orderId, `${key} was refused and is ${order.state}`)
    }
  }
}

/** An order is there because somebody asked for it, and under one key there is one. */
const judgeAsked = ({ book, stage }: World, orders: ReadonlyMap<OrderId, OrderBook>): void => {
  const asked = new Set(book.purchases.map(({ request }) => `${request.account} ${request.key}`))
  const placed = new Map<string, OrderId>()
  for (const { order, orderId, sagas } of orders.values()) {
    const checkout = sagas.find(({ kind }) => kind === "checkout")
    if (order === null || checkout === undefined) continue
    const name = `${checkout.account} ${checkout.key}`
    const other = placed.get(name)
    placed.set(name, orderId)
    if (!asked.has(name)) stage.judge.find("order.asked_for", orderId, `nobody has sent ${name}`)
    if (other !== undefined) stage.judge.find("order.asked_for", orderId, `${name} has ${other}`)
  }
}

/** The judge knows the books, the provider's own book, and what buyers and staff were told. */
export const judgeAtRest = Effect.fnUntraced(function* (world: World) {
  const { book, provider, stage, tables } = world
  const { judge } = stage
  const books = booksOf(tables, () => stage.clock.nowMs)
  const report = yield* Effect.provideService(
    audit({ graceMs: 0, captures: provider.captures, acknowledged: book.acknowledged }),
    Books,
    books
  )
  for (const { name, violations } of report.invariants) {
    for (const { key, left, right } of violations) judge.find(name, key, `${left} | ${right}`)
  }
  const orders = new Map<OrderId, OrderBook>()
  yield* Stream.runForEach(books.orders, (found) =>
    Effect.sync(() => {
      orders.set(found.orderId, found)
      judgeMoney(world, found)
      judgeTold(world, found)
      judgeRestock(world, found)
    })
  )
  judgeUntold(world, orders)
  judgeAsked(world, orders)
})

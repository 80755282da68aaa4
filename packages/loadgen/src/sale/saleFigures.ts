import { Books } from "@doorbuster/core/audit/Books"
import type { Acknowledged } from "@doorbuster/core/audit/Invariant"
import type { Sku } from "@doorbuster/core/catalog/Sku"
import { Inventory } from "@doorbuster/core/inventory/Inventory"
import { ofSku } from "@doorbuster/core/inventory/StockKey"
import type { OrderId } from "@doorbuster/core/order/OrderId"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { Answer, Buyer } from "./Buyer.ts"

/** What the store's books say about one thing that was on sale. */
export interface SaleFigures {
  readonly received: number
  /** Units held for orders that are still to be paid. */
  readonly reserved: number
  readonly sold: number
  /** Reservations that were given up again, by whatever attempt at an order. */
  readonly released: number
  readonly paidOrders: ReadonlySet<OrderId>
  readonly paidUnits: number
  /** Orders by state, canceled ones included. */
  readonly states: Readonly<Record<string, number>>
}

const givenUp: ReadonlySet<string> = new Set(["released", "expired"])
const paidStates: ReadonlySet<string> = new Set(["paid", "shipped", "completed"])

export const saleFigures = Effect.fnUntraced(function* (sku: Sku) {
  const books = yield* Books
  const inventory = yield* Inventory
  const paidOrders = new Set<OrderId>()
  const states: Record<string, number> = {}
  let [paidUnits, released] = [0, 0]
  const key = ofSku(sku)
  yield* Stream.runForEach(books.orders, ({ order, reservations }) =>
    Effect.sync(() => {
      released += reservations.filter((it) => it.key === key && givenUp.has(it.state)).length
      const units = (order?.lines ?? []).reduce(
        (sum, line) => (line.sku === sku ? sum + line.quantity : sum),
        0
      )
      if (order === null || units === 0) return
      states[order.state] = (states[order.state] ?? 0) + 1
      if (!paidStates.has(order.state)) return
      paidOrders.add(order.orderId)
      paidUnits += units
    })
  )
  const stock = { received: 0, reserved: 0, sold: 0 }
  for (const { received, reserved, sold } of yield* inventory.levels([key])) {
    stock.received += received
    stock.reserved += reserved
    stock.sold += sold
  }
  const figures: SaleFigures = { ...stock, released, paidOrders, paidUnits, states }
  return figures
})

/** What winners were promised, as the audit asks for it. */
export const promisesOf = (
  answers: ReadonlyMap<Buyer, Answer>,
  sku: Sku
): ReadonlyArray<Acknowledged> =>
  [...answers.values()].flatMap((answer) =>
    answer._tag === "Won"
      ? [{ orderId: answer.orderId, total: answer.total, lines: [{ sku, quantity: 1 }] }]
      : []
  )

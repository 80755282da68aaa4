import { Quantity } from "@doorbuster/core/catalog/Quantity"
import { Sku } from "@doorbuster/core/catalog/Sku"
import { SoldOut } from "@doorbuster/core/checkout/errors"
import { Currency } from "@doorbuster/core/money/Currency"
import { OrderQueue, type QueueEntry } from "@doorbuster/core/queue/OrderQueue"
import type { PlacedAnswer, QueueAnswer } from "@doorbuster/core/queue/QueueAnswer"
import type { QueuedOrder } from "@doorbuster/core/queue/QueuedOrder"
import type { Uuid } from "@doorbuster/core/Uuid"
import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { freshAccount, freshName } from "../fresh.ts"

export const roomy = 1_000_000
/** Faster than any test. */
export const atOnce = 1_000_000
const many = 1_000

export const order = (
  account: QueuedOrder["account"],
  units: Readonly<Record<string, number>>,
  more: Partial<QueuedOrder> = {}
): QueuedOrder => ({
  account,
  key: "key",
  fingerprint: "body",
  currency: Currency.make("EUR"),
  lines: Object.entries(units).map(([sku, quantity]) => ({
    sku: Sku.make(sku),
    quantity: Quantity.make(quantity)
  })),
  coupons: [],
  shippingMethod: null,
  shipTo: null,
  expectedTotal: null,
  externalRef: null,
  occurredAt: null,
  emptiesCart: null,
  ...more
})

export const freshOrder = (units: Readonly<Record<string, number>> = { LAMP: 1 }) =>
  Effect.map(freshAccount, (account) => order(account, units))

export const freshOrders = (count: number, units?: Readonly<Record<string, number>>) =>
  Effect.forEach(Array.from({ length: count }), () => freshOrder(units))

export const freshConsumer = freshName("consumer")
export const freshSku = Effect.map(freshName("sku"), (name) => Sku.make(name.slice(0, 40)))

export const placed = (id: string): PlacedAnswer => ({
  _tag: "Placed",
  status: 201,
  body: JSON.stringify({ order_id: id })
})

export const soldOut = (sku = Sku.make("LAMP")): QueueAnswer => ({
  _tag: "Refused",
  error: new SoldOut({ sku, requested: 1, available: 0 })
})

/** Joins in the given order and answers with the tickets. */
export const joined = Effect.fnUntraced(function* (orders: ReadonlyArray<QueuedOrder>) {
  const queue = yield* OrderQueue
  const outcomes = yield* queue.join(orders, roomy)
  return outcomes.map((outcome) => {
    assert.strictEqual(outcome._tag, "Waiting")
    return (outcome as { readonly ticket: Uuid }).ticket
  })
})

export const taken = (consumer: string, limit: number) =>
  OrderQueue.use((queue) => queue.take({ consumer, limit, perSecond: atOnce }))

export const settled = (
  entries: ReadonlyArray<QueueEntry>,
  answer: QueueAnswer = soldOut(),
  dead = false
) => OrderQueue.use((queue) => queue.settle(entries.map((entry) => ({ ...entry, answer, dead }))))

/** Nobody is in line and nothing is handed out. */
export const emptied = Effect.gen(function* () {
  const queue = yield* OrderQueue
  const consumer = yield* freshConsumer
  for (let left = 1; left > 0; left = (yield* queue.counts).waiting) {
    yield* settled(yield* taken(consumer, many))
  }
  yield* settled(yield* queue.claim(consumer, 0, many))
  assert.include(yield* queue.counts, { waiting: 0, taken: 0 })
})

export const positions = (tickets: ReadonlyArray<Uuid>) =>
  Effect.map(
    OrderQueue.use((queue) => queue.find(tickets)),
    (states) => states.map((state) => (state?._tag === "Waiting" ? state.position : null))
  )

export const answers = (tickets: ReadonlyArray<Uuid>) =>
  Effect.map(
    OrderQueue.use((queue) => queue.find(tickets)),
    (states) => states.map((state) => (state?._tag === "Answered" ? state.answer : null))
  )

/** What has to be there. */
export const the = <A>(value: A | undefined): A => {
  assert.isDefined(value)
  return value as A
}

export const ticketsOf = (entries: ReadonlyArray<QueueEntry>) => entries.map(({ ticket }) => ticket)

/** A worker at a line in memory, in virtual time. */
import { layer as portsLayer } from "@doorbuster/adapters/memory/memoryLayer"
import { layer as queueLayer } from "@doorbuster/adapters/memory/OrderQueueMemory"
import type { Carts } from "@doorbuster/core/cart/Carts"
import { Quantity } from "@doorbuster/core/catalog/Quantity"
import { Sku } from "@doorbuster/core/catalog/Sku"
import { Checkout, type PlaceOrder } from "@doorbuster/core/checkout/Checkout"
import type { CheckoutError } from "@doorbuster/core/checkout/errors"
import { Inventory } from "@doorbuster/core/inventory/Inventory"
import { ofSku } from "@doorbuster/core/inventory/StockKey"
import { Currency } from "@doorbuster/core/money/Currency"
import type { AccountId } from "@doorbuster/core/order/OrderId"
import { OrderQueue } from "@doorbuster/core/queue/OrderQueue"
import { type QueuedOrder, ticketOf } from "@doorbuster/core/queue/QueuedOrder"
import { QueueSettings } from "@doorbuster/core/queue/QueueSettings"
import * as QueueWorker from "@doorbuster/core/queue/QueueWorker"
import { StorageError } from "@doorbuster/core/StorageError"
import type { Told } from "@doorbuster/core/saga/SagaContext"
import { namedUuid } from "@doorbuster/core/Uuid"
import { it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import type * as Scope from "effect/Scope"
import { TestClock } from "effect/testing"

export const lamp = Sku.make("LAMP")

export const order = (name: string, sku = lamp, more: Partial<QueuedOrder> = {}): QueuedOrder => ({
  account: name as AccountId,
  key: name,
  fingerprint: name,
  currency: Currency.make("EUR"),
  lines: [{ sku, quantity: Quantity.make(1) }],
  coupons: [],
  shippingMethod: null,
  shipTo: null,
  expectedTotal: null,
  externalRef: null,
  occurredAt: null,
  emptiesCart: null,
  ...more
})

export const orders = (count: number) =>
  Array.from({ length: count }, (_, i) => order(`buyer-${i}`))

export const told = ({ key }: PlaceOrder, replayed = false): Told => ({
  answer: { status: 201, body: JSON.stringify({ order_id: key }) },
  replayed
})

export const away = new StorageError({
  operation: "checkout",
  reason: "unavailable",
  detail: "away"
})

export type Place = (request: PlaceOrder) => Effect.Effect<Told, CheckoutError>

/** A worker over this checkout; the scope's end is its end. */
export const working = (place: Place, settings: Partial<QueueSettings> = {}) =>
  Effect.gen(function* () {
    const usual = yield* QueueSettings
    yield* Layer.build(
      QueueWorker.layer.pipe(
        Layer.provide(
          Layer.succeed(Checkout, Checkout.of({ place, cancel: () => Effect.die("no") }))
        ),
        Layer.provide(Layer.succeed(QueueSettings, { ...usual, drainMs: 0, ...settings }))
      )
    )
  })

export const joined = (all: ReadonlyArray<QueuedOrder>) =>
  OrderQueue.use((queue) => queue.join(all, 1_000_000))

/** What each ticket says: the order, a refusal's tag, or nothing yet. */
export const said = Effect.fnUntraced(function* (all: ReadonlyArray<QueuedOrder>) {
  const queue = yield* OrderQueue
  const states = yield* queue.find(all.map(ticketOf))
  return states.map((state) => {
    if (state?._tag !== "Answered") return null
    return state.answer._tag === "Placed" ? "Placed" : state.answer.error._tag
  })
})

/** In small steps, so that whoever wakes up has done its work before the next one does. */
export const elapsed = (ms: number) =>
  Effect.forEach(Array.from({ length: ms / 50 }), () => TestClock.adjust("50 millis"), {
    discard: true
  })

/** Somebody takes the next order, and is never heard of again. */
export const takenByTheDead = OrderQueue.use((queue) =>
  queue.take({ consumer: "dead", limit: 1, perSecond: 1_000_000 })
)

export const place: Place = (request) => Effect.succeed(told(request))

const silence = Logger.layer([])
const world = Layer.mergeAll(queueLayer, portsLayer, silence)

export const test = <E>(
  promise: string,
  kept: Effect.Effect<void, E, OrderQueue | Inventory | Carts | Scope.Scope>
) => it.effect(promise, () => Effect.provide(kept, Layer.fresh(world), { local: true }))

export const mug = Sku.make("MUG")

export const delivered = (sku: Sku, quantity: number) =>
  Inventory.use(({ move }) =>
    move([
      {
        movementId: namedUuid(`delivery of ${quantity} ${sku}`),
        key: ofSku(sku),
        quantity,
        kind: "receipt",
        reason: "delivery",
        occurredAt: 0
      }
    ])
  )

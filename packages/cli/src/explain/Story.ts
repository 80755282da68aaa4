import { Inventory, type Reservation } from "@doorbuster/core/inventory/Inventory"
import {
  ofCoupon,
  ofCouponAndAccount,
  ofLimit,
  ofSku,
  type StockKey
} from "@doorbuster/core/inventory/StockKey"
import type { Order, OrderHistoryEvent, Shipment } from "@doorbuster/core/order/Order"
import type { OrderId } from "@doorbuster/core/order/OrderId"
import { Orders } from "@doorbuster/core/order/Orders"
import type { SagaRecord } from "@doorbuster/core/order/SagaRecord"
import { Sagas } from "@doorbuster/core/order/Sagas"
import { type MoneyOfOrder, Payments } from "@doorbuster/core/payment/Payments"
import { quoteFromText } from "@doorbuster/core/pricing/Quote"
import { UnknownOrder } from "@doorbuster/core/saga/errors"
import * as Effect from "effect/Effect"
import { type RecordedTimes, recordedTimes } from "./recordedTimes.ts"

/** Everything that any schema knows of one order. */
export interface Story {
  readonly orderId: OrderId
  /** Null for an attempt that made no order. */
  readonly order: Order | null
  readonly history: ReadonlyArray<OrderHistoryEvent>
  readonly shipments: ReadonlyArray<Shipment>
  readonly sagas: ReadonlyArray<SagaRecord>
  readonly reservations: ReadonlyArray<Reservation>
  readonly money: MoneyOfOrder
  readonly times: RecordedTimes
}

const sagasMax = 10_000

/** What the order may have taken: units, coupon uses, and what purchase limits count. */
const keysOf = Effect.fnUntraced(function* ({ account, quote: text }: Order) {
  const quote = yield* Effect.orDie(quoteFromText(text))
  return new Set<StockKey>([
    ...quote.lines.filter((line) => line.kind === "stocked").map((line) => ofSku(line.sku)),
    ...quote.couponsUsed.flatMap(({ code }) => [ofCoupon(code), ofCouponAndAccount(code, account)]),
    ...quote.limits.map(({ sku }) => ofLimit(sku, account))
  ])
})

export const storyOf = Effect.fnUntraced(function* (orderId: OrderId) {
  const orders = yield* Orders
  const sagas = yield* (yield* Sagas).list({ orderId, limit: sagasMax })
  const order = (yield* orders.find(orderId)) ?? null
  if (order === null && sagas.length === 0) return yield* new UnknownOrder({ orderId })
  const keys = order === null ? [] : [...(yield* keysOf(order))]
  const story: Story = {
    orderId,
    order,
    history: yield* orders.history(orderId, 0),
    shipments: yield* orders.shipments(orderId),
    sagas,
    reservations: keys.length === 0 ? [] : yield* (yield* Inventory).reservations(orderId, keys),
    money: yield* (yield* Payments).ofOrder(orderId),
    times: yield* recordedTimes(orderId)
  }
  return story
})

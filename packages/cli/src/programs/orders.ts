import { orderView as orderWire } from "@doorbuster/adapters/http/wire/OrderView"
import type { Order } from "@doorbuster/core/order/Order"
import type { AccountId, OrderId } from "@doorbuster/core/order/OrderId"
import type { OrderState } from "@doorbuster/core/order/OrderState"
import { Orders } from "@doorbuster/core/order/Orders"
import { UnknownOrder } from "@doorbuster/core/saga/errors"
import * as Effect from "effect/Effect"
import { storyOf } from "../explain/Story.ts"
import { timeLine } from "../explain/timeLine.ts"
import { ports } from "../layers.ts"
import type { Program } from "../Program.ts"
import { explainView, momentJson } from "../views/explainView.ts"
import { orderJson, orderListView, orderView } from "../views/orderView.ts"

/** Fails where there is no such order. */
export const orderOf = Effect.fnUntraced(function* (id: string) {
  const orderId = id as OrderId
  const order = yield* (yield* Orders).find(orderId)
  return order ?? (yield* new UnknownOrder({ orderId }))
})

export const showOrder =
  (id: string): Program =>
  (configuration) =>
    Effect.gen(function* () {
      const order = yield* orderOf(id)
      const shipments = yield* (yield* Orders).shipments(order.orderId)
      return { json: orderJson(order, shipments), text: orderView(order, shipments) }
    }).pipe(Effect.provide(ports(configuration)))

export interface ListOptions {
  readonly account: string | undefined
  readonly externalRef: string | undefined
  readonly state: string | undefined
  readonly limit: number
}

export const listOrders =
  ({ account, externalRef, limit, state }: ListOptions): Program =>
  (configuration) =>
    Effect.gen(function* () {
      const orders: ReadonlyArray<Order> = yield* (yield* Orders).list({
        limit,
        ...(account !== undefined && { account: account as AccountId }),
        ...(externalRef !== undefined && { externalRef }),
        ...(state !== undefined && { state: state as OrderState })
      })
      return { json: { orders: orders.map(orderWire) }, text: orderListView(orders) }
    }).pipe(Effect.provide(ports(configuration)))

export const explainOrder =
  (id: string): Program =>
  (configuration) =>
    Effect.gen(function* () {
      const story = yield* storyOf(id as OrderId)
      const moments = timeLine(story)
      const { order, orderId } = story
      const json = {
        order_id: orderId,
        order: order === null ? null : orderWire(order),
        timeline: moments.map(momentJson)
      }
      return { json, text: explainView(story, moments) }
    }).pipe(Effect.provide(ports(configuration)))

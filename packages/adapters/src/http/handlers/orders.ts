import { Checkout } from "@doorbuster/core/checkout/Checkout"
import type { OrderId } from "@doorbuster/core/order/OrderId"
import { Orders } from "@doorbuster/core/order/Orders"
import { UnknownOrder } from "@doorbuster/core/saga/errors"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { Api } from "../Api.ts"
import { Draining } from "../Draining.ts"
import { HttpApiBuilder, HttpServerResponse } from "../effectHttp.ts"
import { Caller } from "../identity/Caller.ts"
import { EventSettings, lastSeen, orderEvents } from "../OrderEvents.ts"
import { orderView, shipmentView } from "../wire/OrderView.ts"
import { page, pageDefault } from "../wire/Page.ts"

export const layer = HttpApiBuilder.group(
  Api,
  "orders",
  Effect.fnUntraced(function* (handlers) {
    const checkout = yield* Checkout
    const orders = yield* Orders
    const draining = yield* Draining
    const settings = yield* EventSettings

    /** That another buyer has such an order is nobody's business. */
    const visible = Effect.fnUntraced(function* (orderId: OrderId) {
      const caller = yield* Caller
      const order = yield* orders.find(orderId)
      if (order === undefined || (!caller.staff && order.account !== caller.account)) {
        return yield* new UnknownOrder({ orderId })
      }
      return order
    })

    return handlers
      .handle(
        "list",
        Effect.fnUntraced(function* ({ query: { before, external_ref, limit = pageDefault } }) {
          const { account, staff } = yield* Caller
          const found = yield* orders.list({
            ...(!staff && { account }),
            ...(external_ref !== undefined && { externalRef: external_ref }),
            ...(before !== undefined && { before }),
            limit: limit + 1
          })
          const { entries, next } = page(found, limit, ({ orderId }) => orderId)
          return { orders: entries.map(orderView), next }
        })
      )
      .handle("find", ({ params }) => Effect.map(visible(params.id), orderView))
      .handle(
        "events",
        Effect.fnUntraced(function* ({ headers, params }) {
          const order = yield* visible(params.id)
          const after = lastSeen(headers["last-event-id"])
          const events = orderEvents(orders, order, after, settings)
          return HttpServerResponse.stream(Stream.interruptWhen(events, draining.wait), {
            contentType: "text/event-stream",
            headers: { "cache-control": "no-store", "x-accel-buffering": "no" }
          })
        })
      )
      .handle(
        "shipments",
        Effect.fnUntraced(function* ({ params }) {
          const { orderId } = yield* visible(params.id)
          return { shipments: (yield* orders.shipments(orderId)).map(shipmentView) }
        })
      )
      .handle(
        "cancel",
        Effect.fnUntraced(function* ({ params }) {
          const { account, staff } = yield* Caller
          yield* checkout.cancel(params.id, staff ? null : account)
          return { order_id: params.id, cancel_requested: true as const }
        })
      )
  })
)

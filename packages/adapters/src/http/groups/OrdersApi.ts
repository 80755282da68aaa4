import { OrderId } from "@doorbuster/core/order/OrderId"
import * as Schema from "effect/Schema"
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "../effectHttp.ts"
import { Authenticated } from "../identity/Caller.ts"
import { problems, schemasOf } from "../problem/problems.ts"
import { OrderView, ShipmentView } from "../wire/OrderView.ts"
import { Limit } from "../wire/Page.ts"
import { Reference } from "../wire/Text.ts"

const params = { id: OrderId }
const error = schemasOf(problems.order)

/** The caller's own orders; staff sees all of them. Another buyer's order is not found. */
export const OrdersApi = HttpApiGroup.make("orders")
  .add(
    HttpApiEndpoint.get("list", "/orders", {
      query: {
        external_ref: Schema.optionalKey(Reference),
        before: Schema.optionalKey(OrderId),
        limit: Schema.optionalKey(Limit)
      },
      success: Schema.Struct({
        orders: Schema.Array(OrderView),
        /** Send it as `before` for the next page; null on the last one. */
        next: Schema.NullOr(Schema.String)
      })
    }).annotate(OpenApi.Description, "The caller's orders, newest first."),
    HttpApiEndpoint.get("find", "/orders/:id", { params, success: OrderView, error }).annotate(
      OpenApi.Description,
      "One order."
    ),
    HttpApiEndpoint.get("events", "/orders/:id/events", {
      params,
      headers: { "last-event-id": Schema.optionalKey(Schema.String) },
      success: Schema.String.pipe(HttpApiSchema.asText({ contentType: "text/event-stream" })),
      error
    }).annotate(
      OpenApi.Description,
      "Server-sent events: the history so far, then each step as it happens, until the order is " +
        "`completed`, `canceled` or `refunded`. The event's id is its `seq`, its name the event, " +
        "its data `{seq, event, from, to, at}`; `Last-Event-ID` skips what was seen."
    ),
    HttpApiEndpoint.get("shipments", "/orders/:id/shipments", {
      params,
      success: Schema.Struct({ shipments: Schema.Array(ShipmentView) }),
      error
    }).annotate(OpenApi.Description, "An order's shipments."),
    HttpApiEndpoint.post("cancel", "/orders/:id/cancel", {
      params,
      success: Schema.Struct({
        order_id: Schema.String,
        cancel_requested: Schema.Literal(true)
      }).pipe(HttpApiSchema.status(202)),
      error: schemasOf(problems.cancel)
    }).annotate(
      OpenApi.Description,
      "Asks for it: before the capture was sent nothing is charged, after it all is refunded."
    )
  )
  .middleware(Authenticated)

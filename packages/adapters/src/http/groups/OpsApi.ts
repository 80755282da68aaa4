import { Sku } from "@doorbuster/core/catalog/Sku"
import { OrderId } from "@doorbuster/core/order/OrderId"
import * as Schema from "effect/Schema"
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "../effectHttp.ts"
import { keyed } from "../idempotency/IdempotencyKey.ts"
import { Staff } from "../identity/Caller.ts"
import { problems, schemasOf } from "../problem/problems.ts"
import {
  DeliverBody,
  DeliveredView,
  EntryView,
  JournalBody,
  MovementBody,
  MovementView,
  RefundBody,
  RefundedView,
  ShipBody,
  ShippedView,
  StockView
} from "../wire/OpsBodies.ts"
import { Limit } from "../wire/Page.ts"

const params = { id: OrderId }

/** What staff does; every write carries an Idempotency-Key. */
export const OpsApi = HttpApiGroup.make("ops")
  .add(
    HttpApiEndpoint.get("stock", "/ops/stock", {
      query: {
        sku: Schema.optionalKey(Sku),
        after: Schema.optionalKey(Sku),
        limit: Schema.optionalKey(Limit)
      },
      success: Schema.Struct({
        stock: Schema.Array(StockView),
        next: Schema.NullOr(Schema.String)
      })
    }).annotate(OpenApi.Description, "One SKU, or page by page the stock of all listed products."),
    HttpApiEndpoint.post("moveStock", "/ops/stock", {
      headers: keyed,
      payload: MovementBody,
      success: MovementView.pipe(HttpApiSchema.status(201)),
      error: schemasOf(problems.movement)
    }).annotate(
      OpenApi.Description,
      "Moves stock without an order: a receipt, an adjustment, a write-off."
    ),
    HttpApiEndpoint.post("ship", "/ops/orders/:id/ship", {
      params,
      headers: keyed,
      payload: ShipBody,
      success: ShippedView,
      error: schemasOf(problems.shipment)
    }).annotate(OpenApi.Description, "The goods left the house: revenue is recognised."),
    HttpApiEndpoint.post("deliver", "/ops/orders/:id/deliver", {
      params,
      headers: keyed,
      payload: DeliverBody,
      success: DeliveredView,
      error: schemasOf(problems.shipment)
    }).annotate(OpenApi.Description, "The goods arrived: the order is completed."),
    HttpApiEndpoint.post("refund", "/ops/orders/:id/refund", {
      params,
      headers: keyed,
      payload: RefundBody,
      success: RefundedView,
      error: schemasOf(problems.refund)
    }).annotate(
      OpenApi.Description,
      "Gives money back, all that is left or a part, with or without putting units on sale again."
    ),
    HttpApiEndpoint.post("journal", "/ops/journal", {
      headers: keyed,
      payload: JournalBody,
      success: EntryView.pipe(HttpApiSchema.status(201)),
      error: schemasOf(problems.journal)
    }).annotate(OpenApi.Description, "Entries that belong to no payment.")
  )
  .middleware(Staff)

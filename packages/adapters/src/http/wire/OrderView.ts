/** An order as buyers, staff and event streams see it. */
import type { Order, OrderHistoryEvent, OrderLine, Shipment } from "@doorbuster/core/order/Order"
import { OrderEvent, OrderState } from "@doorbuster/core/order/OrderState"
import * as Schema from "effect/Schema"
import { Amount, amount } from "./Amount.ts"
import { iso } from "./Timestamp.ts"

const OrderLineView = Schema.Struct({
  line_no: Schema.Int,
  sku: Schema.String,
  name: Schema.String,
  kind: Schema.Literals(["stocked", "service"]),
  quantity: Schema.Int,
  unit_price: Amount,
  subtotal: Amount,
  discount: Amount,
  /** Added on top of the price. */
  tax: Amount,
  /** Contained in the price. */
  included_tax: Amount,
  total: Amount
})

export const OrderView = Schema.Struct({
  order_id: Schema.String,
  account: Schema.String,
  external_ref: Schema.NullOr(Schema.String),
  state: OrderState,
  currency: Schema.String,
  lines: Schema.Array(OrderLineView),
  items_total: Amount,
  discount_total: Amount,
  shipping_total: Amount,
  tax_total: Amount,
  included_tax_total: Amount,
  /** items_total - discount_total + shipping_total + tax_total. */
  total: Amount,
  refunded_total: Amount,
  ship_to: Schema.Json,
  occurred_at: Schema.String
})
export type OrderView = typeof OrderView.Type

const lineView = (line: OrderLine): OrderView["lines"][number] => ({
  line_no: line.lineNo,
  sku: line.sku,
  name: line.name,
  kind: line.kind,
  quantity: line.quantity,
  unit_price: amount(line.unitPrice),
  subtotal: amount(line.subtotal),
  discount: amount(line.discount),
  tax: amount(line.tax),
  included_tax: amount(line.taxIncluded),
  total: amount(line.total)
})

export const orderView = (order: Order): OrderView => ({
  order_id: order.orderId,
  account: order.account,
  external_ref: order.externalRef,
  state: order.state,
  currency: order.currency,
  lines: order.lines.map(lineView),
  items_total: amount(order.itemsTotal),
  discount_total: amount(order.discountTotal),
  shipping_total: amount(order.shippingTotal),
  tax_total: amount(order.taxTotal),
  included_tax_total: amount(order.includedTaxTotal),
  total: amount(order.total),
  refunded_total: amount(order.refundedTotal),
  ship_to: order.shipTo === null ? null : JSON.parse(order.shipTo),
  occurred_at: iso(order.occurredAt)
})

/** One step of an order's history. */
export const OrderEventView = Schema.Struct({
  seq: Schema.Int,
  event: OrderEvent,
  from: Schema.NullOr(OrderState),
  to: OrderState,
  at: Schema.String
})
export type OrderEventView = typeof OrderEventView.Type

export const orderEventView = (event: OrderHistoryEvent): OrderEventView => ({
  seq: event.seq,
  event: event.event,
  from: event.from,
  to: event.to,
  at: iso(event.at)
})

const isoOrNull = (epochMs: number | null) => (epochMs === null ? null : iso(epochMs))

export const ShipmentView = Schema.Struct({
  shipment_id: Schema.String,
  order_id: Schema.String,
  state: Schema.Literals(["requested", "shipped", "delivered"]),
  carrier: Schema.NullOr(Schema.String),
  tracking: Schema.NullOr(Schema.String),
  requested_at: Schema.String,
  shipped_at: Schema.NullOr(Schema.String),
  delivered_at: Schema.NullOr(Schema.String)
})

export const shipmentView = (shipment: Shipment): typeof ShipmentView.Type => ({
  shipment_id: shipment.shipmentId,
  order_id: shipment.orderId,
  state: shipment.state,
  carrier: shipment.carrier,
  tracking: shipment.tracking,
  requested_at: iso(shipment.requestedAt),
  shipped_at: isoOrNull(shipment.shippedAt),
  delivered_at: isoOrNull(shipment.deliveredAt)
})

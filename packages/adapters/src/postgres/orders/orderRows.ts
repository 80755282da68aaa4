import type { Currency } from "@doorbuster/core/money/Currency"
import type { Minor } from "@doorbuster/core/money/Minor"
import type {
  Order,
  OrderHistoryEvent,
  OrderLine,
  Shipment,
  ShipmentState
} from "@doorbuster/core/order/Order"
import type { AccountId, OrderId } from "@doorbuster/core/order/OrderId"
import type { OrderEvent, OrderState } from "@doorbuster/core/order/OrderState"
import type { Uuid } from "@doorbuster/core/Uuid"
import { amount, integer, nullable, type Row, text } from "../rows.ts"

const minor = (row: Row, column: string): Minor => amount(row, column) as Minor

export const lineOf = (row: Row): OrderLine => ({
  lineNo: integer(row, "line_no"),
  sku: text(row, "sku"),
  name: text(row, "name"),
  kind: text(row, "kind") as OrderLine["kind"],
  quantity: integer(row, "quantity"),
  unitPrice: minor(row, "unit_price"),
  subtotal: minor(row, "subtotal"),
  discount: minor(row, "discount"),
  tax: minor(row, "tax"),
  taxIncluded: minor(row, "tax_included"),
  total: minor(row, "total")
})

export const orderOf = (row: Row, lines: ReadonlyArray<OrderLine>): Order => ({
  orderId: text(row, "order_id") as OrderId,
  account: text(row, "account") as AccountId,
  externalRef: nullable(text, row, "external_ref"),
  currency: text(row, "currency") as Currency,
  state: text(row, "state") as OrderState,
  itemsTotal: minor(row, "items_total"),
  discountTotal: minor(row, "discount_total"),
  shippingTotal: minor(row, "shipping_total"),
  taxTotal: minor(row, "tax_total"),
  includedTaxTotal: minor(row, "included_tax_total"),
  total: minor(row, "total"),
  refundedTotal: minor(row, "refunded_total"),
  lines,
  quote: text(row, "quote"),
  shipTo: nullable(text, row, "ship_to"),
  occurredAt: integer(row, "occurred_at")
})

export const historyEventOf = (row: Row): OrderHistoryEvent => ({
  seq: integer(row, "seq"),
  event: text(row, "event") as OrderEvent,
  from: nullable(text, row, "from_state") as OrderState | null,
  to: text(row, "to_state") as OrderState,
  sagaId: text(row, "saga_id") as Uuid,
  at: integer(row, "at")
})

export const shipmentOf = (row: Row): Shipment => ({
  shipmentId: text(row, "shipment_id") as Uuid,
  orderId: text(row, "order_id") as OrderId,
  state: text(row, "state") as ShipmentState,
  carrier: nullable(text, row, "carrier"),
  tracking: nullable(text, row, "tracking"),
  requestedAt: integer(row, "requested_at"),
  shippedAt: nullable(integer, row, "shipped_at"),
  deliveredAt: nullable(integer, row, "delivered_at")
})

/** The rows of each order, in the order they came. */
export const byOrder = <A>(
  rows: ReadonlyArray<Row>,
  read: (row: Row) => A
): ReadonlyMap<OrderId, ReadonlyArray<A>> => {
  const groups = new Map<OrderId, Array<A>>()
  for (const row of rows) {
    const orderId = text(row, "order_id") as OrderId
    const group = groups.get(orderId)
    if (group === undefined) groups.set(orderId, [read(row)])
    else group.push(read(row))
  }
  return groups
}

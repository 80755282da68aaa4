import type { Statement } from "../../postgres/Database.ts"
import * as statements from "../../postgres/orders/orderStatements.ts"
import * as sagaStatements from "../../postgres/orders/sagaStatements.ts"
import type { Row } from "../../postgres/rows.ts"
import type { Handler } from "../Execution.ts"
import { asInteger, asUuid, texts, uuids } from "../parameters.ts"
import type { OrdersTables } from "./OrdersTables.ts"
import type { LineRow, OrderRow } from "./rows.ts"
import { sagaAnswer } from "./sagaAnswer.ts"

/** `orderColumns` as the driver answers them. */
export const orderAnswer = (row: OrderRow): Row => ({
  order_id: row.orderId,
  account: row.account,
  external_ref: row.externalRef,
  currency: row.currency,
  state: row.state,
  items_total: `${row.itemsTotal}`,
  discount_total: `${row.discountTotal}`,
  shipping_total: `${row.shippingTotal}`,
  tax_total: `${row.taxTotal}`,
  included_tax_total: `${row.includedTaxTotal}`,
  total: `${row.total}`,
  refunded_total: `${row.refundedTotal}`,
  quote: row.quote,
  ship_to: row.shipTo,
  occurred_at: row.occurredAt
})

const lineAnswer = (row: LineRow): Row => ({
  order_id: row.orderId,
  line_no: row.lineNo,
  sku: row.sku,
  name: row.name,
  kind: row.kind,
  quantity: row.quantity,
  unit_price: `${row.unitPrice}`,
  subtotal: `${row.subtotal}`,
  discount: `${row.discount}`,
  tax: `${row.tax}`,
  tax_included: `${row.taxIncluded}`,
  total: `${row.total}`
})

const find =
  ({ orders }: OrdersTables): Handler =>
  (on, [orderId]) => {
    const row = on.read(orders, asUuid(orderId))
    return row === undefined ? [] : [orderAnswer(row)]
  }

const lines =
  ({ lines: table }: OrdersTables): Handler =>
  (on, [ids]) =>
    [...new Set(uuids(ids))].sort().flatMap((orderId) =>
      on
        .find(table, "of_order", orderId)
        .sort((a, b) => a.lineNo - b.lineNo)
        .map(lineAnswer)
    )

const byExternalRefs =
  ({ orders }: OrdersTables): Handler =>
  (on, [references]) =>
    [...new Set(texts(references))]
      .flatMap((reference) => on.find(orders, "orders_of_reference", reference))
      .sort((a, b) => (a.orderId < b.orderId ? -1 : 1))
      .map((row) => ({ external_ref: row.externalRef, order_id: row.orderId }))

const history =
  ({ events }: OrdersTables): Handler =>
  (on, [orderId, afterSeq]) => {
    const after = asInteger(afterSeq)
    return on
      .find(events, "of_order", asUuid(orderId))
      .filter(({ seq }) => seq > after)
      .sort((a, b) => a.seq - b.seq)
      .map((row) => ({
        seq: row.seq,
        event: row.event,
        from_state: row.fromState,
        to_state: row.toState,
        saga_id: row.sagaId,
        at: row.at
      }))
  }

const shipments =
  ({ shipments: table }: OrdersTables): Handler =>
  (on, [orderId]) =>
    on
      .find(table, "of_order", asUuid(orderId))
      .sort((a, b) => (a.shipmentId < b.shipmentId ? -1 : 1))
      .map((row) => ({
        order_id: row.orderId,
        shipment_id: row.shipmentId,
        state: row.state,
        carrier: row.carrier,
        tracking: row.tracking,
        requested_at: row.requestedAt,
        shipped_at: row.shippedAt,
        delivered_at: row.deliveredAt
      }))

const findSaga =
  ({ sagas }: OrdersTables): Handler =>
  (on, [sagaId]) => {
    const row = on.read(sagas, asUuid(sagaId))
    return row === undefined ? [] : [sagaAnswer(row)]
  }

/** Orders, their lines, history and shipments, and sagas, as they are. */
export const readingStatements = (
  tables: OrdersTables
): ReadonlyArray<readonly [Statement, Handler]> => [
  [statements.find, find(tables)],
  [statements.lines, lines(tables)],
  [statements.byExternalRefs, byExternalRefs(tables)],
  [statements.history, history(tables)],
  [statements.shipments, shipments(tables)],
  [sagaStatements.find, findSaga(tables)]
]

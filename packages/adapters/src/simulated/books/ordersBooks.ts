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
import type { SagaKind, SagaRecord, SagaState } from "@doorbuster/core/order/SagaRecord"
import type { Uuid } from "@doorbuster/core/Uuid"
import type { BookRows } from "../../memory/BookRows.ts"
import { claimName } from "../../memory/closeSaga.ts"
import type { OrdersTables } from "../orders/OrdersTables.ts"
import type { EventRow, KeyRow, LineRow, OrderRow, SagaRow, ShipmentRow } from "../orders/rows.ts"
import { grouped, indexed } from "./groups.ts"

const lineOf = (row: LineRow): OrderLine => ({
  lineNo: row.lineNo,
  sku: row.sku,
  name: row.name,
  kind: row.kind as OrderLine["kind"],
  quantity: row.quantity,
  unitPrice: row.unitPrice as Minor,
  subtotal: row.subtotal as Minor,
  discount: row.discount as Minor,
  tax: row.tax as Minor,
  taxIncluded: row.taxIncluded as Minor,
  total: row.total as Minor
})

const orderOf = (row: OrderRow, lines: ReadonlyArray<OrderLine>): Order => ({
  orderId: row.orderId as OrderId,
  account: row.account as AccountId,
  externalRef: row.externalRef,
  currency: row.currency as Currency,
  state: row.state as OrderState,
  itemsTotal: row.itemsTotal as Minor,
  discountTotal: row.discountTotal as Minor,
  shippingTotal: row.shippingTotal as Minor,
  taxTotal: row.taxTotal as Minor,
  includedTaxTotal: row.includedTaxTotal as Minor,
  total: row.total as Minor,
  refundedTotal: row.refundedTotal as Minor,
  lines,
  quote: row.quote,
  shipTo: row.shipTo,
  occurredAt: row.occurredAt
})

const historyEventOf = (row: EventRow): OrderHistoryEvent => ({
  seq: row.seq,
  event: row.event as OrderEvent,
  from: row.fromState as OrderState | null,
  to: row.toState as OrderState,
  sagaId: row.sagaId as Uuid,
  at: row.at
})

const shipmentOf = (row: ShipmentRow): Shipment => ({
  ...row,
  shipmentId: row.shipmentId as Uuid,
  orderId: row.orderId as OrderId,
  state: row.state as ShipmentState
})

const sagaOf = (row: SagaRow): SagaRecord => ({
  ...row,
  sagaId: row.sagaId as Uuid,
  kind: row.kind as SagaKind,
  orderId: row.orderId as OrderId,
  account: row.account as AccountId,
  state: row.state as SagaState,
  payload: row.payload ?? ""
})

const claimOf = ({ body, sagaId, status }: KeyRow) => ({
  sagaId: sagaId as Uuid,
  answer: body === null || status === null ? null : { status, body }
})

const orderIdOf = ({ orderId }: { readonly orderId: string }) => orderId as OrderId

/** What was committed to the schema `orders`. */
export const ordersBooks = (tables: OrdersTables): BookRows["orders"] => {
  const lines = grouped(tables.lines.rows(), orderIdOf, lineOf)
  const history = grouped(tables.events.rows(), orderIdOf, historyEventOf)
  for (const group of lines.values()) group.sort((a, b) => a.lineNo - b.lineNo)
  for (const group of history.values()) group.sort((a, b) => a.seq - b.seq)
  return {
    orders: indexed(tables.orders.rows(), orderIdOf, (row) =>
      orderOf(row, lines.get(orderIdOf(row)) ?? [])
    ),
    history,
    shipments: grouped(tables.shipments.rows(), orderIdOf, shipmentOf),
    sagas: indexed(tables.sagas.rows(), ({ sagaId }) => sagaId as Uuid, sagaOf),
    claims: indexed(
      tables.keys.rows(),
      ({ account, key }) => claimName(account as AccountId, key),
      claimOf
    ),
    leases: indexed(
      tables.workers.rows(),
      ({ worker }) => worker,
      ({ leaseUntil }) => leaseUntil
    )
  }
}

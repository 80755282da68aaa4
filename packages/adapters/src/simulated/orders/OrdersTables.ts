import { Table } from "../Table.ts"
import {
  eventCheck,
  keyCheck,
  lineCheck,
  orderCheck,
  sagaCheck,
  shipmentCheck
} from "./constraints.ts"
import {
  type EventRow,
  joined,
  type KeyRow,
  type LineRow,
  type OrderRow,
  type SagaRow,
  type ShipmentRow,
  type WorkerRow
} from "./rows.ts"

/** The tables of the schema `orders`; `orders.transitions` is in the rows' checks. */
export interface OrdersTables {
  readonly orders: Table<OrderRow>
  readonly lines: Table<LineRow>
  readonly events: Table<EventRow>
  readonly shipments: Table<ShipmentRow>
  readonly sagas: Table<SagaRow>
  readonly keys: Table<KeyRow>
  readonly workers: Table<WorkerRow>
}

/** What belongs to one order is found by the leading column of its primary key. */
const ofOrder = {
  name: "of_order",
  unique: false,
  of: (row: { readonly orderId: string }) => row.orderId
}

const makeOrders = () =>
  new Table<OrderRow>({
    name: "orders",
    key: (row) => row.orderId,
    indexes: [
      {
        name: "one_order_per_external_ref",
        unique: true,
        of: ({ account, externalRef }) =>
          externalRef === null ? null : joined(externalRef, account)
      },
      { name: "orders_of_reference", unique: false, of: (row) => row.externalRef },
      { name: "orders_of_account", unique: false, of: (row) => row.account }
    ],
    check: orderCheck
  })

const makeEvents = () =>
  new Table<EventRow>({
    name: "order_events",
    key: (row) => joined(row.orderId, row.seq),
    indexes: [ofOrder],
    check: eventCheck
  })

const makeSagas = () =>
  new Table<SagaRow>({
    name: "sagas",
    key: (row) => row.sagaId,
    indexes: [
      {
        name: "open_sagas",
        unique: false,
        of: (row) => (row.state === "open" ? "open" : null)
      },
      ofOrder
    ],
    check: sagaCheck
  })

export const makeOrdersTables = (): OrdersTables => ({
  orders: makeOrders(),
  lines: new Table<LineRow>({
    name: "order_lines",
    key: (row) => joined(row.orderId, row.lineNo),
    indexes: [ofOrder],
    check: lineCheck
  }),
  events: makeEvents(),
  shipments: new Table<ShipmentRow>({
    name: "shipments",
    key: (row) => joined(row.orderId, row.shipmentId),
    indexes: [ofOrder],
    check: shipmentCheck
  }),
  sagas: makeSagas(),
  keys: new Table<KeyRow>({
    name: "idempotency_keys",
    key: (row) => joined(row.account, row.key),
    check: keyCheck
  }),
  workers: new Table<WorkerRow>({ name: "workers", key: (row) => row.worker })
})

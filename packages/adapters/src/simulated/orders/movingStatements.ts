import type { Statement } from "../../postgres/Database.ts"
import * as statements from "../../postgres/orders/orderStatements.ts"
import type { Doing, Execution, Handler } from "../Execution.ts"
import { amounts, integers, nullableTexts, texts, times, uuids } from "../parameters.ts"
import type { Table } from "../Table.ts"
import { closing } from "./closingStatements.ts"
import { judgeEvent, judgeMove } from "./constraints.ts"
import { any, lockInOrder, Matches } from "./Matches.ts"
import type { OrdersTables } from "./OrdersTables.ts"
import type { EventRow, OrderRow, ShipmentRow } from "./rows.ts"
import { unnest } from "./unnest.ts"

const lock = ({ orders }: OrdersTables): Handler =>
  function* (on, [ids]) {
    const rows = yield* lockInOrder(on, orders, uuids(ids))
    return rows.map((row) => ({
      order_id: row.orderId,
      state: row.state,
      saga_epoch: row.sagaEpoch,
      last_seq: row.lastSeq,
      refunded_total: `${row.refundedTotal}`
    }))
  }

const done =
  ({ events }: OrdersTables): Handler =>
  (on, [orderIds, sagaIds]) =>
    unnest(uuids(orderIds), uuids(sagaIds)).flatMap(([orderId, sagaId]) =>
      on
        .find(events, "of_order", orderId)
        .filter((row) => row.sagaId === sagaId)
        .map(({ event }) => ({ order_id: orderId, saga_id: sagaId, event }))
    )

/** The parameters $1 to $9: the rows to change and the events to tell. */
const moves = (on: Execution, { events, orders }: OrdersTables, p: ReadonlyArray<unknown>) => {
  const [ids, states, seqs, ats] = [uuids(p[0]), texts(p[1]), integers(p[3]), times(p[5])]
  const moved = new Matches<OrderRow>(on)
  const before = new Map<string, OrderRow>()
  for (const [orderId, state, refundedTotal, lastSeq, sagaEpoch] of unnest(
    ids,
    states,
    amounts(p[2]),
    seqs,
    integers(p[4])
  )) {
    const change = { state, refundedTotal, lastSeq, sagaEpoch }
    moved.add(orders.slot(orderId), any, (row) => {
      before.set(orderId, row)
      return { ...row, ...change }
    })
  }
  const told = unnest(ids, seqs, texts(p[6]), nullableTexts(p[7]), states, uuids(p[8]), ats).map(
    ([orderId, seq, event, fromState, toState, sagaId, at]): EventRow => {
      return { orderId, seq, event, fromState, toState, sagaId, at }
    }
  )
  return function* (): Doing<void> {
    for (const event of told) yield* on.insert(events, event)
    const rows = yield* moved.update()
    for (const event of told) judgeEvent(event)
    for (const row of rows) judgeMove(row, before.get(row.orderId) ?? null)
  }
}

/** The order's shipments in this state, each to be changed. */
const addShipments = (
  on: Execution,
  shipments: Table<ShipmentRow>,
  matches: Matches<ShipmentRow>,
  from: { readonly orderId: string; readonly state: string },
  change: (row: ShipmentRow) => ShipmentRow
): void => {
  const isMeant = (row: ShipmentRow) => row.state === from.state
  for (const slot of on.slots(shipments, "of_order", from.orderId, isMeant)) {
    matches.add(slot, isMeant, change)
  }
}

export const requestedShipment = (
  orderId: string,
  shipmentId: string,
  requestedAt: number
): ShipmentRow => ({
  orderId,
  shipmentId,
  state: "requested",
  carrier: null,
  tracking: null,
  requestedAt,
  shippedAt: null,
  deliveredAt: null
})

/** The parameters $10 to $18: shipments requested, shipped and delivered. */
const shipping = (on: Execution, { shipments }: OrdersTables, p: ReadonlyArray<unknown>) => {
  const requested = unnest(uuids(p[9]), uuids(p[10]), times(p[11]))
  const shipped = new Matches<ShipmentRow>(on)
  for (const [orderId, carrier, tracking, shippedAt] of unnest(
    uuids(p[12]),
    nullableTexts(p[13]),
    nullableTexts(p[14]),
    times(p[15])
  )) {
    const change = { state: "shipped", carrier, tracking, shippedAt }
    const from = { orderId, state: "requested" }
    addShipments(on, shipments, shipped, from, (row) => ({ ...row, ...change }))
  }
  const delivered = new Matches<ShipmentRow>(on)
  for (const [orderId, deliveredAt] of unnest(uuids(p[16]), times(p[17]))) {
    const change = { state: "delivered", deliveredAt }
    const from = { orderId, state: "shipped" }
    addShipments(on, shipments, delivered, from, (row) => ({ ...row, ...change }))
  }
  return function* (): Doing<void> {
    yield* delivered.update()
    yield* shipped.update()
    for (const [orderId, shipmentId, requestedAt] of requested) {
      yield* on.insert(shipments, requestedShipment(orderId, shipmentId, requestedAt))
    }
  }
}

/** All CTEs find their rows in one snapshot; nothing refers to them, so the last one runs first. */
const move = (tables: OrdersTables): Handler =>
  function* (on, p) {
    const moveOrders = moves(on, tables, p)
    const ship = shipping(on, tables, p)
    const close = closing(on, tables, p.slice(18))
    yield* close()
    yield* ship()
    yield* moveOrders()
    return [{}]
  }

/** How orders go from state to state. */
export const movingStatements = (
  tables: OrdersTables
): ReadonlyArray<readonly [Statement, Handler]> => [
  [statements.lock, lock(tables)],
  [statements.done, done(tables)],
  [statements.move, move(tables)]
]

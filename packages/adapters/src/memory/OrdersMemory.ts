import { minor } from "@doorbuster/core/money/Minor"
import type { Order, OrderHistoryEvent, Shipment } from "@doorbuster/core/order/Order"
import type { OrderId } from "@doorbuster/core/order/OrderId"
import { initial, next } from "@doorbuster/core/order/OrderState"
import {
  type CreateOrder,
  type CreateOrderOutcome,
  type Move,
  type MoveOutcome,
  type OrderQuery,
  Orders
} from "@doorbuster/core/order/Orders"
import type { Uuid } from "@doorbuster/core/Uuid"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { closeSaga, storeAnswer } from "./closeSaga.ts"
import { MemoryStore, type OrdersTables } from "./MemoryStore.ts"

const isSuperseded = (tables: OrdersTables, sagaId: Uuid, epoch: number): boolean =>
  epoch < (tables.sagas.get(sagaId)?.epoch ?? 0)

const create = (tables: OrdersTables, request: CreateOrder): CreateOrderOutcome => {
  const { answer, at, epoch, order } = request
  const { account, externalRef, orderId } = order
  if (isSuperseded(tables, orderId, epoch)) return { _tag: "Superseded" }
  const before = tables.orders.get(orderId)
  if (before !== undefined) return { _tag: "Created", state: before.state }
  if (externalRef !== null) {
    const accounts = tables.references.get(externalRef) ?? new Map()
    const taken: OrderId | undefined = accounts.get(account)
    if (taken !== undefined) return { _tag: "ExternalRefTaken", orderId: taken }
    tables.references.set(externalRef, accounts.set(account, orderId))
  }
  tables.orders.set(orderId, { ...order, state: initial, refundedTotal: minor(0n) })
  tables.history.set(orderId, [
    { seq: 1, event: "Place", from: null, to: initial, sagaId: orderId, at }
  ])
  storeAnswer(tables, tables.sagas.get(orderId), answer)
  return { _tag: "Created", state: initial }
}

const shipped = (shipment: Shipment, { at, shipment: change }: Move): Shipment => {
  if (change?.to === "shipped") {
    const { carrier, tracking } = change
    return { ...shipment, state: "shipped", carrier, tracking, shippedAt: at }
  }
  return change?.to === "delivered"
    ? { ...shipment, state: "delivered", deliveredAt: at }
    : shipment
}

const moveShipments = (tables: OrdersTables, move: Move): void => {
  const { at, orderId, shipment } = move
  const before = tables.shipments.get(orderId) ?? []
  const after = before.map((row) => shipped(row, move))
  if (shipment?.to === "requested") {
    const { shipmentId } = shipment
    after.push({
      shipmentId,
      orderId,
      state: "requested",
      carrier: null,
      tracking: null,
      requestedAt: at,
      shippedAt: null,
      deliveredAt: null
    })
  }
  tables.shipments.set(orderId, after)
}

const move = (tables: OrdersTables, request: Move): MoveOutcome => {
  const { at, epoch, event, orderId, sagaId } = request
  if (isSuperseded(tables, sagaId, epoch)) return { _tag: "Superseded" }
  const order = tables.orders.get(orderId)
  if (order === undefined) return { _tag: "UnknownOrder" }
  const saga = tables.sagas.get(sagaId)
  const cancelRequested = saga?.cancelRequested ?? false
  const history = tables.history.get(orderId) ?? []
  if (history.some((past) => past.sagaId === sagaId && past.event === event)) {
    return { _tag: "Moved", state: order.state, cancelRequested }
  }
  const to = next(order.state, event)
  if (to === undefined) return { _tag: "Illegal", from: order.state }
  const seq = history.length + 1
  tables.history.set(orderId, [...history, { seq, event, from: order.state, to, sagaId, at }])
  const asked = request.refundedTotal ?? order.refundedTotal
  const refundedTotal = asked > order.refundedTotal ? asked : order.refundedTotal
  tables.orders.set(orderId, { ...order, state: to, refundedTotal })
  if (request.shipment !== undefined) moveShipments(tables, request)
  if (request.close !== undefined && saga !== undefined && !cancelRequested) {
    closeSaga(tables, saga, { as: "done", at, error: null, answer: request.close.answer })
  }
  return { _tag: "Moved", state: to, cancelRequested }
}

/** Ids are time-ordered, so the newest order has the highest. */
const list = (tables: OrdersTables, query: OrderQuery): ReadonlyArray<Order> =>
  [...tables.orders.values()]
    .filter(
      (order) =>
        (query.account === undefined || order.account === query.account) &&
        (query.externalRef === undefined || order.externalRef === query.externalRef) &&
        (query.state === undefined || order.state === query.state) &&
        (query.before === undefined || order.orderId < query.before)
    )
    .sort((a, b) => (a.orderId < b.orderId ? 1 : -1))
    .slice(0, query.limit)

const byExternalRefs = (tables: OrdersTables, refs: ReadonlyArray<string>) => {
  const found = new Map<string, OrderId>()
  for (const ref of refs) {
    for (const orderId of tables.references.get(ref)?.values() ?? []) found.set(ref, orderId)
  }
  return found
}

/** Orders in memory: each method is one synchronous turn of the event loop. */
export const layer: Layer.Layer<Orders, never, MemoryStore> = Layer.effect(
  Orders,
  Effect.gen(function* () {
    const { orders: tables } = yield* MemoryStore
    return Orders.of({
      create: (batch) => Effect.sync(() => batch.map((item) => create(tables, item))),
      move: (batch) => Effect.sync(() => batch.map((item) => move(tables, item))),
      find: (orderId) => Effect.sync(() => tables.orders.get(orderId)),
      list: (query) => Effect.sync(() => list(tables, query)),
      byExternalRefs: (refs) => Effect.sync(() => byExternalRefs(tables, refs)),
      history: (orderId, afterSeq) =>
        Effect.sync(
          (): ReadonlyArray<OrderHistoryEvent> =>
            (tables.history.get(orderId) ?? []).filter(({ seq }) => seq > afterSeq)
        ),
      shipments: (orderId) => Effect.sync(() => tables.shipments.get(orderId) ?? [])
    })
  })
)

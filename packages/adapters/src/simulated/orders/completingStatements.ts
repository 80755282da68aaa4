import type { Statement } from "../../postgres/Database.ts"
import * as statements from "../../postgres/orders/orderStatements.ts"
import type { Handler } from "../Execution.ts"
import { integers, times, uuids } from "../parameters.ts"
import { judgeMove } from "./constraints.ts"
import { any, Matches } from "./Matches.ts"
import { requestedShipment } from "./movingStatements.ts"
import type { OrdersTables } from "./OrdersTables.ts"
import type { SagaRow } from "./rows.ts"
import { unnest } from "./unnest.ts"

/**
 * The main query reads `closed`, which runs first; then come the CTEs that nothing refers to, the
 * last one first.
 */
const complete = ({ events, orders, sagas, shipments }: OrdersTables): Handler =>
  function* (on, [ids, epochs, ats, shipmentIds]) {
    const asked = unnest(uuids(ids), integers(epochs), times(ats), uuids(shipmentIds))
    const closed = new Matches<SagaRow>(on)
    for (const [orderId, epoch, closedAt] of asked) {
      const order = on.read(orders, orderId)
      if (order?.state !== "pending_payment" || order.lastSeq !== 1) continue
      if (order.sagaEpoch > epoch) continue
      const isMeant = (row: SagaRow) =>
        row.state === "open" && !row.cancelRequested && row.epoch <= epoch
      const end = { state: "done", epoch, closedAt, lastError: null, owner: null, payload: null }
      closed.add(sagas.slot(orderId), isMeant, (row) => ({ ...row, ...end }))
    }
    const done = new Set((yield* closed.update()).map(({ sagaId }) => sagaId))
    const ended = asked.filter(([orderId]) => done.has(orderId))
    for (const [orderId, , requestedAt, shipmentId] of ended) {
      yield* on.insert(shipments, requestedShipment(orderId, shipmentId, requestedAt))
    }
    for (const [orderId, , at] of ended) {
      const states = { fromState: "pending_payment", toState: "paid" }
      yield* on.insert(events, {
        orderId,
        seq: 2,
        event: "Capture",
        sagaId: orderId,
        at,
        ...states
      })
    }
    for (const [orderId, sagaEpoch] of ended) {
      const slot = orders.slot(orderId)
      if (slot === undefined) continue
      const before = on.newest(slot)
      const row = yield* on.update(slot, any, (order) => {
        return { ...order, state: "paid", lastSeq: 2, sagaEpoch }
      })
      if (row !== undefined) judgeMove(row, before)
    }
    return ended.map(([orderId]) => ({ order_id: orderId }))
  }

/** How checkouts end. */
export const completingStatements = (
  tables: OrdersTables
): ReadonlyArray<readonly [Statement, Handler]> => [[statements.complete, complete(tables)]]

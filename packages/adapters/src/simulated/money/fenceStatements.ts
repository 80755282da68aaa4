/** Fences: the epoch below which nobody may write for an order any more. */
import type { Statement } from "../../postgres/Database.ts"
import * as statements from "../../postgres/money/paymentStatements.ts"
import type { Handler } from "../Execution.ts"
import { integers, uuids } from "../parameters.ts"
import { by } from "./answers.ts"
import type { FenceRow, MoneyTables } from "./MoneyTables.ts"
import { lockSorted, slotsOfOrders } from "./paymentStatements.ts"

/** The highest epoch asked for of each order, by ascending order id. */
const highest = (orders: unknown, epochs: unknown): ReadonlyArray<FenceRow> => {
  const epochOf = integers(epochs)
  const found = new Map<string, number>()
  uuids(orders).forEach((orderId, i) => {
    found.set(orderId, Math.max(found.get(orderId) ?? 0, epochOf[i] as number))
  })
  return [...found]
    .map(([orderId, epoch]) => ({ orderId, epoch }))
    .sort(by(({ orderId }) => orderId))
}

const fences =
  (tables: MoneyTables): Handler =>
  (on, [orders]) =>
    [...new Set(uuids(orders))].flatMap((orderId) => {
      const fence = on.read(tables.fences, orderId)
      return fence === undefined ? [] : [{ order_id: orderId, saga_epoch: fence.epoch }]
    })

const raiseFences = (tables: MoneyTables): Handler =>
  function* (on, [orders, epochs]) {
    for (const fence of highest(orders, epochs)) {
      yield* on.upsert(
        tables.fences,
        fence,
        () => fence,
        ({ epoch }) => epoch < fence.epoch
      )
    }
    return []
  }

const lockForFence = (tables: MoneyTables): Handler =>
  function* (on, [orders]) {
    const rows = yield* lockSorted(on, slotsOfOrders(on, tables, orders))
    return rows.map(({ paymentId }) => ({ payment_id: paymentId }))
  }

/** Behind `lockForFence`: it waits only for payments that were written since. */
const raisePayments = (tables: MoneyTables): Handler =>
  function* (on, [orders, epochs]) {
    const found = highest(orders, epochs).flatMap(({ epoch, orderId }) =>
      on
        .slots(tables.payments, "payments_of_order", orderId, (row) => row.epoch < epoch)
        .map((slot) => [slot, epoch] as const)
    )
    for (const [slot, epoch] of found) {
      yield* on.update(
        slot,
        (row) => row.epoch < epoch,
        (row) => ({ ...row, epoch, updatedAt: on.now })
      )
    }
    return []
  }

export const fenceHandlers = (
  tables: MoneyTables
): ReadonlyArray<readonly [Statement, Handler]> => [
  [statements.fences, fences(tables)],
  [statements.raiseFences, raiseFences(tables)],
  [statements.lockForFence, lockForFence(tables)],
  [statements.raisePayments, raisePayments(tables)]
]

/** Refunds, and the receipts of what may go back. */
import type { Statement } from "../../postgres/Database.ts"
import * as statements from "../../postgres/money/paymentStatements.ts"
import type { Handler } from "../Execution.ts"
import { amounts, texts, times, uuids } from "../parameters.ts"
import { by, paymentAnswer, refundAnswer } from "./answers.ts"
import type { MoneyTables, RefundRow } from "./MoneyTables.ts"
import { lockSorted, paymentSlots } from "./paymentStatements.ts"

/** The refunds are found by the snapshot and not locked. */
const lockOfRefunds = (tables: MoneyTables): Handler =>
  function* (on, [refundIds]) {
    const ids = uuids(refundIds).flatMap((id) => on.read(tables.refunds, id)?.paymentId ?? [])
    const rows = yield* lockSorted(on, paymentSlots(on, tables, ids))
    return rows.map(paymentAnswer)
  }

const refundsById =
  (tables: MoneyTables): Handler =>
  (on, [ids]) =>
    [...new Set(uuids(ids))].flatMap((id) => {
      const row = on.read(tables.refunds, id)
      return row === undefined ? [] : [refundAnswer(row)]
    })

const refundsOfOrders =
  (tables: MoneyTables): Handler =>
  (on, [orders]) =>
    [...new Set(uuids(orders))]
      .flatMap((orderId) => on.find(tables.refunds, "refunds_of_order", orderId))
      .sort(by(({ refundId }) => refundId))
      .map(refundAnswer)

const receipts =
  (tables: MoneyTables): Handler =>
  (on, [ids]) =>
    [...new Set(texts(ids))].flatMap((id) => {
      const row = on.read(tables.receipts, id)
      return row === undefined ? [] : [{ capture_id: id, applied: row.applied }]
    })

const rowsToIntend = (parameters: ReadonlyArray<unknown>): ReadonlyArray<RefundRow> => {
  const payments = uuids(parameters[1])
  const orders = uuids(parameters[2])
  const amount = amounts(parameters[3])
  const sources = texts(parameters[4])
  const at = times(parameters[5])
  return uuids(parameters[0]).map((refundId, i) => ({
    refundId,
    paymentId: payments[i] as string,
    orderId: orders[i] as string,
    amount: amount[i] as bigint,
    source: sources[i] as string,
    state: "intended",
    intendedAt: at[i] as number,
    refundedAt: null
  }))
}

/** The update is the statement's own and runs first; the part in WITH is run behind it. */
const intend = (tables: MoneyTables): Handler =>
  function* (on, parameters) {
    const refunds = rowsToIntend(parameters)
    const sums = amounts(parameters[7])
    const intended = new Map(uuids(parameters[6]).map((id, i) => [id, sums[i] as bigint]))
    for (const slot of paymentSlots(on, tables, intended.keys())) {
      yield* on.update(
        slot,
        () => true,
        (row) => ({ ...row, intended: intended.get(row.paymentId) as bigint, updatedAt: on.now })
      )
    }
    for (const refund of refunds) yield* on.insert(tables.refunds, refund)
    return []
  }

export const refundHandlers = (
  tables: MoneyTables
): ReadonlyArray<readonly [Statement, Handler]> => [
  [statements.lockOfRefunds, lockOfRefunds(tables)],
  [statements.refundsById, refundsById(tables)],
  [statements.refundsOfOrders, refundsOfOrders(tables)],
  [statements.receipts, receipts(tables)],
  [statements.intend, intend(tables)]
]

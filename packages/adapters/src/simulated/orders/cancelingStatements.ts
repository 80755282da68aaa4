import type { Statement } from "../../postgres/Database.ts"
import * as statements from "../../postgres/orders/sagaStatements.ts"
import type { Handler } from "../Execution.ts"
import { asText, asUuid, orNull, uuids } from "../parameters.ts"
import { Matches } from "./Matches.ts"
import type { OrdersTables } from "./OrdersTables.ts"
import type { SagaRow } from "./rows.ts"

const isOpenCheckout = (row: SagaRow): boolean => row.kind === "checkout" && row.state === "open"

const cancelRequested =
  ({ sagas }: OrdersTables): Handler =>
  (on, [ids]) =>
    [...new Set(uuids(ids))]
      .filter((sagaId) => on.read(sagas, sagaId)?.cancelRequested === true)
      .map((saga_id) => ({ saga_id }))

const lockCheckout = ({ sagas }: OrdersTables): Handler =>
  function* (on, [orderId]) {
    const locked: Array<{ readonly saga_id: string }> = []
    for (const slot of on.slots(sagas, "of_order", asUuid(orderId), isOpenCheckout)) {
      const row = yield* on.lock(slot, isOpenCheckout)
      if (row !== undefined) locked.push({ saga_id: row.sagaId })
    }
    return locked
  }

/** The order is looked up in the statement's snapshot; only the saga would be judged anew. */
const requestCancel = ({ orders, sagas }: OrdersTables): Handler =>
  function* (on, [id, of]) {
    const orderId = asUuid(id)
    const account = orNull(asText)(of)
    const isMeant = (row: SagaRow) =>
      isOpenCheckout(row) && (account === null || row.account === account)
    const state = on.read(orders, orderId)?.state ?? "pending_payment"
    if (state !== "pending_payment") return []
    const matches = new Matches<SagaRow>(on)
    for (const slot of on.slots(sagas, "of_order", orderId, isMeant)) {
      matches.add(slot, isMeant, (row) => ({ ...row, cancelRequested: true }))
    }
    return (yield* matches.update()).map((row) => ({ saga_id: row.sagaId }))
  }

const stateOfOrder =
  ({ orders }: OrdersTables): Handler =>
  (on, [id, of]) => {
    const account = orNull(asText)(of)
    const row = on.read(orders, asUuid(id))
    return row !== undefined && (account === null || row.account === account)
      ? [{ state: row.state }]
      : []
  }

/** Asking a checkout to cancel. */
export const cancelingStatements = (
  tables: OrdersTables
): ReadonlyArray<readonly [Statement, Handler]> => [
  [statements.cancelRequested, cancelRequested(tables)],
  [statements.lockCheckout, lockCheckout(tables)],
  [statements.requestCancel, requestCancel(tables)],
  [statements.stateOfOrder, stateOfOrder(tables)]
]

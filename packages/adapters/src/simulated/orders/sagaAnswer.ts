import type { Row } from "../../postgres/rows.ts"
import type { SagaRow } from "./rows.ts"

/** `sagaColumns` as the driver answers them. */
export const sagaAnswer = (row: SagaRow): Row => ({
  saga_id: row.sagaId,
  kind: row.kind,
  order_id: row.orderId,
  account: row.account,
  key: row.key,
  payload: row.payload ?? "",
  state: row.state,
  owner: row.owner,
  epoch: row.epoch,
  cancel_requested: row.cancelRequested,
  run_after: row.runAfter,
  attempts: row.attempts,
  last_error: row.lastError,
  opened_at: row.openedAt,
  deadline_at: row.deadlineAt,
  closed_at: row.closedAt
})

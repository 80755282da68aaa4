import type { AccountId, OrderId } from "@doorbuster/core/order/OrderId"
import type { SagaKind, SagaRecord, SagaState } from "@doorbuster/core/order/SagaRecord"
import type { Uuid } from "@doorbuster/core/Uuid"
import { boolean, integer, nullable, type Row, text } from "../rows.ts"

export const sagaOf = (row: Row): SagaRecord => ({
  sagaId: text(row, "saga_id") as Uuid,
  kind: text(row, "kind") as SagaKind,
  orderId: text(row, "order_id") as OrderId,
  account: text(row, "account") as AccountId,
  key: nullable(text, row, "key"),
  state: text(row, "state") as SagaState,
  owner: nullable(text, row, "owner"),
  epoch: integer(row, "epoch"),
  payload: text(row, "payload"),
  cancelRequested: boolean(row, "cancel_requested"),
  runAfter: integer(row, "run_after"),
  attempts: integer(row, "attempts"),
  lastError: nullable(text, row, "last_error"),
  openedAt: integer(row, "opened_at"),
  deadlineAt: integer(row, "deadline_at"),
  closedAt: nullable(integer, row, "closed_at")
})

/** What a write on behalf of a saga has to know of it; read under its lock. */
export interface SagaLock {
  readonly epoch: number
  readonly state: SagaState
  readonly account: string
  readonly key: string | null
  readonly cancelRequested: boolean
}

export const sagaLocksOf = (rows: ReadonlyArray<Row>): ReadonlyMap<Uuid, SagaLock> =>
  new Map(
    rows.map((row) => [
      text(row, "saga_id") as Uuid,
      {
        epoch: integer(row, "epoch"),
        state: text(row, "state") as SagaState,
        account: text(row, "account"),
        key: nullable(text, row, "key"),
        cancelRequested: boolean(row, "cancel_requested")
      }
    ])
  )

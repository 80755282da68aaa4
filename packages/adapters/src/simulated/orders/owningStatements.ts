import type { Statement } from "../../postgres/Database.ts"
import * as statements from "../../postgres/orders/sagaStatements.ts"
import type { Execution, Handler } from "../Execution.ts"
import { asInteger, asText, asTime, asUuid, orNull, uuids } from "../parameters.ts"
import { SqlError } from "../SqlError.ts"
import type { Table } from "../Table.ts"
import { asLimit } from "./asLimit.ts"
import { any, Matches } from "./Matches.ts"
import type { OrdersTables } from "./OrdersTables.ts"
import type { SagaRow, WorkerRow } from "./rows.ts"
import { sagaAnswer } from "./sagaAnswer.ts"

const isOpen = (row: SagaRow): boolean => row.state === "open"

/** Leases are looked up in the statement's snapshot, also when the saga itself is judged anew. */
const isFree =
  (on: Execution, workers: Table<WorkerRow>, at: number) =>
  (saga: SagaRow): boolean => {
    if (saga.state !== "open") return false
    if (saga.owner === null) return saga.runAfter <= at
    const worker = on.read(workers, saga.owner)
    return worker === undefined || worker.leaseUntil <= on.now
  }

/** The limit stands above the locking: rows that are skipped do not count. Nothing waits here. */
const lockFree = ({ sagas, workers }: OrdersTables): Handler =>
  function* (on, [at, limit]) {
    const free = isFree(on, workers, asTime(at))
    const most = asLimit(limit)
    const found: Array<{ readonly saga_id: string }> = []
    const slots = on.slots(sagas, "open_sagas", "open", free)
    for (const slot of slots.sort((a, b) => (a.key < b.key ? -1 : 1))) {
      if (found.length >= most) break
      if (!on.isFree(slot)) continue
      const row = yield* on.lock(slot, free)
      if (row !== undefined) found.push({ saga_id: row.sagaId })
    }
    return found
  }

const claim = ({ sagas, workers }: OrdersTables): Handler =>
  function* (on, [worker, at, ids]) {
    const owner = asText(worker)
    const free = isFree(on, workers, asTime(at))
    const matches = new Matches<SagaRow>(on)
    for (const sagaId of [...uuids(ids)].sort()) {
      matches.add(sagas.slot(sagaId), free, (row) => ({ ...row, owner, epoch: row.epoch + 1 }))
    }
    return (yield* matches.update()).map(sagaAnswer)
  }

/** The rows are locked in order by the sub-select, and then changed by the same statement. */
const reclaim = ({ sagas }: OrdersTables): Handler =>
  function* (on, [worker, running, at]) {
    const [owner, openedBefore] = [asText(worker), asTime(at)]
    const busy = new Set(uuids(running))
    const isStray = (row: SagaRow) =>
      isOpen(row) && row.owner === owner && row.openedAt <= openedBefore && !busy.has(row.sagaId)
    const slots = on.slots(sagas, "open_sagas", "open", isStray).filter((slot) => on.isFree(slot))
    const matches = new Matches<SagaRow>(on)
    for (const slot of slots.sort((a, b) => (a.key < b.key ? -1 : 1))) {
      matches.add(slot, isStray, (row) => ({ ...row, epoch: row.epoch + 1 }))
    }
    return (yield* matches.update()).map(sagaAnswer)
  }

/** What an interval of Postgres can hold, in milliseconds. */
const millisMax = 9.2e15

const asMillis = (value: unknown): number => {
  const millis = Number(value)
  if (Math.abs(millis) < millisMax) return millis
  throw new SqlError("22008", "interval out of range")
}

const lease = ({ workers }: OrdersTables): Handler =>
  function* (on, [worker, ttlMs]) {
    const leaseUntil = on.now + asMillis(ttlMs)
    const row = { worker: asText(worker), leaseUntil }
    yield* on.upsert(workers, row, (standing) => ({ ...standing, leaseUntil }))
    return []
  }

/** The main query runs first and then what only stands beside it, here the end of the lease. */
const handOver = ({ sagas, workers }: OrdersTables): Handler =>
  function* (on, [worker]) {
    const name = asText(worker)
    const isOwned = (row: SagaRow) => row.owner === name && isOpen(row)
    const matches = new Matches<SagaRow>(on)
    const slots = on.slots(sagas, "open_sagas", "open", isOwned)
    for (const slot of slots.sort((a, b) => (a.key < b.key ? -1 : 1))) {
      matches.add(slot, isOwned, (row) => ({ ...row, owner: null, runAfter: 0 }))
    }
    const ended = workers.slot(name)
    const isLeased = on.seen(ended) !== undefined
    yield* matches.update()
    if (ended !== undefined && isLeased) yield* on.delete(ended, any)
    return []
  }

const park = ({ sagas }: OrdersTables): Handler =>
  function* (on, [id, epoch, error, at]) {
    const [mine, lastError, runAfter] = [asInteger(epoch), orNull(asText)(error), asTime(at)]
    const matches = new Matches<SagaRow>(on)
    matches.add(
      sagas.slot(asUuid(id)),
      (row) => row.epoch <= mine && isOpen(row),
      (row) => ({ ...row, owner: null, runAfter, attempts: row.attempts + 1, lastError })
    )
    yield* matches.update()
    return []
  }

const retry = ({ sagas }: OrdersTables): Handler =>
  function* (on, [id]) {
    const matches = new Matches<SagaRow>(on)
    matches.add(sagas.slot(asUuid(id)), isOpen, (row) => ({ ...row, runAfter: 0, attempts: 0 }))
    return (yield* matches.update()).map((row) => ({ saga_id: row.sagaId }))
  }

/** Who runs a saga: leases, claims, parking and handing over. */
export const owningStatements = (
  tables: OrdersTables
): ReadonlyArray<readonly [Statement, Handler]> => [
  [statements.lockFree, lockFree(tables)],
  [statements.claim, claim(tables)],
  [statements.reclaim, reclaim(tables)],
  [statements.lease, lease(tables)],
  [statements.handOver, handOver(tables)],
  [statements.park, park(tables)],
  [statements.retry, retry(tables)]
]

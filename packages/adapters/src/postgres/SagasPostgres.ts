import type { AccountId, OrderId } from "@doorbuster/core/order/OrderId"
import type { OrderState } from "@doorbuster/core/order/OrderState"
import type {
  CancelRequestOutcome,
  Claim,
  CloseOutcome,
  CloseSaga,
  KeyOfAccount,
  OpenOutcome,
  OpenSaga,
  SagaQuery
} from "@doorbuster/core/order/Sagas"
import { Sagas } from "@doorbuster/core/order/Sagas"
import { StorageError } from "@doorbuster/core/StorageError"
import type { Uuid } from "@doorbuster/core/Uuid"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { textArray, timestampArray, uuidArray } from "./arrays.ts"
import { type Database, OrdersDatabase, type Statement } from "./Database.ts"
import { type Closing, closingParameters } from "./orders/closing.ts"
import { sagaLocksOf, sagaOf } from "./orders/sagaRows.ts"
import * as statements from "./orders/sagaStatements.ts"
import { boolean, integer, nullable, type Row, text, timestamp } from "./rows.ts"
import { lookAgain } from "./twins.ts"

const openParameters = (batch: ReadonlyArray<OpenSaga>) => [
  uuidArray(batch.map((item) => item.sagaId)),
  textArray(batch.map((item) => item.kind)),
  uuidArray(batch.map((item) => item.orderId)),
  textArray(batch.map((item) => item.account)),
  textArray(batch.map((item) => item.key)),
  textArray(batch.map((item) => item.fingerprint)),
  textArray(batch.map((item) => item.payload)),
  textArray(batch.map((item) => item.worker)),
  timestampArray(batch.map((item) => item.at)),
  timestampArray(batch.map((item) => item.deadlineAt))
]

const opened: OpenOutcome = { _tag: "Opened" }

/** Null where the key's holder has gone since, so that the key may be claimed again. */
const outcomeOf = (item: OpenSaga, row: Row): OpenOutcome | null => {
  if (boolean(row, "opened")) return opened
  const sagaId = nullable(text, row, "holder")
  if (sagaId === null) return null
  if (text(row, "fingerprint") !== item.fingerprint) return { _tag: "KeyReused" }
  const status = nullable(integer, row, "status")
  return status === null
    ? { _tag: "InFlight", sagaId: sagaId as Uuid }
    : { _tag: "Answered", answer: { status, body: text(row, "body") } }
}

const open = (db: Database) =>
  Effect.fnUntraced(function* (batch: ReadonlyArray<OpenSaga>) {
    const operation = "sagas.open"
    const rows = yield* db.query(operation, statements.open, openParameters(batch))
    const won = new Set(rows.map((row) => text(row, "saga_id")))
    const lost = batch.filter(({ sagaId }) => !won.has(sagaId))
    if (lost.length === 0) return batch.map(() => opened)
    const standing = yield* db.query(operation, statements.losers, [
      uuidArray(lost.map((item) => item.sagaId)),
      textArray(lost.map((item) => item.account)),
      textArray(lost.map((item) => item.key))
    ])
    const outcomes = new Map<OpenSaga, OpenOutcome>()
    for (const [index, item] of lost.entries()) {
      const outcome = outcomeOf(item, standing[index] ?? {})
      if (outcome === null) {
        const detail = `key ${item.key} was freed meanwhile`
        return yield* new StorageError({ operation, reason: "retry", detail })
      }
      outcomes.set(item, outcome)
    }
    return batch.map((item) => outcomes.get(item) ?? opened)
  })

const close = (db: Database, batch: ReadonlyArray<CloseSaga>) =>
  db.transaction("sagas.close", (tx) =>
    Effect.gen(function* () {
      const ids = uuidArray(batch.map((item) => item.sagaId))
      const locks = new Map(sagaLocksOf(yield* tx.query(statements.lock, [ids])))
      const closings: Array<Closing> = []
      const outcomes = batch.map((item): CloseOutcome => {
        const lock = locks.get(item.sagaId)
        if (lock !== undefined && lock.epoch > item.epoch) return { _tag: "Superseded" }
        if (lock?.state === "open") {
          closings.push({ ...item, lock })
          locks.set(item.sagaId, { ...lock, epoch: item.epoch, state: item.as })
        }
        return { _tag: "Closed" }
      })
      if (closings.length > 0) yield* tx.finish(statements.close, closingParameters(closings))
      return outcomes
    })
  )

const requestCancel = (db: Database, orderId: OrderId, account: AccountId | null) =>
  db.transaction("sagas.requestCancel", (tx) =>
    Effect.gen(function* () {
      const [, flaggedRows = [], orderRows = []] = yield* tx.flight([
        [statements.lockCheckout, [orderId]],
        [statements.requestCancel, [orderId, account]],
        [statements.stateOfOrder, [orderId, account]]
      ])
      const [flagged] = flaggedRows
      const [order] = orderRows
      const outcome: CancelRequestOutcome =
        flagged !== undefined
          ? { _tag: "Requested", sagaId: text(flagged, "saga_id") as Uuid }
          : order !== undefined
            ? { _tag: "NotOpen", state: text(order, "state") as OrderState }
            : { _tag: "UnknownOrder" }
      return outcome
    })
  )

const claimIn = (row: Row): Claim | undefined => {
  const fingerprint = nullable(text, row, "fingerprint")
  if (fingerprint === null) return undefined
  const status = nullable(integer, row, "status")
  return { fingerprint, answer: status === null ? null : { status, body: text(row, "body") } }
}

const claimsOf = (db: Database, batch: ReadonlyArray<KeyOfAccount>) => {
  const parameters = [
    textArray(batch.map(({ account }) => account)),
    textArray(batch.map(({ key }) => key))
  ]
  return Effect.map(db.query("sagas.claimsOf", statements.claimsOf, parameters), (rows) =>
    rows.map(claimIn)
  )
}

/** What was taken up, in the order of the ids: rows of an update come in any. */
const taken = (rows: ReadonlyArray<Row>) =>
  rows.map(sagaOf).sort((a, b) => (a.sagaId < b.sagaId ? -1 : 1))

const claim = (db: Database, worker: string, now: number, limit: number) =>
  db.transaction("sagas.claim", (tx) =>
    Effect.gen(function* () {
      const at = timestamp(now)
      const free = yield* tx.query(statements.lockFree, [at, limit])
      if (free.length === 0) return []
      const ids = uuidArray(free.map((row) => text(row, "saga_id")))
      return taken(yield* tx.finish(statements.claim, [worker, at, ids]))
    })
  )

/** One prepared statement for each combination of filters. */
const listStatement = (query: SagaQuery): readonly [Statement, ReadonlyArray<unknown>] => {
  const parameters: Array<unknown> = [query.limit]
  const filters: Array<string> = []
  const names: Array<string> = []
  const filter = (name: string, condition: (at: string) => string, value: unknown) => {
    parameters.push(value)
    names.push(name)
    filters.push(condition(`$${parameters.length}`))
  }
  if (query.state !== undefined) filter("state", (at) => `state = ${at}::text`, query.state)
  if (query.orderId !== undefined) filter("order", (at) => `order_id = ${at}::uuid`, query.orderId)
  if (query.stuckAt !== undefined) {
    const stuckAt = timestamp(query.stuckAt)
    filter("stuck", (at) => `state = 'open' and deadline_at < ${at}::timestamptz`, stuckAt)
  }
  const where = filters.length === 0 ? "" : `where ${filters.join(" and ")}`
  return [
    {
      name: ["orders.sagas.list", ...names].join("."),
      text: `select ${statements.sagaColumns} from orders.sagas ${where}
        order by saga_id limit $1::integer`
    },
    parameters
  ]
}

/** Sagas and idempotency keys in Postgres. Every write locks the saga's row before all else. */
export const layer: Layer.Layer<Sagas, never, OrdersDatabase> = Layer.effect(
  Sagas,
  Effect.gen(function* () {
    const db = yield* OrdersDatabase
    const openAll = open(db)
    return Sagas.of({
      open: (batch) => lookAgain(openAll(batch)),
      close: (batch) => lookAgain(close(db, batch)),
      cancelRequested: (sagaIds) =>
        Effect.map(
          db.query("sagas.cancelRequested", statements.cancelRequested, [uuidArray(sagaIds)]),
          (rows) => {
            const flagged = new Set(rows.map((row) => text(row, "saga_id")))
            return sagaIds.map((sagaId) => flagged.has(sagaId))
          }
        ),
      claimsOf: (batch) => claimsOf(db, batch),
      requestCancel: (orderId, account) => lookAgain(requestCancel(db, orderId, account)),
      park: (sagaId, epoch, error, runAfter) =>
        Effect.asVoid(
          db.query("sagas.park", statements.park, [sagaId, epoch, error, timestamp(runAfter)])
        ),
      retry: (sagaId) =>
        Effect.map(db.query("sagas.retry", statements.retry, [sagaId]), ({ length }) => length > 0),
      claim: (worker, now, limit) => lookAgain(claim(db, worker, now, limit)),
      reclaim: (worker, running, openedBefore) => {
        const parameters = [worker, uuidArray(running), timestamp(openedBefore)]
        return Effect.map(db.query("sagas.reclaim", statements.reclaim, parameters), taken)
      },
      lease: (worker, ttlMs) =>
        Effect.asVoid(db.query("sagas.lease", statements.lease, [worker, ttlMs])),
      handOver: (worker) =>
        Effect.asVoid(lookAgain(db.query("sagas.handOver", statements.handOver, [worker]))),
      find: (sagaId) =>
        Effect.map(db.query("sagas.find", statements.find, [sagaId]), ([row]) =>
          row === undefined ? undefined : sagaOf(row)
        ),
      list: (query) =>
        Effect.map(db.query("sagas.list", ...listStatement(query)), (rows) => rows.map(sagaOf))
    })
  })
)

import type { AccountId, OrderId } from "@doorbuster/core/order/OrderId"
import type { SagaRecord } from "@doorbuster/core/order/SagaRecord"
import {
  type CancelRequestOutcome,
  type CloseOutcome,
  type CloseSaga,
  type OpenOutcome,
  type OpenSaga,
  type SagaQuery,
  Sagas
} from "@doorbuster/core/order/Sagas"
import type { Uuid } from "@doorbuster/core/Uuid"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { claimName, closeSaga } from "./closeSaga.ts"
import { MemoryStore, type OrdersTables } from "./MemoryStore.ts"

/** Before any process's clock: who runs after it may run now. */
const atOnce = 0

const open = (tables: OrdersTables, request: OpenSaga): OpenOutcome => {
  const { account, at, fingerprint, key, kind, orderId, payload, sagaId, worker } = request
  if (tables.sagas.has(sagaId)) return { _tag: "Opened" }
  if (key !== null) {
    const name = claimName(account, key)
    const claim = tables.claims.get(name)
    if (claim !== undefined) {
      if (claim.fingerprint !== fingerprint) return { _tag: "KeyReused" }
      if (claim.answer !== null) return { _tag: "Answered", answer: claim.answer }
      return { _tag: "InFlight", sagaId: claim.sagaId }
    }
    tables.claims.set(name, { fingerprint, sagaId, answer: null })
  }
  tables.open.add(sagaId)
  tables.sagas.set(sagaId, {
    sagaId,
    kind,
    orderId,
    account,
    key,
    state: "open",
    owner: worker,
    epoch: 1,
    payload,
    cancelRequested: false,
    runAfter: at,
    attempts: 0,
    lastError: null,
    openedAt: at,
    deadlineAt: request.deadlineAt,
    closedAt: null
  })
  return { _tag: "Opened" }
}

const close = (tables: OrdersTables, request: CloseSaga): CloseOutcome => {
  const saga = tables.sagas.get(request.sagaId)
  if (saga === undefined || request.epoch < saga.epoch) return { _tag: "Superseded" }
  closeSaga(tables, saga, request)
  return { _tag: "Closed" }
}

const requestCancel = (
  tables: OrdersTables,
  orderId: OrderId,
  account: AccountId | null
): CancelRequestOutcome => {
  const mine = (owner: AccountId) => account === null || owner === account
  const order = tables.orders.get(orderId)
  for (const sagaId of tables.open) {
    const saga = tables.sagas.get(sagaId)
    if (saga === undefined || saga.orderId !== orderId || saga.kind !== "checkout") continue
    if (!mine(saga.account)) return { _tag: "UnknownOrder" }
    if (order !== undefined && order.state !== "pending_payment") break
    tables.sagas.set(sagaId, { ...saga, cancelRequested: true })
    return { _tag: "Requested", sagaId }
  }
  if (order === undefined || !mine(order.account)) return { _tag: "UnknownOrder" }
  return { _tag: "NotOpen", state: order.state }
}

/** Changes an open saga; one that is closed stays as it ended. */
const change = (tables: OrdersTables, sagaId: Uuid, by: (saga: SagaRecord) => SagaRecord) => {
  const saga = tables.sagas.get(sagaId)
  if (saga?.state !== "open") return false
  tables.sagas.set(sagaId, by(saga))
  return true
}

const isFree = (tables: OrdersTables, saga: SagaRecord, now: number, storeTime: number) =>
  saga.owner === null
    ? saga.runAfter <= now
    : (tables.leases.get(saga.owner) ?? Number.NEGATIVE_INFINITY) <= storeTime

const bySagaId = (a: SagaRecord, b: SagaRecord): number => (a.sagaId < b.sagaId ? -1 : 1)

/** Takes over sagas; leases are judged by the store's time, `runAfter` by the caller's. */
const claim = (
  tables: OrdersTables,
  request: { readonly worker: string; readonly now: number; readonly limit: number },
  storeTime: number
) => {
  const claimed: Array<SagaRecord> = []
  for (const sagaId of tables.open) {
    if (claimed.length === request.limit) break
    const saga = tables.sagas.get(sagaId)
    if (saga === undefined || !isFree(tables, saga, request.now, storeTime)) continue
    const taken = { ...saga, owner: request.worker, epoch: saga.epoch + 1 }
    tables.sagas.set(sagaId, taken)
    claimed.push(taken)
  }
  return claimed.sort(bySagaId)
}

const reclaim = (
  tables: OrdersTables,
  worker: string,
  running: ReadonlySet<Uuid>,
  openedBefore: number
) => {
  const taken: Array<SagaRecord> = []
  for (const sagaId of tables.open) {
    const saga = tables.sagas.get(sagaId)
    if (saga === undefined || saga.owner !== worker || running.has(sagaId)) continue
    if (saga.openedAt > openedBefore) continue
    const raised = { ...saga, epoch: saga.epoch + 1 }
    tables.sagas.set(sagaId, raised)
    taken.push(raised)
  }
  return taken.sort(bySagaId)
}

const handOver = (tables: OrdersTables, worker: string): void => {
  tables.leases.delete(worker)
  for (const sagaId of tables.open) {
    change(tables, sagaId, (saga) =>
      saga.owner === worker ? { ...saga, owner: null, runAfter: atOnce } : saga
    )
  }
}

const list = (tables: OrdersTables, { limit, orderId, state, stuckAt }: SagaQuery) =>
  [...tables.sagas.values()]
    .filter(
      (saga) =>
        (state === undefined || saga.state === state) &&
        (orderId === undefined || saga.orderId === orderId) &&
        (stuckAt === undefined || (saga.state === "open" && saga.deadlineAt < stuckAt))
    )
    .sort((a, b) => (a.sagaId < b.sagaId ? 1 : -1))
    .slice(0, limit)

/** The saga log in memory: each method is one synchronous turn of the event loop. */
export const layer: Layer.Layer<Sagas, never, MemoryStore> = Layer.effect(
  Sagas,
  Effect.gen(function* () {
    const { orders: tables } = yield* MemoryStore
    const timed = <A>(turn: (now: number) => A) => Effect.map(Clock.currentTimeMillis, turn)
    return Sagas.of({
      open: (batch) => Effect.sync(() => batch.map((item) => open(tables, item))),
      close: (batch) => Effect.sync(() => batch.map((item) => close(tables, item))),
      claimsOf: (batch) =>
        Effect.sync(() =>
          batch.map(({ account, key }) => {
            const claim = tables.claims.get(claimName(account, key))
            return claim && { fingerprint: claim.fingerprint, answer: claim.answer }
          })
        ),
      cancelRequested: (sagaIds) =>
        Effect.sync(() => sagaIds.map((id) => tables.sagas.get(id)?.cancelRequested ?? false)),
      requestCancel: (orderId, account) =>
        Effect.sync(() => requestCancel(tables, orderId, account)),
      park: (sagaId, epoch, error, runAfter) =>
        Effect.sync(() => {
          change(tables, sagaId, (saga) => {
            if (epoch < saga.epoch) return saga
            const attempts = saga.attempts + 1
            return { ...saga, owner: null, attempts, lastError: error, runAfter }
          })
        }),
      retry: (sagaId) =>
        Effect.sync(() =>
          change(tables, sagaId, (saga) => ({ ...saga, runAfter: atOnce, attempts: 0 }))
        ),
      claim: (worker, now, limit) =>
        timed((storeTime) => claim(tables, { worker, now, limit }, storeTime)),
      reclaim: (worker, running, openedBefore) =>
        Effect.sync(() => reclaim(tables, worker, new Set(running), openedBefore)),
      lease: (worker, ttlMs) => timed((now) => void tables.leases.set(worker, now + ttlMs)),
      handOver: (worker) => Effect.sync(() => handOver(tables, worker)),
      find: (sagaId) => Effect.sync(() => tables.sagas.get(sagaId)),
      list: (query) => Effect.sync(() => list(tables, query))
    })
  })
)

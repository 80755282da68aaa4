import type { Minor } from "@doorbuster/core/money/Minor"
import type { OrderId } from "@doorbuster/core/order/OrderId"
import { next, type OrderState } from "@doorbuster/core/order/OrderState"
import type { Move, MoveOutcome } from "@doorbuster/core/order/Orders"
import type { Uuid } from "@doorbuster/core/Uuid"
import * as Effect from "effect/Effect"
import { bigintArray, integerArray, textArray, timestampArray, uuidArray } from "../arrays.ts"
import type { Database } from "../Database.ts"
import { amount, integer, type Row, text } from "../rows.ts"
import type { Transaction } from "../Transaction.ts"
import { type Closing, closingParameters } from "./closing.ts"
import * as statements from "./orderStatements.ts"
import { type SagaLock, sagaLocksOf } from "./sagaRows.ts"
import * as sagas from "./sagaStatements.ts"

interface OrderLock {
  readonly state: OrderState
  readonly epoch: number
  readonly lastSeq: number
  readonly refundedTotal: Minor
}

interface DecidedMove {
  readonly move: Move
  readonly from: OrderState
  readonly after: OrderLock
}

const doneKey = (orderId: string, sagaId: string, event: string) => `${orderId} ${sagaId} ${event}`

/** Everything a batch of moves is decided on; changes as its moves are decided. */
interface Situation {
  readonly sagas: Map<Uuid, SagaLock>
  readonly orders: Map<OrderId, OrderLock>
  readonly done: Set<string>
}

const orderLockOf = (row: Row): OrderLock => ({
  state: text(row, "state") as OrderState,
  epoch: integer(row, "saga_epoch"),
  lastSeq: integer(row, "last_seq"),
  refundedTotal: amount(row, "refunded_total") as Minor
})

const look = (tx: Transaction, batch: ReadonlyArray<Move>) =>
  Effect.gen(function* () {
    const [sagaRows = [], orderRows = []] = yield* tx.flight([
      [sagas.lock, [uuidArray(batch.map(({ sagaId }) => sagaId))]],
      [statements.lock, [uuidArray(batch.map(({ orderId }) => orderId))]]
    ])
    const orders = new Map(
      orderRows.map((row) => [text(row, "order_id") as OrderId, orderLockOf(row)])
    )
    // An order that was only placed cannot have been moved before: the hot path asks nothing more.
    const older = batch.filter(({ orderId }) => (orders.get(orderId)?.lastSeq ?? 1) > 1)
    const doneRows =
      older.length === 0
        ? []
        : yield* tx.query(statements.done, [
            uuidArray(older.map(({ orderId }) => orderId)),
            uuidArray(older.map(({ sagaId }) => sagaId))
          ])
    const done = new Set(
      doneRows.map((row) =>
        doneKey(text(row, "order_id"), text(row, "saga_id"), text(row, "event"))
      )
    )
    return { sagas: new Map(sagaLocksOf(sagaRows)), orders, done } satisfies Situation
  })

const most = (a: Minor, b: Minor): Minor => (a > b ? a : b)

/** Refunds add up: a slower refund's smaller running total never lowers it again. */
const after = (order: OrderLock, move: Move, state: OrderState): OrderLock => ({
  state,
  epoch: move.sagaId === move.orderId ? Math.max(order.epoch, move.epoch) : order.epoch,
  lastSeq: order.lastSeq + 1,
  refundedTotal: most(order.refundedTotal, move.refundedTotal ?? order.refundedTotal)
})

const isSuperseded = (situation: Situation, order: OrderLock | undefined, move: Move): boolean => {
  const saga = situation.sagas.get(move.sagaId)
  const own = move.sagaId === move.orderId ? (order?.epoch ?? 0) : 0
  return Math.max(saga?.epoch ?? 0, own) > move.epoch
}

const decide = (situation: Situation, move: Move, decided: Array<DecidedMove>): MoveOutcome => {
  const order = situation.orders.get(move.orderId)
  if (isSuperseded(situation, order, move)) return { _tag: "Superseded" }
  if (order === undefined) return { _tag: "UnknownOrder" }
  const id = doneKey(move.orderId, move.sagaId, move.event)
  const cancelRequested = situation.sagas.get(move.sagaId)?.cancelRequested ?? false
  if (situation.done.has(id)) return { _tag: "Moved", state: order.state, cancelRequested }
  const state = next(order.state, move.event)
  if (state === undefined) return { _tag: "Illegal", from: order.state }
  const moved = after(order, move, state)
  decided.push({ move, from: order.state, after: moved })
  situation.orders.set(move.orderId, moved)
  situation.done.add(id)
  return { _tag: "Moved", state, cancelRequested }
}

/**
 * Also for a move that was made before: its saga may still be open. A saga that is asked to cancel
 * stays open, because its owner has to give the money back first.
 */
const closingOf = (
  situation: Situation,
  { at, close, epoch, orderId, sagaId }: Move
): Closing | undefined => {
  const lock = situation.sagas.get(sagaId)
  if (close === undefined || lock?.state !== "open" || lock.cancelRequested) return undefined
  situation.sagas.set(sagaId, { ...lock, state: "done" })
  // A checkout's key was answered in the transaction that made its order.
  const isAnswered = sagaId === orderId
  return { sagaId, epoch, at, as: "done", error: null, answer: close.answer, lock, isAnswered }
}

const movedParameters = (moved: ReadonlyArray<DecidedMove>) => [
  uuidArray(moved.map(({ move }) => move.orderId)),
  textArray(moved.map((item) => item.after.state)),
  bigintArray(moved.map((item) => item.after.refundedTotal)),
  integerArray(moved.map((item) => item.after.lastSeq)),
  integerArray(moved.map((item) => item.after.epoch)),
  timestampArray(moved.map(({ move }) => move.at)),
  textArray(moved.map(({ move }) => move.event)),
  textArray(moved.map(({ from }) => from)),
  uuidArray(moved.map(({ move }) => move.sagaId))
]

const shipmentParameters = (moves: ReadonlyArray<Move>) => {
  const requested = moves.flatMap(({ at, orderId, shipment }) =>
    shipment?.to === "requested" ? [{ at, orderId, ...shipment }] : []
  )
  const shipped = moves.flatMap(({ at, orderId, shipment }) =>
    shipment?.to === "shipped" ? [{ at, orderId, ...shipment }] : []
  )
  const delivered = moves.filter(({ shipment }) => shipment?.to === "delivered")
  return [
    uuidArray(requested.map((item) => item.orderId)),
    uuidArray(requested.map((item) => item.shipmentId)),
    timestampArray(requested.map((item) => item.at)),
    uuidArray(shipped.map((item) => item.orderId)),
    textArray(shipped.map((item) => item.carrier)),
    textArray(shipped.map((item) => item.tracking)),
    timestampArray(shipped.map((item) => item.at)),
    uuidArray(delivered.map((item) => item.orderId)),
    timestampArray(delivered.map((item) => item.at))
  ]
}

const moveParameters = (moved: ReadonlyArray<DecidedMove>, closings: ReadonlyArray<Closing>) => [
  ...movedParameters(moved),
  ...shipmentParameters(moved.map(({ move }) => move)),
  ...closingParameters(closings)
]

/** One statement cannot change a row twice: the k-th move of every order is in the k-th wave. */
const waves = (moved: ReadonlyArray<DecidedMove>): ReadonlyArray<ReadonlyArray<DecidedMove>> => {
  const counts = new Map<OrderId, number>()
  const groups: Array<Array<DecidedMove>> = []
  for (const item of moved) {
    const count = counts.get(item.move.orderId) ?? 0
    counts.set(item.move.orderId, count + 1)
    const group = groups[count]
    if (group === undefined) groups.push([item])
    else group.push(item)
  }
  return groups
}

/** Two round trips as a rule: lock sagas and orders, then write and commit. */
export const moveUnderLocks = (db: Database, batch: ReadonlyArray<Move>) =>
  db.transaction("orders.move", (tx) =>
    Effect.gen(function* () {
      const situation = yield* look(tx, batch)
      const decided: Array<DecidedMove> = []
      const closings: Array<Closing> = []
      const outcomes = batch.map((item) => {
        const outcome = decide(situation, item, decided)
        const closing = outcome._tag === "Moved" ? closingOf(situation, item) : undefined
        if (closing !== undefined) closings.push(closing)
        return outcome
      })
      if (decided.length === 0 && closings.length === 0) return outcomes
      const groups = waves(decided)
      for (const group of groups.slice(0, -1)) {
        yield* tx.query(statements.move, moveParameters(group, []))
      }
      yield* tx.finish(statements.move, moveParameters(groups.at(-1) ?? [], closings))
      return outcomes
    })
  )

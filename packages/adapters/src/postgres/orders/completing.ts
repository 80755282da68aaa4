import type { OrderId } from "@doorbuster/core/order/OrderId"
import type { Move, MoveOutcome } from "@doorbuster/core/order/Orders"
import type { StorageError } from "@doorbuster/core/StorageError"
import type { Uuid } from "@doorbuster/core/Uuid"
import * as Effect from "effect/Effect"
import { integerArray, timestampArray, uuidArray } from "../arrays.ts"
import type { Database } from "../Database.ts"
import { text } from "../rows.ts"
import { moveUnderLocks } from "./moving.ts"
import * as statements from "./orderStatements.ts"

/** The last move of a checkout: its order is paid, a shipment is requested, the saga ends. */
interface Completion {
  readonly orderId: OrderId
  readonly epoch: number
  readonly at: number
  readonly shipmentId: Uuid
}

const completionOf = (move: Move): Completion | undefined => {
  const { at, close, epoch, event, orderId, refundedTotal, sagaId, shipment } = move
  if (event !== "Capture" || shipment?.to !== "requested" || sagaId !== orderId) return undefined
  if (close === undefined || close.answer !== null || refundedTotal !== undefined) return undefined
  return { orderId, epoch, at, shipmentId: shipment.shipmentId }
}

/** In the order of their ids, as sagas are locked; undefined where a move is of another kind. */
const completionsOf = (batch: ReadonlyArray<Move>): ReadonlyArray<Completion> | undefined => {
  const completions = new Map<OrderId, Completion>()
  for (const item of batch) {
    const completion = completionOf(item)
    if (completion === undefined || completions.has(completion.orderId)) return undefined
    completions.set(completion.orderId, completion)
  }
  return [...completions.values()].sort((a, b) => (a.orderId < b.orderId ? -1 : 1))
}

const paid: MoveOutcome = { _tag: "Moved", state: "paid", cancelRequested: false }

const complete = Effect.fnUntraced(function* (
  db: Database,
  batch: ReadonlyArray<Move>,
  completions: ReadonlyArray<Completion>
): Effect.fn.Return<ReadonlyArray<MoveOutcome>, StorageError> {
  const rows = yield* db.query("orders.move", statements.complete, [
    uuidArray(completions.map(({ orderId }) => orderId)),
    integerArray(completions.map(({ epoch }) => epoch)),
    timestampArray(completions.map(({ at }) => at)),
    uuidArray(completions.map(({ shipmentId }) => shipmentId))
  ])
  const done = new Set(rows.map((row) => text(row, "order_id")))
  const others = batch.filter(({ orderId }) => !done.has(orderId))
  if (others.length === 0) return batch.map(() => paid)
  const outcomes = (yield* moveUnderLocks(db, others)).values()
  return batch.map(({ orderId }) =>
    done.has(orderId) ? paid : (outcomes.next().value as MoveOutcome)
  )
})

/** One round trip where checkouts end as planned; whatever else there is is decided under locks. */
export const move = (
  db: Database,
  batch: ReadonlyArray<Move>
): Effect.Effect<ReadonlyArray<MoveOutcome>, StorageError> => {
  const completions = completionsOf(batch)
  return completions === undefined ? moveUnderLocks(db, batch) : complete(db, batch, completions)
}

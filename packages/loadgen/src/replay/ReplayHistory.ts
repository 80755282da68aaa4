import type { Sku } from "@doorbuster/core/catalog/Sku"
import * as Effect from "effect/Effect"
import { Asking, type Decision, type Line } from "../history/Asking.ts"
import type { HistoryUnwritable } from "../history/errors.ts"
import type { HistoryRecorder } from "../history/HistoryRecorder.ts"
import type { Verb } from "../history/Operation.ts"
import { movementId } from "./identity.ts"
import type { Operation, Refund, Sale, StockMove } from "./Operation.ts"
import { movedBefore, recordOpening, stockedSkus } from "./openingStock.ts"
import { type Done, type Placed, type Refused, Target } from "./Target.ts"

/** Writes what a replay was told, for `store check --history`. */
export interface ReplayHistory {
  /** The same target, listened to. */
  readonly target: Target["Service"]
  /**
   * Writes what no answer tells: a sale that was accepted is committed at some time, and one that
   * is not paid in the end (its reference is in `unpaid`) may have been released instead.
   */
  readonly close: (unpaid: ReadonlySet<string>) => Effect.Effect<void, HistoryUnwritable>
}

/** Units per SKU: a checkout reserves them at once. */
const linesOf = (
  client: string,
  lines: ReadonlyArray<{ readonly sku: Sku; readonly quantity: number }>,
  stocked: ReadonlySet<Sku>
): ReadonlyArray<Line> => {
  const units = new Map<Sku, number>()
  for (const { quantity, sku } of lines) {
    if (stocked.has(sku)) units.set(sku, (units.get(sku) ?? 0) + quantity)
  }
  return Array.from(units, ([sku, qty]) => ({ client, sku, qty }))
}

const decisionOf = (answer: Placed | Done | Refused): Decision => {
  if (answer._tag === "NotYet") return { _tag: "Open" }
  if (answer._tag === "Refused") return { _tag: "Refused", sku: answer.shortSku }
  return { _tag: "Accepted" }
}

/**
 * Listens to a target from here on. What is under way in the store by now would be nobody's
 * operation: it has to be at rest. A file that cannot be written is told by `close`, for a replay
 * is not to stop in the middle because of it.
 */
export const replayHistory = Effect.fnUntraced(function* (
  file: HistoryRecorder,
  operations: ReadonlyArray<Operation>
) {
  const target = yield* Target
  const stocked = yield* stockedSkus(operations)
  const moved = yield* movedBefore(operations)
  yield* recordOpening(file, stocked)
  const asked = new Map<string, Asking>()
  let failure: HistoryUnwritable | undefined
  const quietly = (write: Effect.Effect<void, HistoryUnwritable>) =>
    Effect.catch(write, (error) =>
      Effect.sync(() => {
        failure ??= error
      })
    )

  const listen = Effect.fnUntraced(function* <A extends Placed | Done | Refused, E>(
    ref: string,
    op: Verb,
    lines: ReadonlyArray<Line>,
    ask: Effect.Effect<A, E>
  ) {
    const callNs = yield* file.stamp
    const asking = asked.get(ref) ?? new Asking(file, op, lines, callNs)
    asked.set(ref, asking)
    asking.sent()
    const answer = yield* ask
    yield* quietly(asking.answered(decisionOf(answer), callNs, yield* file.stamp))
    return answer
  })

  const place = (sale: Sale) =>
    listen(sale.ref, "reserve", linesOf(sale.ref, sale.lines, stocked), target.place(sale))

  const move = (it: StockMove) => {
    const client = it.key
    const lines = moved.has(movementId(it)) ? [] : [{ client, sku: it.sku, qty: it.quantity }]
    return listen(client, "receive", lines, target.move(it))
  }

  /** The goods of a refund go back on sale some time after the answer. */
  const refund: Target["Service"]["refund"] = (it: Refund, orderId) => {
    const ref = `${it.ref} of ${it.orderRef}`
    const lines = linesOf(ref, it.restock, stocked)
    const begin = Effect.gen(function* () {
      if (asked.has(ref)) return
      const asking = new Asking(file, "give_back", lines, yield* file.stamp)
      asked.set(ref, asking)
    })
    return Effect.andThen(begin, target.refund(it, orderId))
  }

  const close: ReplayHistory["close"] = Effect.fnUntraced(function* (unpaid) {
    for (const [ref, asking] of asked) {
      const isSale = asking.op === "reserve"
      if (asking.isDoubtful) yield* asking.maybe(asking.op)
      if (isSale && (asking.isDoubtful || unpaid.has(ref))) yield* asking.maybe("release")
      if (isSale && asking.decided !== "Refused") yield* asking.maybe("commit")
    }
    if (failure !== undefined) return yield* failure
  })
  const history: ReplayHistory = { target: { ...target, place, move, refund }, close }
  return history
})

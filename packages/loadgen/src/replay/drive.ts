import type { OrderId } from "@doorbuster/core/order/OrderId"
import { Orders } from "@doorbuster/core/order/Orders"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import { type OnProgress, silent } from "../Progress.ts"
import type { Operation, Refund, Sale } from "./Operation.ts"
import { type NotYet, type Refused, Target, type TargetError } from "./Target.ts"
import type { Watch } from "./Watch.ts"

/** An operation that the store would not have. */
export interface RefusedOperation {
  readonly kind: Operation["_tag"]
  /** Reference of the order or cancellation, or key of the line. */
  readonly ref: string
  readonly code: string
  readonly message: string
}

export interface DriveOptions {
  /** Operations under way at once: enough of them fill the store's batches. */
  readonly concurrency: number
  /** How long a single operation may wait for what it depends on, while the store answers. */
  readonly notYetMs?: number
  readonly onProgress?: OnProgress
}

export const defaultConcurrency = 96
/** Longer than a dead worker's lease, after which its sagas are taken over. */
const defaultNotYetMs = 120_000

const firstWaitMs = 20
const longestWaitMs = 500

/** Asks again while the answer is "not yet" or the store is away, ever more slowly. */
const patiently = <A extends { readonly _tag: string }>(
  ask: Effect.Effect<A | NotYet, TargetError>,
  watch: Watch,
  patienceMs: number
): Effect.Effect<A | Refused> =>
  Effect.gen(function* () {
    let notYetMs = 0
    let waitMs = firstWaitMs
    for (;;) {
      const result = yield* Effect.result(ask)
      if (result._tag === "Failure") {
        yield* watch.failed(result.failure)
      } else if (result.success._tag !== "NotYet") {
        yield* watch.succeeded
        return result.success as A
      } else {
        yield* watch.heard
        const { message } = result.success as NotYet
        if (notYetMs >= patienceMs) return { _tag: "Refused", code: "never_ready", message }
        notYetMs += waitMs
      }
      yield* Effect.sleep(waitMs)
      waitMs = Math.min(waitMs * 2, longestWaitMs)
    }
  })

const lookupSize = 2_000

/** Orders that an earlier replay has made already. */
const known = Effect.fnUntraced(function* (sales: ReadonlyArray<Sale>) {
  const orders = yield* Orders
  const found = new Map<string, OrderId>()
  for (let at = 0; at < sales.length; at += lookupSize) {
    const refs = sales.slice(at, at + lookupSize).map(({ ref }) => ref)
    for (const [ref, orderId] of yield* orders.byExternalRefs(refs)) found.set(ref, orderId)
  }
  return found
})

const refOf = (operation: Operation): string => ("ref" in operation ? operation.ref : operation.key)

/**
 * Carries the operations out in their order, many at once. One waits only for what it depends on: a
 * refund for its sale to be there and paid. Answers with what the store refused. It asks for as
 * long as it takes: the watch says when that is too long.
 */
export const drive = Effect.fnUntraced(function* (
  operations: ReadonlyArray<Operation>,
  watch: Watch,
  options: DriveOptions
) {
  const target = yield* Target
  const { concurrency, notYetMs = defaultNotYetMs, onProgress = silent } = options
  const sales = operations.filter((operation) => operation._tag === "Sale")
  const before = yield* watch.persist(known(sales))
  /** The order of each sale once it exists; null where the store would not have it. */
  const made = new Map<string, Deferred.Deferred<OrderId | null>>()
  for (const { ref } of sales) made.set(ref, Deferred.makeUnsafe())
  const refused: Array<RefusedOperation> = []
  let count = 0

  const place = Effect.fnUntraced(function* (sale: Sale) {
    const existing = before.get(sale.ref)
    const outcome =
      existing === undefined
        ? yield* patiently(target.place(sale), watch, notYetMs)
        : ({ _tag: "Placed", orderId: existing } as const)
    const order = made.get(sale.ref)
    const orderId = outcome._tag === "Placed" ? outcome.orderId : null
    if (order !== undefined) yield* Deferred.succeed(order, orderId)
    return outcome
  })

  const refund = Effect.fnUntraced(function* (refund: Refund) {
    const order = made.get(refund.orderRef)
    const orderId = order === undefined ? null : yield* Deferred.await(order)
    if (orderId !== null) return yield* patiently(target.refund(refund, orderId), watch, notYetMs)
    const message = `its sale ${refund.orderRef} was refused`
    return { _tag: "Refused", code: "no_order", message } as const
  })

  const one = (operation: Operation) => {
    switch (operation._tag) {
      case "Sale":
        return place(operation)
      case "Refund":
        return refund(operation)
      case "StockMove":
        return patiently(target.move(operation), watch, notYetMs)
      case "Journal":
        return patiently(target.post(operation), watch, notYetMs)
    }
  }

  const tracked = Effect.fnUntraced(function* (operation: Operation) {
    const outcome = yield* one(operation)
    if (outcome._tag === "Refused") {
      const { code, message } = outcome
      refused.push({ kind: operation._tag, ref: refOf(operation), code, message })
    }
    count++
    yield* onProgress(count, operations.length)
  })

  yield* Effect.forEach(operations, tracked, { concurrency, discard: true })
  return refused
})

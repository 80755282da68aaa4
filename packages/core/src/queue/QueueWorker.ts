import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as FiberMap from "effect/FiberMap"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import * as Batcher from "../batch/Batcher.ts"
import { Carts } from "../cart/Carts.ts"
import { Checkout } from "../checkout/Checkout.ts"
import type { CheckoutError } from "../checkout/errors.ts"
import { StorageError } from "../StorageError.ts"
import { nextUuid } from "../Uuid.ts"
import { OrderQueue, type QueueEntry, type Settlement } from "./OrderQueue.ts"
import type { QueueAnswer } from "./QueueAnswer.ts"
import { unitsWanted } from "./QueuedOrder.ts"
import { QueueSettings } from "./QueueSettings.ts"
import { countSettled, setCounts } from "./queueMetrics.ts"
import * as SoldOutSweep from "./SoldOutSweep.ts"

const waitMsMax = 2_000

/** Nothing was decided: the same order with the same key may go through later. */
const isTransient = (error: CheckoutError): boolean =>
  error._tag === "IdempotencyInFlight" ||
  (error._tag === "StorageError" && error.reason !== "bad_value")

const givenUp = new StorageError({
  operation: "order queue",
  reason: "unavailable",
  detail: "the order was given up; send it again with the same key"
})

/**
 * Takes orders out of the line at the set rate and places each under its own key. Its ticket is
 * answered and its entry acknowledged in one step, after the order exists: whoever dies before
 * leaves the entry to another worker, who finds by the key what has happened.
 */
export const layer = Layer.effectDiscard(
  Effect.gen(function* () {
    const queue = yield* OrderQueue
    const checkout = yield* Checkout
    const carts = yield* Carts
    const settings = yield* QueueSettings
    const consumer = yield* nextUuid
    const { suspect, watch } = yield* SoldOutSweep.make
    const settling = yield* Batcher.make({
      name: "settle",
      limit: 256,
      flush: (batch: ReadonlyArray<Settlement>) =>
        Effect.as(
          queue.settle(batch),
          batch.map(() => undefined)
        )
    })
    const inFlight = yield* FiberMap.make<string, void, never>()
    const entriesInFlight = () => Array.from(inFlight, ([entry]) => entry)

    const attempt = Effect.fnUntraced(function* (order: QueueEntry["order"]) {
      const since = yield* Clock.currentTimeMillis
      for (let waitMs = settings.pollMs; ; waitMs = Math.min(2 * waitMs, waitMsMax)) {
        const result = yield* Effect.result(checkout.place(order))
        if (result._tag === "Success") return result.success
        const isLate = (yield* Clock.currentTimeMillis) - since > settings.patienceMs
        if (!isTransient(result.failure) || isLate) return result.failure
        yield* Effect.sleep(waitMs)
      }
    })

    /** An answer that cannot be written is found again by the key: the entry comes again. */
    const settle = (entry: QueueEntry, answer: QueueAnswer, dead = false) =>
      Effect.retry(settling.submit({ ...entry, answer, dead }), {
        schedule: Schedule.spaced(settings.pollMs * 4),
        times: 25
      })

    const serve = Effect.fnUntraced(function* (entry: QueueEntry) {
      const { order } = entry
      const outcome = yield* attempt(order)
      if ("_tag" in outcome) {
        if (outcome._tag === "SoldOut") yield* suspect(outcome.sku)
        yield* settle(entry, { _tag: "Refused", error: outcome })
        return yield* countSettled("refused")
      }
      yield* settle(entry, { _tag: "Placed", ...outcome.answer })
      yield* countSettled("placed")
      watch(unitsWanted(order).keys())
      if (order.emptiesCart !== null && !outcome.replayed) {
        yield* Effect.ignore(carts.delete(order.emptiesCart))
      }
    })

    /** What ends badly is neither settled nor kept: it comes again, until it is given up. */
    const start = (entry: QueueEntry) =>
      FiberMap.run(
        inFlight,
        entry.entry,
        Effect.catchCause(serve(entry), (cause) =>
          Cause.hasInterruptsOnly(cause)
            ? Effect.void
            : Effect.logError(`order ${entry.ticket} could not be taken out of the line`, cause)
        ),
        { onlyIfMissing: true }
      )

    const takeUp = Effect.gen(function* () {
      const limit = settings.inFlightMax - (yield* FiberMap.size(inFlight))
      if (limit <= 0) return 0
      const { perSecond } = settings
      const entries = yield* queue.take({ consumer, limit, perSecond })
      yield* Effect.forEach(entries, start, { discard: true })
      return entries.length
    })

    const takeOver = Effect.gen(function* () {
      const limit = settings.inFlightMax - (yield* FiberMap.size(inFlight))
      if (limit <= 0) return
      const claimed = yield* queue.claim(consumer, settings.idleMs, limit)
      for (const entry of claimed) {
        if (entry.deliveries <= settings.deliveriesMax) {
          yield* start(entry)
          continue
        }
        yield* Effect.logError(`order ${entry.ticket} is given up: see the dead letters`)
        yield* settle(entry, { _tag: "Refused", error: givenUp }, true)
        yield* countSettled("dead")
      }
    })

    const keep = Effect.suspend(() => queue.keep(consumer, entriesInFlight()))

    yield* Effect.addFinalizer(() =>
      FiberMap.awaitEmpty(inFlight).pipe(
        Effect.timeoutOption(settings.drainMs),
        Effect.andThen(Effect.suspend(() => queue.release(consumer, entriesInFlight()))),
        Effect.ignore
      )
    )
    /** A queue that is out of reach is asked again at the next beat; a bug must not end them. */
    const every = <E>(ms: number, beat: Effect.Effect<unknown, E>) =>
      Effect.catchCause(Effect.ignore(beat), (cause) =>
        Cause.hasInterruptsOnly(cause)
          ? Effect.failCause(cause)
          : Effect.logError("the line could not be served", cause)
      ).pipe(Effect.repeat(Schedule.spaced(ms)), Effect.forkScoped)
    yield* every(settings.pollMs, Effect.repeat(takeUp, { while: (taken) => taken > 0 }))
    yield* every(settings.idleMs / 5, takeOver)
    yield* every(settings.idleMs / 3, keep)
    yield* every(settings.sweepMs, Effect.flatMap(queue.counts, setCounts))
  })
)

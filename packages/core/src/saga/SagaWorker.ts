import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import * as Semaphore from "effect/Semaphore"
import { Inventory } from "../inventory/Inventory.ts"
import type { SagaRecord } from "../order/SagaRecord.ts"
import { Sagas } from "../order/Sagas.ts"
import { Payments } from "../payment/Payments.ts"
import { SagaRunner } from "./SagaRunner.ts"
import { Settings } from "./Settings.ts"

/**
 * Keeps this process's lease and, where it takes over, the sagas without a living owner going. A
 * taker-over first raises the epoch in every schema: whatever the earlier owner still sends
 * changes nothing.
 */
const make = (takesOver: boolean) =>
  Effect.gen(function* () {
    const sagas = yield* Sagas
    const inventory = yield* Inventory
    const payments = yield* Payments
    const runner = yield* SagaRunner
    const settings = yield* Settings

    const renew = sagas.lease(runner.worker, settings.leaseTtlMs)

    const takeUp = Effect.fnUntraced(function* (records: ReadonlyArray<SagaRecord>) {
      const checkouts = records.filter((record) => record.kind === "checkout")
      if (checkouts.length > 0) {
        yield* Effect.retry(inventory.fence(checkouts), Schedule.spaced(settings.pollMs))
        yield* Effect.retry(payments.fence(checkouts), Schedule.spaced(settings.pollMs))
      }
      yield* Effect.forEach(records, runner.resume, { discard: true })
    })

    const takeOver = Effect.gen(function* () {
      const now = yield* Clock.currentTimeMillis
      const records = yield* sagas.claim(runner.worker, now, settings.claimLimit)
      yield* takeUp(records)
      return records.length
    })

    /** A lost answer may hide that sagas are this worker's. */
    const takeUpStrays = Effect.gen(function* () {
      const now = yield* Clock.currentTimeMillis
      const running = yield* runner.sagaIds
      yield* takeUp(yield* sagas.reclaim(runner.worker, running, now - settings.leaseTtlMs))
    })

    /** What was just claimed is not running yet, and no stray. */
    const oneByOne = Semaphore.makeUnsafe(1).withPermits(1)

    /** A full hand means that there may be more. */
    const takeOverAll = Effect.repeat(takeOver, {
      while: (taken) => taken === settings.claimLimit
    })

    /** A store that is down is met again at the next beat. */
    const every = <E>(ms: number, beat: Effect.Effect<unknown, E>) =>
      Effect.forkScoped(Effect.repeat(Effect.ignore(beat), Schedule.spaced(ms)))

    yield* Effect.ignore(renew)
    yield* every(settings.leaseTtlMs / 3, renew)
    if (takesOver) yield* every(settings.pollMs, oneByOne(takeOverAll))
    yield* every(settings.leaseTtlMs, oneByOne(takeUpStrays))
  })

/** Runs what it opened, and what others left. */
export const layer = Layer.effectDiscard(make(true))

/** Runs what it opened; what it puts down, and what others left, is for others. */
export const layerOwn = Layer.effectDiscard(make(false))

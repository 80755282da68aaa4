/** Callers of one process who want units, and get them through the same batches as checkouts do. */
import { Writes } from "@doorbuster/core/batch/Writes"
import type { StockKey } from "@doorbuster/core/inventory/StockKey"
import { orderId } from "@doorbuster/core/order/OrderId"
import { nextUuid } from "@doorbuster/core/Uuid"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { connectionOf } from "./BenchGround.ts"
import { benchWrites } from "./benchStore.ts"
import type { StockTurn, StockTurnFigures } from "./stockTurn.ts"
import { type Done, windowFigures } from "./window.ts"

/** Longer than any bench. */
const heldMs = 24 * 60 * 60_000

export const stockLoad = ({
  address,
  callers,
  keys,
  measureMs,
  poolSize,
  startAt,
  warmupMs
}: StockTurn) =>
  Effect.gen(function* () {
    const writes = yield* Writes
    const done: Array<Done> = []
    let failed = 0
    const waitMs = startAt - (yield* Clock.currentTimeMillis)
    const begun = performance.now() + waitMs
    const now = () => performance.now() - begun
    yield* Effect.sleep(Math.max(0, waitMs))
    const until = warmupMs + measureMs

    const caller = Effect.gen(function* () {
      for (let turn = 0; turn === 0 || now() < until; turn++) {
        const key = keys[Math.floor(Math.random() * keys.length)] as StockKey
        const asked = now()
        const outcome = yield* Effect.result(
          writes.reserve({
            orderId: orderId(yield* nextUuid),
            epoch: 1,
            expiresAt: startAt + heldMs,
            lines: [{ key, quantity: 1 }]
          })
        )
        const isHeld = outcome._tag === "Success" && outcome.success._tag === "Held"
        const at = now()
        if (isHeld) done.push({ at, ms: at - asked })
        else failed++
      }
    })

    yield* Effect.forEach(Array.from({ length: callers }), () => caller, {
      concurrency: "unbounded",
      discard: true
    })
    const { counted, perSecond, ...rest } = windowFigures(done, warmupMs, until)
    const isIdle = counted.length === 0
    const figures: StockTurnFigures = {
      ...rest,
      perSecond: isIdle ? 0 : perSecond,
      held: done.length,
      failed
    }
    return figures
  }).pipe(Effect.provide(benchWrites({ connection: connectionOf(address), poolMax: poolSize })))

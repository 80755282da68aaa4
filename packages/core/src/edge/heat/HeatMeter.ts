import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { isAllowance, type StockKey } from "../../inventory/StockKey.ts"
import { type HeatSketch, merge, scale } from "./HeatSketch.ts"
import * as SpaceSaving from "./SpaceSaving.ts"

/** A key with more than one in so many of a process's requests is sure to be seen. */
const counters = 256

/**
 * Counts what this process is asked for: one per request and SKU, whether it is sold or refused.
 * Time is cut into windows, each counted from nothing, so that what was hot is forgotten at once.
 */
export class HeatMeter extends Context.Service<
  HeatMeter,
  {
    /** Coupon uses and purchase limits are no goods and are not counted. */
    readonly count: (key: StockKey) => void
    /** Closes the window and begins the next one; requests per second, the hottest keys only. */
    readonly take: (capacity: number) => Effect.Effect<HeatSketch>
  }
>()("@doorbuster/core/edge/heat/HeatMeter") {
  static readonly layer = Layer.effect(
    HeatMeter,
    Effect.gen(function* () {
      let window = SpaceSaving.make(counters)
      let since = yield* Clock.currentTimeMillis
      return HeatMeter.of({
        count: (key) => {
          if (!isAllowance(key)) window.add(key)
        },
        take: (capacity) =>
          Effect.map(Clock.currentTimeMillis, (now) => {
            const perSecond = 1000 / Math.max(1, now - since)
            const sketch = merge([scale(window.sketch(), perSecond)], capacity)
            window = SpaceSaving.make(counters)
            since = now
            return sketch
          })
      })
    })
  )
}

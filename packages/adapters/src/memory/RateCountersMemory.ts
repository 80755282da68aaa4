import { RateCounters } from "@doorbuster/core/edge/RateCounters"
import { takeTokens } from "@doorbuster/core/edge/rateLimit"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"

const bucketsMax = 100_000

/**
 * Counts what this process alone sees. Full buckets are forgotten, and beyond 100,000 the oldest
 * ones, so that addresses without number do not fill the memory.
 */
export const layer: Layer.Layer<RateCounters> = Layer.sync(RateCounters, () => {
  const fullAt = new Map<string, number>()
  const makeRoom = (now: number) => {
    for (const [key, at] of fullAt) if (at <= now) fullAt.delete(key)
    // A tenth at a time: the search itself must not cost what it saves.
    for (const key of fullAt.keys()) {
      if (fullAt.size < bucketsMax * 0.9) break
      fullAt.delete(key)
    }
  }
  return RateCounters.of({
    take: (rate, batch) =>
      Effect.map(Clock.currentTimeMillis, (now) =>
        batch.map(({ cost, key }) => {
          if (fullAt.size >= bucketsMax && !fullAt.has(key)) makeRoom(now)
          const taken = takeTokens(rate, cost, fullAt.get(key) ?? 0, now)
          fullAt.set(key, taken.fullAt)
          return taken.answer
        })
      )
  })
})

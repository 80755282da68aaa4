import * as Effect from "effect/Effect"
import type { Rate, RateAnswer, RateCounters } from "./RateCounters.ts"

/**
 * The token bucket in one number, after the generic cell rate algorithm: the moment at which the
 * bucket is full again. Every adapter counts like this.
 */
export const takeTokens = (
  rate: Rate,
  cost: number,
  /** Epoch ms; 0 where nothing was ever taken. */
  fullAt: number,
  now: number
): { readonly answer: RateAnswer; readonly fullAt: number } => {
  const tokenMs = 1000 / rate.perSecond
  const next = Math.max(fullAt, now) + Math.min(cost, rate.burst) * tokenMs
  const waitMs = next - rate.burst * tokenMs - now
  if (waitMs <= 0) return { answer: { _tag: "Allowed" }, fullAt: next }
  return { answer: { _tag: "Limited", retryAfterSeconds: Math.ceil(waitMs / 1000) }, fullAt }
}

/** One limit with a name: `allow("192.0.2.1")` takes a token from that one's bucket. */
export const rateLimit = (counters: RateCounters["Service"], name: string, rate: Rate) => ({
  allow: (key: string, cost = 1): Effect.Effect<RateAnswer> =>
    Effect.map(
      counters.take(rate, [{ key: `${name}:${key}`, cost }]),
      ([answer]) => answer ?? { _tag: "Allowed" }
    )
})

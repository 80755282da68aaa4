import { type Rate, type RateAnswer, RateCounters } from "@doorbuster/core/edge/RateCounters"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { RedisClient } from "./RedisClient.ts"
import { bySlot, chunked, slotConcurrency } from "./slots.ts"

const requestsMax = 1_000

/**
 * KEYS: the buckets, one per request. ARGV: milliseconds per token, tokens of a full bucket, then
 * the cost of each request. Answers the milliseconds to wait, 0 for none. The server's own clock
 * counts, because those of the processes differ.
 */
const takeScript = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local token, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local waits = {}
for i = 1, #KEYS do
  local full = math.max(tonumber(redis.call('GET', KEYS[i]) or 0) or 0, now)
  local next = full + math.min(tonumber(ARGV[i + 2]), burst) * token
  local wait = next - burst * token - now
  waits[i] = wait > 0 and math.ceil(wait) or 0
  if wait <= 0 then
    local life = math.max(math.ceil(next - now), 1)
    redis.call('SET', KEYS[i], string.format('%.3f', next), 'PX', life)
  end
end
return waits
`

const answerOf = (waitMs: number | undefined): RateAnswer =>
  waitMs === undefined || waitMs === 0
    ? { _tag: "Allowed" }
    : { _tag: "Limited", retryAfterSeconds: Math.ceil(waitMs / 1000) }

const keyOf = (key: string): string => `doorbuster:rate:{${key}}`

/** One counter for all processes; a bucket that is full again is no key. */
export const layer: Layer.Layer<RateCounters, never, RedisClient> = Layer.effect(
  RateCounters,
  Effect.gen(function* () {
    const redis = yield* RedisClient
    const taking = redis.script("rates.take", takeScript)
    return RateCounters.of({
      take: Effect.fnUntraced(function* (rate: Rate, batch) {
        const waits: Array<number | undefined> = []
        const items = [...batch.entries()]
        const groups = bySlot(redis.isCluster, items, ([, { key }]) => keyOf(key))
        const calls = groups.flatMap((group) => chunked(group, requestsMax))
        const ask = Effect.fnUntraced(
          function* (call: (typeof calls)[number]) {
            const costs = call.map(([, { cost }]) => cost)
            const keys = call.map(([, { key }]) => keyOf(key))
            const reply = yield* taking(keys, [1000 / rate.perSecond, rate.burst, ...costs])
            for (const [i, [at]] of call.entries()) waits[at] = (reply as ReadonlyArray<number>)[i]
          },
          (asked) => Effect.ignore(asked)
        )
        yield* Effect.forEach(calls, ask, { concurrency: slotConcurrency, discard: true })
        return batch.map((_, at) => answerOf(waits[at]))
      })
    })
  })
)

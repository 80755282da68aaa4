/** The line that `store bench queue` stands in: in this process, or in Redis under its own name. */
import { randomBytes } from "node:crypto"
import * as OrderQueueMemory from "@doorbuster/adapters/memory/OrderQueueMemory"
import * as OrderQueueRedis from "@doorbuster/adapters/redis/queue/OrderQueueRedis"
import * as RedisClient from "@doorbuster/adapters/redis/RedisClient"
import type { OrderQueue } from "@doorbuster/core/queue/OrderQueue"
import type { Uuid } from "@doorbuster/core/Uuid"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Redacted from "effect/Redacted"

export interface BenchLine {
  readonly kind: "memory" | "redis"
  readonly layer: Layer.Layer<OrderQueue>
  /** Takes everything away that these tickets have left behind. */
  readonly clear: (tickets: ReadonlyArray<Uuid>) => Effect.Effect<void>
}

export const memoryLine: BenchLine = {
  kind: "memory",
  layer: Layer.fresh(OrderQueueMemory.layer),
  clear: () => Effect.void
}

/** The parts of a line, and those of its tickets that are named. */
const clearing = `
local name = KEYS[1]
for _, part in ipairs({ 'stream', 'line', 'numbers', 'rate', 'dead', 'wants:hot' }) do
  redis.call('DEL', name .. ':' .. part)
end
for _, ticket in ipairs(ARGV) do redis.call('DEL', name .. ':ticket:' .. ticket) end
return 1`

const ticketsPerCall = 1_000

export const redisLine = (url: Redacted.Redacted<string>): BenchLine => {
  const name = `doorbuster:{bench-${randomBytes(6).toString("hex")}}`
  const client = RedisClient.layer({ url })
  return {
    kind: "redis",
    layer: Layer.fresh(OrderQueueRedis.layer({ name }).pipe(Layer.provide(client))),
    clear: (tickets) =>
      Effect.gen(function* () {
        const redis = yield* RedisClient.RedisClient
        const clear = redis.script("bench: clear the line", clearing)
        for (let at = 0; at <= tickets.length; at += ticketsPerCall) {
          yield* clear([name], tickets.slice(at, at + ticketsPerCall))
        }
      }).pipe(Effect.ignore, Effect.provide(Layer.fresh(client)))
  }
}

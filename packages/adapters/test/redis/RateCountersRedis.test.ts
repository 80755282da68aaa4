import { rateCountersContract } from "@doorbuster/adapters/contract"
import { layer } from "@doorbuster/adapters/redis/RateCountersRedis"
import { RedisClient } from "@doorbuster/adapters/redis/RedisClient"
import { RateCounters } from "@doorbuster/core/edge/RateCounters"
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { throwaway } from "./brokenRedis.ts"
import { redisLayer } from "./testRedis.ts"

rateCountersContract("redis", layer.pipe(Layer.provide(redisLayer())))

const slow = { perSecond: 0.001, burst: 1 }
const twice = [1, 2].map(() => ({ key: "ip:a", cost: 1 }))

it.live("a Redis that cannot be reached allows, and a bucket that was filled is no key", () =>
  Effect.gen(function* () {
    const redis = yield* throwaway
    yield* Effect.gen(function* () {
      const { take } = yield* RateCounters
      const { command } = yield* RedisClient
      const tags = (answers: ReadonlyArray<{ readonly _tag: string }>) =>
        answers.map(({ _tag }) => _tag)
      assert.deepStrictEqual(tags(yield* take(slow, twice)), ["Allowed", "Limited"])
      const end = yield* command("end", (client) => client.pttl("doorbuster:rate:{ip:a}"))
      assert.isTrue(end > 990_000 && end <= 1_000_000, `${end} ms`)
      yield* Effect.promise(redis.kill)
      assert.deepStrictEqual(tags(yield* take(slow, twice)), ["Allowed", "Allowed"])
    }).pipe(Effect.provide(Layer.provideMerge(layer, redisLayer(redis.url))))
  })
)

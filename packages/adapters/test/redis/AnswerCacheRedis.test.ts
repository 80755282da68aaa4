import { answerCacheContract } from "@doorbuster/adapters/contract"
import { layer } from "@doorbuster/adapters/redis/AnswerCacheRedis"
import { RedisClient } from "@doorbuster/adapters/redis/RedisClient"
import { AnswerCache } from "@doorbuster/core/edge/AnswerCache"
import type { AccountId } from "@doorbuster/core/order/OrderId"
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { throwaway, until } from "./brokenRedis.ts"
import { redisLayer } from "./testRedis.ts"

answerCacheContract("redis", layer.pipe(Layer.provide(redisLayer())))

const known = {
  account: "buyer" as AccountId,
  key: "first",
  fingerprint: "digest",
  answer: { status: 201, body: "{}" }
}
const process = (url: string) =>
  Layer.build(Layer.fresh(Layer.provideMerge(layer, redisLayer(url))))
const find = Effect.flatMap(AnswerCache, (cache) => cache.find([known]))

it.live("what one process kept, another one finds, until Redis has lost it", () =>
  Effect.gen(function* () {
    const redis = yield* throwaway
    const [one, two] = [yield* process(redis.url), yield* process(redis.url)]
    const three = yield* process(redis.url)
    yield* Effect.flatMap(AnswerCache, ({ keep }) => keep([known])).pipe(Effect.provideContext(one))
    yield* until(
      Effect.map(find, ([found]) => found !== undefined).pipe(Effect.provideContext(two))
    )
    assert.deepStrictEqual(yield* find.pipe(Effect.provideContext(two)), [known])
    const { command } = yield* RedisClient.pipe(Effect.provideContext(one))
    yield* command("flush", (client) => client.flushall())
    assert.deepStrictEqual(yield* find.pipe(Effect.provideContext(three)), [undefined])
    assert.deepStrictEqual(yield* find.pipe(Effect.provideContext(two)), [known])
  })
)

it.live("a Redis that is gone, or holds nonsense, has found nothing", () =>
  Effect.gen(function* () {
    const redis = yield* throwaway
    const one = yield* process(redis.url)
    const { command } = yield* RedisClient.pipe(Effect.provideContext(one))
    yield* command("spoil", (client) =>
      client.set("doorbuster:answer:{buyer first}", '{"status":1}')
    )
    assert.deepStrictEqual(yield* find.pipe(Effect.provideContext(one)), [undefined])
    yield* Effect.promise(redis.kill)
    assert.deepStrictEqual(yield* find.pipe(Effect.provideContext(one)), [undefined])
    yield* Effect.flatMap(AnswerCache, ({ keep }) => keep([known])).pipe(Effect.provideContext(one))
    assert.deepStrictEqual(yield* find.pipe(Effect.provideContext(one)), [known])
  })
)

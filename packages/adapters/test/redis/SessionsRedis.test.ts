import { sessionsContract } from "@doorbuster/adapters/contract"
import { RedisClient } from "@doorbuster/adapters/redis/RedisClient"
import { layer } from "@doorbuster/adapters/redis/SessionsRedis"
import { Sessions } from "@doorbuster/core/edge/Sessions"
import { assert, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { answering, throwaway, until } from "./brokenRedis.ts"
import { redisLayer } from "./testRedis.ts"

sessionsContract("redis", layer.pipe(Layer.provide(redisLayer())))

/** Another process on the same Redis. */
const process = (url: string) =>
  Layer.build(Layer.fresh(Layer.provideMerge(layer, redisLayer(url))))

const inAnHour = Effect.map(Clock.currentTimeMillis, (now) => now + 3_600_000)

const endIn = (session: string) =>
  Effect.gen(function* () {
    const { end } = yield* Sessions
    yield* end(session, yield* inAnHour)
  })

const heardBy = (session: string) => Effect.map(Sessions, ({ isEnded }) => isEnded(session))

it.live("every process hears of an end, and one that comes later reads of it", () =>
  Effect.gen(function* () {
    const { url } = yield* throwaway
    const [one, two] = [yield* process(url), yield* process(url)]
    yield* endIn("a").pipe(Effect.provideContext(one))
    yield* until(heardBy("a").pipe(Effect.provideContext(two)))
    const late = yield* process(url)
    assert.isTrue(yield* heardBy("a").pipe(Effect.provideContext(late)))
  })
)

it.live("a Redis that lost everything gives no ended session back to those who know it", () =>
  Effect.gen(function* () {
    const redis = yield* throwaway
    const one = yield* process(redis.url)
    yield* endIn("a").pipe(Effect.provideContext(one))
    yield* Effect.promise(() => redis.restart())
    yield* answering.pipe(Effect.provideContext(one))
    assert.isTrue(yield* heardBy("a").pipe(Effect.provideContext(one)))
  })
)

it.live("an end that nobody else could be told of is an error, but holds here", () =>
  Effect.gen(function* () {
    const redis = yield* throwaway
    const one = yield* process(redis.url)
    yield* Effect.promise(redis.kill)
    const error = yield* Effect.flip(endIn("a")).pipe(Effect.provideContext(one))
    assert.strictEqual(error._tag, "StorageError")
    assert.isTrue(yield* heardBy("a").pipe(Effect.provideContext(one)))
  })
)

it.live("what an outage kept from a process it reads afterwards", () =>
  Effect.gen(function* () {
    const redis = yield* throwaway
    const one = yield* process(redis.url)
    const older = yield* Effect.gen(function* () {
      yield* endIn("a")
      return yield* Effect.promise(redis.dump)
    }).pipe(Effect.provideContext(yield* process(redis.url)))
    const { command } = yield* RedisClient.pipe(Effect.provideContext(one))
    yield* command("flush", (client) => client.flushall())
    const late = yield* process(redis.url)
    assert.isFalse(yield* heardBy("a").pipe(Effect.provideContext(late)))
    yield* Effect.promise(() => redis.restart(older))
    yield* until(heardBy("a").pipe(Effect.provideContext(late)))
  })
)

/** Every port once more on a cluster: its keys must not want to lie together where they cannot. */
import {
  answerCacheContract,
  cartsContract,
  catalogCopiesContract,
  gateContract,
  rateCountersContract,
  sessionsContract
} from "@doorbuster/adapters/contract"
import * as AnswerCacheRedis from "@doorbuster/adapters/redis/AnswerCacheRedis"
import * as CartsRedis from "@doorbuster/adapters/redis/CartsRedis"
import * as CatalogCopiesRedis from "@doorbuster/adapters/redis/CatalogCopiesRedis"
import * as GateRedis from "@doorbuster/adapters/redis/GateRedis"
import { hashSlot } from "@doorbuster/adapters/redis/hashSlot"
import * as RateCountersRedis from "@doorbuster/adapters/redis/RateCountersRedis"
import { RedisClient } from "@doorbuster/adapters/redis/RedisClient"
import * as SessionsRedis from "@doorbuster/adapters/redis/SessionsRedis"
import { afterAll, assert, beforeAll, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { type RedisCluster, startRedisCluster } from "../../../../test/servers/redisCluster.ts"
import { redisLayer } from "./testRedis.ts"

let cluster: RedisCluster | undefined
beforeAll(async () => {
  cluster = await startRedisCluster()
})
afterAll(() => cluster?.stop())

const redis = Layer.unwrap(Effect.sync(() => redisLayer(cluster?.url)))

answerCacheContract("a Redis cluster", AnswerCacheRedis.layer.pipe(Layer.provide(redis)))
cartsContract("a Redis cluster", CartsRedis.layer.pipe(Layer.provide(redis)))
catalogCopiesContract("a Redis cluster", CatalogCopiesRedis.layer.pipe(Layer.provide(redis)))
gateContract("a Redis cluster", GateRedis.layer.pipe(Layer.provide(redis)), "several")
rateCountersContract("a Redis cluster", RateCountersRedis.layer.pipe(Layer.provide(redis)))
sessionsContract("a Redis cluster", SessionsRedis.layer.pipe(Layer.provide(redis)))

it.live("keys lie in the slots that the cluster itself puts them into", () =>
  Effect.gen(function* () {
    const { command } = yield* RedisClient
    for (const key of [
      "",
      "123456789",
      "a{b}c",
      "a{}c",
      "{a",
      "a}{b}{c}",
      "{ünïcödé}:x",
      "{{a}}"
    ]) {
      const slot = yield* command("slot", (client) => client.call("CLUSTER", "KEYSLOT", key))
      assert.strictEqual(hashSlot(key), slot, key)
    }
  }).pipe(Effect.provide(redis))
)

import { cartsContract } from "@doorbuster/adapters/contract/cartsContract"
import { layer } from "@doorbuster/adapters/redis/CartsRedis"
import { RedisClient } from "@doorbuster/adapters/redis/RedisClient"
import { Carts } from "@doorbuster/core/cart/Carts"
import type { AccountId } from "@doorbuster/core/order/OrderId"
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { throwaway } from "./brokenRedis.ts"
import { redisLayer } from "./testRedis.ts"

cartsContract("redis", layer.pipe(Layer.provide(redisLayer())))

const account = "buyer" as AccountId
const over = (url: string) => Layer.provideMerge(layer, redisLayer(url))

it.live("a cart ends by itself, and what cannot be read is an empty one", () =>
  Effect.gen(function* () {
    const redis = yield* throwaway
    yield* Effect.gen(function* () {
      const carts = yield* Carts
      const { command } = yield* RedisClient
      const ends = command("ends", (client) => client.pttl("doorbuster:cart:{buyer}"))
      yield* carts.setLine(account, { sku: "A", quantity: 1 } as never)
      assert.isAbove(yield* ends, 0)
      yield* carts.put(account, [{ sku: "A", quantity: 1 } as never])
      assert.isAbove(yield* ends, 0)
      yield* command("spoil", (client) => client.set("doorbuster:cart:{buyer}", "nonsense"))
      assert.deepStrictEqual(yield* carts.get(account), { lines: [] })
      const cart = { lines: [{ sku: "B", quantity: 2 } as never] }
      assert.deepStrictEqual(yield* carts.setLine(account, ...(cart.lines as [never])), cart)
    }).pipe(Effect.provide(over(redis.url)))
  })
)

it.live("without Redis a cart is unavailable, not empty", () =>
  Effect.gen(function* () {
    const redis = yield* throwaway
    yield* Effect.promise(redis.kill)
    yield* Effect.gen(function* () {
      const carts = yield* Carts
      const error = yield* Effect.flip(carts.get(account))
      assert.deepStrictEqual([error._tag, error.reason], ["StorageError", "unavailable"])
    }).pipe(Effect.provide(over(redis.url)))
  })
)

import { orderQueueContract } from "@doorbuster/adapters/contract"
import { layer } from "@doorbuster/adapters/redis/queue/OrderQueueRedis"
import { RedisClient } from "@doorbuster/adapters/redis/RedisClient"
import { Currency } from "@doorbuster/core/money/Currency"
import type { AccountId } from "@doorbuster/core/order/OrderId"
import { OrderQueue } from "@doorbuster/core/queue/OrderQueue"
import type { QueuedOrder } from "@doorbuster/core/queue/QueuedOrder"
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { startRedisCluster } from "../../../../../test/servers/redisCluster.ts"
import { throwaway } from "../brokenRedis.ts"
import { redisLayer } from "../testRedis.ts"

orderQueueContract("redis", layer({ name: "contract:{queue}" }).pipe(Layer.provide(redisLayer())))

const cluster = Layer.unwrap(
  Effect.map(
    Effect.acquireRelease(
      Effect.promise(() => startRedisCluster()),
      ({ stop }) => Effect.promise(stop)
    ),
    ({ url }) => redisLayer(url)
  )
)
orderQueueContract("redis cluster", layer().pipe(Layer.provide(cluster)))

const order: QueuedOrder = {
  account: "ann" as AccountId,
  key: "key",
  fingerprint: "body",
  currency: Currency.make("EUR"),
  lines: [],
  coupons: [],
  shippingMethod: null,
  shipTo: null,
  expectedTotal: null,
  externalRef: null,
  occurredAt: null,
  emptiesCart: null
}

const take = OrderQueue.use((queue) =>
  queue.take({ consumer: "me", limit: 10, perSecond: 1_000_000 })
)
const join = OrderQueue.use((queue) => queue.join([order], 10))

/** On a Redis of its own. */
const alone = <E>(promise: string, kept: Effect.Effect<void, E, OrderQueue | RedisClient>) =>
  it.live(promise, () =>
    Effect.gen(function* () {
      const { url } = yield* throwaway
      yield* Effect.provide(kept, layer().pipe(Layer.provideMerge(redisLayer(url))))
    })
  )

alone(
  "a line that was flushed is a new line, and who was served meanwhile has the answer",
  Effect.gen(function* () {
    const queue = yield* OrderQueue
    const { client } = yield* RedisClient
    const [joined] = yield* join
    const entries = yield* take
    yield* Effect.promise(() => client.flushall())
    const ticket = entries[0]?.ticket as never
    assert.deepStrictEqual(yield* queue.find([ticket]), [undefined])
    assert.isEmpty(yield* queue.claim("me", 0, 10))
    const answer = { _tag: "Placed", status: 201, body: "{}" } as const
    yield* queue.settle(entries.map((entry) => ({ ...entry, answer, dead: false })))
    assert.deepStrictEqual(yield* queue.find([ticket]), [
      { _tag: "Answered", account: order.account, answer }
    ])
    assert.include(joined, { _tag: "Waiting", position: 1 })
    assert.deepStrictEqual(yield* join, [{ _tag: "Placed", ticket, answer }])
  })
)

alone(
  "an entry that nobody can read does not stop those behind it, and its ticket says so",
  Effect.gen(function* () {
    const queue = yield* OrderQueue
    const { client } = yield* RedisClient
    const [joined] = yield* join
    const ticket = joined?._tag === "Waiting" ? joined.ticket : ("" as never)
    const stream = "doorbuster:{order-queue}:stream"
    yield* Effect.promise(async () => {
      const [[entry = ""] = []] = await client.xrange(stream, "-", "+")
      await client.xdel(stream, entry)
      await client.xadd(stream, "*", "ticket", ticket, "order", '{"from":"the future"}')
      const [[other = ""] = []] = await client.xrange(stream, "-", "+")
      await client.hset(`doorbuster:{order-queue}:ticket:${ticket}`, "entry", other)
    })
    const behind = { ...order, key: "behind" }
    yield* queue.join([behind], 10)
    const entries = yield* take
    assert.deepStrictEqual(
      entries.map((entry) => entry.order.key),
      ["behind"]
    )
    const [state] = yield* queue.find([ticket])
    assert.include(state, { _tag: "Answered", account: order.account })
    assert.deepStrictEqual(yield* queue.counts, { waiting: 0, taken: 1, dead: 1 })
  })
)

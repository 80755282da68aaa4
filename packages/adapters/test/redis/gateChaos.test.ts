/**
 * The gate on a Redis that is broken in the middle of a sale. Goal: whatever happens to Redis, the
 * gate lets pass or is put right by the next `set`; it never waits for a server that does not
 * answer. Each test sells, breaks, asks, mends, sets, and counts exactly again.
 */
import { layer } from "@doorbuster/adapters/redis/GateRedis"
import { RedisClient } from "@doorbuster/adapters/redis/RedisClient"
import { Gate, type GateRequest, guardMs } from "@doorbuster/core/edge/Gate"
import type { StockKey } from "@doorbuster/core/inventory/StockKey"
import { assert, describe, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { startRedisCluster } from "../../../../test/servers/redisCluster.ts"
import { startWire } from "../../../../test/servers/Wire.ts"
import { answering, throwaway, until } from "./brokenRedis.ts"
import { redisLayer } from "./testRedis.ts"

const mug = "MUG" as StockKey
const lamp = "LAMP" as StockKey
const one = (key: StockKey): GateRequest => ({ lines: [{ key, quantity: 1 }] })

const gateAt = (url: string) => Layer.provideMerge(layer, redisLayer(url))

/** How many of `asked` requests for one unit come through, one call after the other. */
const letIn = (key: StockKey, asked: number) =>
  Effect.gen(function* () {
    const gate = yield* Gate
    let count = 0
    for (let i = 0; i < asked; i += 1) {
      const [answer] = yield* gate.enter([one(key)])
      if (answer?._tag === "Passed") count += 1
    }
    return count
  })

const setTo = (available: number, key = mug) =>
  Effect.flatMap(Gate, (gate) => gate.set([{ key, available }]))

/** Sells the last unit, so that the gate refuses from now on. */
const sellOut = Effect.gen(function* () {
  yield* setTo(1)
  assert.strictEqual(yield* letIn(mug, 3), 1)
})

/** As the record has it: three left. */
const isPutRight = Effect.gen(function* () {
  yield* answering
  yield* setTo(3)
  assert.strictEqual(yield* letIn(mug, 5), 3)
})

const flushing = Effect.gen(function* () {
  const redis = yield* throwaway
  yield* Effect.gen(function* () {
    yield* sellOut
    const { command } = yield* RedisClient
    yield* command("flush", (client) => client.flushall())
    assert.strictEqual(yield* letIn(mug, 3), 3)
    assert.deepStrictEqual(yield* (yield* Gate).guarded, [])
    yield* isPutRight
  }).pipe(Effect.provide(gateAt(redis.url)))
})

const killing = Effect.gen(function* () {
  const redis = yield* throwaway
  yield* Effect.gen(function* () {
    yield* sellOut
    yield* Effect.promise(redis.kill)
    assert.strictEqual(yield* letIn(mug, 20), 20)
    const gate = yield* Gate
    yield* gate.leave([one(mug)])
    yield* gate.remove([lamp])
    yield* setTo(0)
    assert.strictEqual(gate.peek(mug), undefined)
    assert.strictEqual(yield* letIn(mug, 20), 20)
    yield* Effect.promise(() => redis.restart())
    yield* isPutRight
  }).pipe(Effect.provide(gateAt(redis.url)))
})

/** It thaws after the calls have returned: they cannot have waited for it. */
const freezing = Effect.gen(function* () {
  const redis = yield* throwaway
  yield* Effect.gen(function* () {
    yield* sellOut
    redis.freeze()
    assert.strictEqual(yield* letIn(mug, 100), 100)
    yield* Effect.sleep("5 seconds")
    assert.strictEqual(yield* letIn(mug, 100), 100)
    redis.thaw()
    yield* isPutRight
  }).pipe(Effect.provide(gateAt(redis.url)))
})

const goingBack = Effect.gen(function* () {
  const redis = yield* throwaway
  yield* Effect.gen(function* () {
    yield* sellOut
    const older = yield* Effect.promise(redis.dump)
    yield* setTo(2)
    yield* Effect.promise(() => redis.restart(older))
    yield* answering
    assert.strictEqual(yield* letIn(mug, 1), 0, "the older dump says that it is sold out")
    const { command } = yield* RedisClient
    const ends = yield* command("ends", async (client) => {
      const keys = (await client.keys("doorbuster:gate:{*")) as Array<string>
      return Promise.all(keys.map((key) => client.pttl(key)))
    })
    assert.lengthOf(ends, 1)
    for (const ms of ends) assert.isTrue(ms > 0 && ms <= guardMs, `${ms} ms`)
    yield* isPutRight
  }).pipe(Effect.provide(gateAt(redis.url)))
})

const cutting = Effect.gen(function* () {
  const redis = yield* throwaway
  const wire = yield* Effect.acquireRelease(
    Effect.promise(() => startWire(redis.port)),
    ({ stop }) => Effect.promise(stop)
  )
  yield* Effect.gen(function* () {
    yield* sellOut
    wire.cut()
    assert.strictEqual(yield* letIn(mug, 1), 1)
    yield* isPutRight
  }).pipe(Effect.provide(gateAt(`redis://127.0.0.1:${wire.port}`)))
})

/** It stands still, so that nothing that was heard grows too old to be believed. */
const stopped = Layer.effect(
  Clock.Clock,
  Effect.map(Clock.Clock, (clock): Clock.Clock => {
    const now = clock.currentTimeMillisUnsafe()
    return Object.assign(Object.create(clock), { currentTimeMillisUnsafe: () => now })
  })
)

const listening = Effect.gen(function* () {
  const redis = yield* throwaway
  const seller = yield* Layer.build(Layer.fresh(gateAt(redis.url)))
  const sells = <A, E>(does: (gate: Gate["Service"]) => Effect.Effect<A, E>) =>
    Effect.flatMap(Gate, does).pipe(Effect.provideContext(seller))
  yield* Effect.gen(function* () {
    const gate = yield* Gate
    const hears = (level: number | undefined) => until(Effect.sync(() => gate.peek(mug) === level))
    yield* sells(({ set }) => set([{ key: mug, available: 2 }]))
    yield* hears(2)
    yield* sells(({ enter }) => enter([one(mug), one(mug)]))
    yield* hears(0)
    yield* sells(({ leave }) => leave([one(mug)]))
    yield* hears(1)
    const { command } = yield* RedisClient
    yield* command("deafen", (client) => client.call("CLIENT", "KILL", "TYPE", "pubsub"))
    yield* sells(({ remove }) => remove([mug]))
    yield* hears(undefined)
  }).pipe(Effect.provide(gateAt(redis.url).pipe(Layer.provide(stopped))))
})

describe("the gate lets pass, and is exact again after the next set, when", () => {
  it.live("everything in Redis is flushed", () => flushing)
  it.live("Redis is killed", () => killing)
  it.live("Redis freezes for five seconds", () => freezing)
  it.live("Redis comes back with an older dump", () => goingBack)
  it.live("its connection is cut without being closed", () => cutting)
})

it.live(
  "every process hears what is sold out, and forgets what it may have missed",
  () => listening
)

const manySkus = Array.from({ length: 12 }, (_, i) => `SKU-${i}` as StockKey)
const all: GateRequest = { lines: manySkus.map((key) => ({ key, quantity: 1 })) }

/** A request for all of them is refused for one, and what it took of the others comes back. */
const isWhole = Effect.fnUntraced(function* (gate: Gate["Service"], scarce: StockKey) {
  yield* gate.set(manySkus.map((key) => ({ key, available: key === scarce ? 1 : 5 })))
  assert.deepStrictEqual(yield* gate.enter([all]), [{ _tag: "Passed" }])
  const refusal = { _tag: "SoldOut" as const, key: scarce, requested: 1, available: 0 }
  assert.deepStrictEqual(yield* gate.enter([all]), [refusal])
  const others = manySkus.filter((key) => key !== scarce)
  const rest = { lines: others.map((key) => ({ key, quantity: 4 })) }
  assert.deepStrictEqual(yield* gate.enter([rest]), [{ _tag: "Passed" }])
})

const failingOver = Effect.gen(function* () {
  const cluster = yield* Effect.acquireRelease(Effect.promise(startRedisCluster), ({ stop }) =>
    Effect.promise(stop)
  )
  yield* Effect.gen(function* () {
    const gate = yield* Gate
    yield* sellOut
    for (const scarce of manySkus) yield* isWhole(gate, scarce)
    yield* Effect.promise(() => cluster.killMasterOf("doorbuster:gate:{MUG}:MUG"))
    assert.strictEqual(yield* letIn(mug, 5), 5)
    yield* until(
      Effect.gen(function* () {
        yield* setTo(1)
        return (yield* letIn(mug, 3)) === 1
      })
    )
  }).pipe(Effect.provide(gateAt(cluster.url)))
})

it.live("a cluster answers over all of its masters, and again after a failover", () => failingOver)

import { parseAddress } from "@doorbuster/adapters/redis/RedisAddress"
import { type Heard, RedisClient } from "@doorbuster/adapters/redis/RedisClient"
import { assert, describe, expect, it, test } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import * as Stream from "effect/Stream"
import { startWire } from "../../../../test/servers/Wire.ts"
import { answering, ping, throwaway, until } from "./brokenRedis.ts"
import { redisLayer } from "./testRedis.ts"

describe("an address", () => {
  test.each([
    ["redis://cache", { nodes: [{ host: "cache", port: 6379 }], tls: false, cluster: false }],
    ["rediss://cache:7000/3", { nodes: [{ host: "cache", port: 7000 }], tls: true, db: 3 }],
    ["redis://ann:a%40b:c@cache", { username: "ann", password: "a@b:c" }],
    ["redis://:secret@cache", { username: undefined, password: "secret" }],
    ["redis://[::1]:7000", { nodes: [{ host: "::1", port: 7000 }] }],
    ["redis://cache?cluster=1", { nodes: [{ host: "cache", port: 6379 }], cluster: true }],
    ["redis://a:1,b", { nodes: ["a", "b"].map((host) => ({ host })), cluster: true }]
  ])("%s is understood", (url, expected) => {
    expect(parseAddress(url)).toMatchObject(expected)
  })
  test.each(["http://cache", "redis://", "redis://a:b:c", "redis://a,,b"])("%s is not", (url) => {
    expect(parseAddress(url)).toBeUndefined()
  })
})

const reasonOf = <A, E extends { readonly reason: string }, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.map(Effect.flip(effect), ({ reason }) => reason)

/** What the channel brings, as it comes. */
const listening = (channel: string) =>
  Effect.gen(function* () {
    const { subscribe } = yield* RedisClient
    const heard = yield* Queue.unbounded<Heard>()
    yield* Effect.forkScoped(
      Stream.runForEach(subscribe(channel), (one) => Queue.offer(heard, one))
    )
    return heard
  })

describe("a client", () => {
  it.live("fails at once while Redis is dead, and works again when it is back", () =>
    Effect.gen(function* () {
      const redis = yield* throwaway
      yield* Effect.gen(function* () {
        assert.strictEqual(yield* ping, "PONG")
        yield* Effect.promise(redis.kill)
        const { isUp } = yield* RedisClient
        yield* until(Effect.sync(() => !isUp()))
        // A time limit of an hour: only a failure at once ends this.
        assert.strictEqual(yield* reasonOf(ping), "unreachable")
        yield* Effect.promise(() => redis.restart())
        assert.strictEqual(yield* answering, "PONG")
      }).pipe(Effect.provide(redisLayer(redis.url, 3_600_000)))
    })
  )

  it.live("gives a frozen Redis no longer than the time limit, and has it back when it thaws", () =>
    Effect.gen(function* () {
      const redis = yield* throwaway
      yield* Effect.gen(function* () {
        assert.strictEqual(yield* ping, "PONG")
        redis.freeze()
        assert.strictEqual(yield* reasonOf(ping), "timeout")
        const { isUp } = yield* RedisClient
        yield* until(Effect.map(Effect.exit(ping), () => !isUp()))
        assert.strictEqual(yield* reasonOf(ping), "unreachable")
        redis.thaw()
        assert.strictEqual(yield* answering, "PONG")
      }).pipe(Effect.provide(redisLayer(redis.url)))
    })
  )

  it.live("leaves a connection that was cut without being closed", () =>
    Effect.gen(function* () {
      const redis = yield* throwaway
      const wire = yield* Effect.acquireRelease(
        Effect.promise(() => startWire(redis.port)),
        ({ stop }) => Effect.promise(stop)
      )
      yield* Effect.gen(function* () {
        const heard = yield* listening("news")
        assert.deepStrictEqual(yield* Queue.take(heard), { _tag: "Joined" })
        wire.cut()
        assert.strictEqual(yield* reasonOf(ping), "timeout")
        assert.strictEqual(yield* answering, "PONG")
        // The listener sends nothing of its own: only its heartbeat finds out.
        assert.deepStrictEqual(yield* Queue.take(heard), { _tag: "Joined" })
      }).pipe(Effect.provide(redisLayer(`redis://127.0.0.1:${wire.port}`)))
    })
  )

  it.live("is built without a Redis, and finds it when it comes", () =>
    Effect.gen(function* () {
      const redis = yield* throwaway
      yield* Effect.promise(redis.kill)
      yield* Effect.gen(function* () {
        assert.strictEqual(yield* reasonOf(ping), "unreachable")
        yield* Effect.promise(() => redis.restart())
        assert.strictEqual(yield* answering, "PONG")
      }).pipe(Effect.provide(redisLayer(redis.url)))
    })
  )

  it.live("takes what the driver throws for a failure of the command", () =>
    Effect.gen(function* () {
      const { command } = yield* RedisClient
      const thrown = command("odd", () => {
        throw new TypeError("odd")
      })
      assert.strictEqual(yield* reasonOf(thrown), "unreachable")
    }).pipe(Effect.provide(redisLayer()))
  )

  it.live("fails at once for a cluster of which no node is there", () =>
    Effect.gen(function* () {
      assert.strictEqual(yield* reasonOf(ping), "unreachable")
    }).pipe(Effect.provide(redisLayer("redis://127.0.0.1:1,127.0.0.1:2", 3_600_000)))
  )

  it.live("tells each time that Redis is there again", () =>
    Effect.gen(function* () {
      const redis = yield* throwaway
      yield* Effect.gen(function* () {
        const { ups } = yield* RedisClient
        const seen = yield* Queue.unbounded<void>()
        yield* Effect.forkScoped(Stream.runForEach(ups, () => Queue.offer(seen, undefined)))
        yield* Queue.take(seen)
        yield* Effect.promise(() => redis.restart())
        yield* Queue.take(seen)
      }).pipe(Effect.provide(redisLayer(redis.url)))
    })
  )

  it.live("gives a server that has forgotten its scripts the text again", () =>
    Effect.gen(function* () {
      const { command, script } = yield* RedisClient
      const add = script("add", "return ARGV[1] + ARGV[2]")
      assert.strictEqual(yield* add(["{k}"], [1, 2]), 3)
      yield* command("flush", (client) => client.script("FLUSH"))
      assert.strictEqual(yield* add(["{k}"], [1, 2]), 3)
      const bad = script("bad", "return redis.call('INCR')")
      assert.strictEqual(yield* reasonOf(bad(["{k}"], [])), "refused")
    }).pipe(Effect.provide(redisLayer()))
  )

  it.live("hears what another one says, and joins again after an outage", () =>
    Effect.gen(function* () {
      const redis = yield* throwaway
      yield* Effect.gen(function* () {
        const { publish } = yield* RedisClient
        const heard = yield* listening("news")
        assert.deepStrictEqual(yield* Queue.take(heard), { _tag: "Joined" })
        yield* publish("news", "first").pipe(Effect.provide(redisLayer(redis.url)))
        assert.deepStrictEqual(yield* Queue.take(heard), { _tag: "Said", text: "first" })
        yield* Effect.promise(() => redis.restart())
        assert.deepStrictEqual(yield* Queue.take(heard), { _tag: "Joined" })
        yield* answering
        yield* publish("news", "second")
        assert.deepStrictEqual(yield* Queue.take(heard), { _tag: "Said", text: "second" })
      }).pipe(Effect.provide(redisLayer(redis.url)))
    })
  )
})

import { rateCountersContract } from "@doorbuster/adapters/contract"
import { layer } from "@doorbuster/adapters/memory/RateCountersMemory"
import { RateCounters } from "@doorbuster/core/edge/RateCounters"
import { rateLimit } from "@doorbuster/core/edge/rateLimit"
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"

rateCountersContract("memory", layer)

it.effect("a limited request passes after the seconds it was told, and not before", () =>
  Effect.gen(function* () {
    const { allow } = rateLimit(yield* RateCounters, "ip", { perSecond: 0.5, burst: 2 })
    assert.strictEqual((yield* allow("a", 2))._tag, "Allowed")
    yield* TestClock.adjust(100)
    assert.deepStrictEqual(yield* allow("a"), { _tag: "Limited", retryAfterSeconds: 2 })
    yield* TestClock.adjust(1899)
    assert.strictEqual((yield* allow("a"))._tag, "Limited")
    yield* TestClock.adjust(1)
    assert.strictEqual((yield* allow("a"))._tag, "Allowed")
    assert.strictEqual((yield* allow("a"))._tag, "Limited")
  }).pipe(Effect.provide(layer))
)

it.effect("two limits of different names do not take from each other", () =>
  Effect.gen(function* () {
    const counters = yield* RateCounters
    const rate = { perSecond: 0.5, burst: 1 }
    assert.strictEqual((yield* rateLimit(counters, "ip", rate).allow("a"))._tag, "Allowed")
    assert.strictEqual((yield* rateLimit(counters, "account", rate).allow("a"))._tag, "Allowed")
  }).pipe(Effect.provide(layer))
)

it.effect("addresses without number do not fill the memory, nor free the busy ones", () =>
  Effect.gen(function* () {
    const { take } = yield* RateCounters
    const brief = { perSecond: 1000, burst: 1 }
    const slow = { perSecond: 0.001, burst: 1 }
    yield* take(slow, [{ key: "busy", cost: 1 }])
    const others = Array.from({ length: 150_000 }, (_, i) => ({ key: `other ${i}`, cost: 1 }))
    yield* take(brief, others.slice(0, 99_999))
    yield* TestClock.adjust(1000)
    yield* take(brief, others.slice(99_999))
    const [answer] = yield* take(slow, [{ key: "busy", cost: 1 }])
    assert.strictEqual(answer?._tag, "Limited")
  }).pipe(Effect.provide(layer))
)

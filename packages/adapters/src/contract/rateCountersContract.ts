import { type Rate, RateCounters } from "@doorbuster/core/edge/RateCounters"
import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import { freshName } from "./fresh.ts"
import { atOnce, tally } from "./outcomes.ts"
import { type Promises, suite } from "./suite.ts"

/** So slow that nothing flows in while a test runs. */
const slow: Rate = { perSecond: 0.001, burst: 3 }

const freshKey = freshName("rate")
const allowed = { _tag: "Allowed" as const }

const counters: Promises<RateCounters> = {
  "allows a burst and then limits, saying when the same request would pass": Effect.gen(
    function* () {
      const { take } = yield* RateCounters
      const key = yield* freshKey
      const batch = [1, 1, 1, 1].map((cost) => ({ key, cost }))
      const answers = yield* take(slow, batch)
      assert.deepStrictEqual(answers.slice(0, 3), [allowed, allowed, allowed])
      const [later] = yield* take(slow, [{ key, cost: 2 }])
      for (const [answer, seconds] of [[answers[3], 1000] as const, [later, 2000] as const]) {
        assert.strictEqual(answer?._tag, "Limited")
        // Some time may have passed since the first tokens were taken.
        const told = answer?._tag === "Limited" ? answer.retryAfterSeconds : 0
        assert.isTrue(seconds - 60 <= told && told <= seconds, `${told} s`)
      }
    }
  ),

  "takes nothing for a request that it limits": Effect.gen(function* () {
    const { take } = yield* RateCounters
    const key = yield* freshKey
    const answers = yield* take(
      slow,
      [2, 2, 1, 1].map((cost) => ({ key, cost }))
    )
    assert.deepStrictEqual(
      answers.map(({ _tag }) => _tag),
      ["Allowed", "Limited", "Allowed", "Limited"]
    )
  }),

  "counts each key for itself": Effect.gen(function* () {
    const { take } = yield* RateCounters
    const [a, b] = [yield* freshKey, yield* freshKey]
    const answers = yield* take(slow, [
      { key: a, cost: 3 },
      { key: a, cost: 1 },
      { key: b, cost: 3 }
    ])
    assert.deepStrictEqual(tally(answers), { Allowed: 2, Limited: 1 })
    assert.deepStrictEqual(yield* take(slow, []), [])
  }),

  "lets a request pass that costs more than a full bucket, when it is full": Effect.gen(
    function* () {
      const { take } = yield* RateCounters
      const key = yield* freshKey
      const answers = yield* take(slow, [
        { key, cost: 10 },
        { key, cost: 1 }
      ])
      assert.deepStrictEqual(tally(answers), { Allowed: 1, Limited: 1 })
    }
  ),

  "fills again": Effect.gen(function* () {
    const { take } = yield* RateCounters
    const key = yield* freshKey
    const rate: Rate = { perSecond: 50, burst: 1 }
    const ask = Effect.map(take(rate, [{ key, cost: 1 }]), ([answer]) => answer?._tag === "Allowed")
    assert.isTrue(yield* ask)
    yield* Effect.repeat(ask, { until: (passed) => passed })
  }),

  "allows no more than the burst, however many ask at once": Effect.gen(function* () {
    const { take } = yield* RateCounters
    const key = yield* freshKey
    const batches = Array.from({ length: 20 }, () => [{ key, cost: 1 }])
    const answers = yield* atOnce(batches, (batch) => take(slow, batch))
    assert.deepStrictEqual(tally(answers), { Allowed: 3, Limited: 17 })
  })
}

/** What every `RateCounters` promises while it can be reached. */
export const rateCountersContract = <E>(
  name: string,
  adapter: Layer.Layer<RateCounters, E>
): void => suite(`RateCounters contract: ${name}`, adapter, [counters])

/** A store that goes away while it is replayed against: ridden out, or given up in time. */
import { StorageError } from "@doorbuster/core/StorageError"
import { assert, describe, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { Sale } from "../../src/replay/Operation.ts"
import { replay } from "../../src/replay/replay.ts"
import { Target } from "../../src/replay/Target.ts"
import { seed } from "../../src/seed/seed.ts"
import { readTrace } from "../../src/trace/readTrace.ts"
import { memoryStore } from "../support/stores.ts"
import { fixture } from "../support/traceFile.ts"

const firstDay = { from: null, to: Date.parse("2010-12-02T00:00:00Z") }
const away = new StorageError({ operation: "test", reason: "unavailable", detail: "no socket" })

/** The replay, from the hundredth sale on over a store whose checkout `place` makes of its own. */
const replayWith = Effect.fnUntraced(function* (
  patienceMs: number,
  place: (usual: ReturnType<Target["Service"]["place"]>) => ReturnType<Target["Service"]["place"]>
) {
  yield* seed(fixture, "exact")
  const target = yield* Target
  let sales = 0
  const faulty = Target.of({
    ...target,
    place: (sale: Sale) => (++sales < 100 ? target.place(sale) : place(target.place(sale)))
  })
  const said: Array<string> = []
  const onSilence = (message: string) => Effect.sync(() => void said.push(message))
  const begun = yield* Clock.currentTimeMillis
  const result = yield* replay(yield* readTrace(fixture, firstDay), {
    concurrency: 16,
    patienceMs,
    onSilence
  }).pipe(Effect.provideService(Target, faulty), Effect.result)
  const tookMs = (yield* Clock.currentTimeMillis) - begun
  return { result, said, tookMs }
})

describe("a replay whose store goes away", () => {
  it.live.each([
    ["refuses connections", () => Effect.fail(away), /no socket/],
    ["takes requests and says nothing", () => Effect.never, /nothing comes back/]
  ] as const)("and %s says so once and gives up soon", ([, place, why]) =>
    Effect.gen(function* () {
      const { result, said, tookMs } = yield* replayWith(600, place)
      assert.strictEqual(said.length, 1)
      assert.match(said[0] ?? "", /does not answer \(.*\); waiting up to \d+ s$/)
      assert.match(said[0] ?? "", why)
      if (result._tag === "Success") return assert.fail("it ended well")
      assert.strictEqual(result.failure._tag, "StoreSilent")
      assert.match(result.failure.message, why)
      assert.isBelow(tookMs, 5_000)
    }).pipe(Effect.provide(memoryStore))
  )

  it.live("for less than the patience ends as if nothing had been", () =>
    Effect.gen(function* () {
      const awayUntil = { at: 0 }
      const { result, said } = yield* replayWith(3_000, (usual) =>
        Effect.gen(function* () {
          const now = yield* Clock.currentTimeMillis
          if (awayUntil.at === 0) awayUntil.at = now + 2_000
          return yield* now < awayUntil.at ? Effect.fail(away) : usual
        })
      )
      assert.strictEqual(said.length, 1)
      if (result._tag === "Failure") return assert.fail(result.failure.message)
      assert.isTrue(result.success.matches)
    }).pipe(Effect.provide(memoryStore))
  )
})

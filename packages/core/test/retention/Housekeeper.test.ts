import * as Housekeeper from "@doorbuster/core/retention/Housekeeper"
import { Retention, type Retired, type Retirement } from "@doorbuster/core/retention/Retention"
import { RetentionSettings } from "@doorbuster/core/retention/RetentionSettings"
import { StorageError } from "@doorbuster/core/StorageError"
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Metric from "effect/Metric"
import { TestClock } from "effect/testing"

const hourMs = 3_600_000

const settings: RetentionSettings = {
  keepMs: 48 * hourMs,
  beatMs: 1_000,
  batchSize: 7,
  batchesPerRound: 3
}

const some: Retired = { keys: 1, payloads: 2, more: false }

/** A housekeeper at work, and what it has asked for. */
const working = Effect.fnUntraced(function* (
  retire: Effect.Effect<Retired, StorageError>,
  change: Partial<RetentionSettings> = {}
) {
  const asked: Array<Retirement> = []
  const port = Retention.of({
    retire: (retirement) =>
      Effect.andThen(
        Effect.sync(() => asked.push(retirement)),
        retire
      )
  })
  yield* TestClock.setTime(100 * hourMs)
  yield* Layer.build(
    Housekeeper.layer.pipe(
      Layer.provide(Layer.succeed(Retention, port)),
      Layer.provide(Layer.succeed(RetentionSettings, { ...settings, ...change })),
      Layer.provide(Logger.layer([]))
    )
  )
  yield* TestClock.adjust(0)
  return asked
})

it.effect("asks once in each beat for what is older than the retention", () =>
  Effect.gen(function* () {
    const asked = yield* working(Effect.succeed(some))
    yield* TestClock.adjust(2_500)
    assert.deepStrictEqual(
      asked,
      [0, 1_000, 2_000].map((later) => ({ openedBefore: 52 * hourMs + later, limit: 7 }))
    )
  })
)

it.effect("keeps everything for 24 hours, whatever is asked of it", () =>
  Effect.gen(function* () {
    const asked = yield* working(Effect.succeed(some), { keepMs: hourMs })
    assert.strictEqual(asked[0]?.openedBefore, 76 * hourMs)
  })
)

it.effect("goes on while there is more, and no further than a round goes", () =>
  Effect.gen(function* () {
    const asked = yield* working(Effect.succeed({ ...some, more: true }))
    assert.lengthOf(asked, settings.batchesPerRound)
    yield* TestClock.adjust(1_000)
    assert.lengthOf(asked, 2 * settings.batchesPerRound)
  })
)

it.effect("comes again after a store that was down, and after a bug", () =>
  Effect.gen(function* () {
    const down = new StorageError({ operation: "retire", reason: "unavailable", detail: "down" })
    const answers = [Effect.fail(down), Effect.die("a bug"), Effect.succeed(some)]
    const asked = yield* working(Effect.suspend(() => answers.shift() ?? Effect.succeed(some)))
    yield* TestClock.adjust(3_000)
    assert.lengthOf(asked, 4)
  })
)

it.effect("counts what it has retired", () =>
  Effect.gen(function* () {
    const count = (what: string) =>
      Effect.map(
        Metric.value(
          Metric.withAttributes(
            Metric.counter("doorbuster_retired_total", {
              description: "Rows that only the past needed and that were retired: key, payload",
              incremental: true
            }),
            { what }
          )
        ),
        ({ count }) => count
      )
    const before = [yield* count("key"), yield* count("payload")]
    yield* working(Effect.succeed(some))
    const after = [yield* count("key"), yield* count("payload")]
    assert.deepStrictEqual(
      after.map((value, i) => Number(value) - Number(before[i])),
      [1, 2]
    )
  })
)

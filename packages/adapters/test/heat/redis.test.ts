import { heatContract } from "@doorbuster/adapters/contract"
import * as HeatRedis from "@doorbuster/adapters/redis/HeatRedis"
import { RedisClient } from "@doorbuster/adapters/redis/RedisClient"
import { Heat, type HeatReport } from "@doorbuster/core/edge/heat/Heat"
import { emptySketch } from "@doorbuster/core/edge/heat/HeatSketch"
import { assert, layer, test } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { startThrowawayRedis } from "../../../../test/servers/throwawayRedis.ts"
import { redisLayer } from "../redis/testRedis.ts"

heatContract("redis", HeatRedis.layer.pipe(Layer.provide(redisLayer())))

const report = (process: string): HeatReport => ({ process, sketch: emptySketch(64) })

const names = (reports: ReadonlyArray<HeatReport>) => reports.map(({ process }) => process).sort()

layer(HeatRedis.layer.pipe(Layer.provideMerge(redisLayer())), { excludeTestServices: true })(
  "the reports in Redis",
  (it) => {
    it.effect("are left out where they cannot be read, and go away by themselves", () =>
      Effect.gen(function* () {
        const { client } = yield* RedisClient
        const { exchange } = yield* Heat
        const broken = { none: "", odd: "12 {}", other: "words", negative: '0 {"total":-1}' }
        const now = `${Date.now()} `
        const unread = { newer: `${now}{"capacity":64}`, text: `${now}<xml>` }
        yield* Effect.promise(() => client.hset("doorbuster:heat", { ...broken, ...unread }))
        const reports = names(yield* exchange(report("broken-a")))
        for (const name of [...Object.keys(broken), ...Object.keys(unread)]) {
          assert.notInclude(reports, name)
        }
        const left = yield* Effect.promise(() => client.hkeys("doorbuster:heat"))
        for (const name of Object.keys(broken)) assert.notInclude(left, name)
        assert.isAbove(yield* Effect.promise(() => client.pttl("doorbuster:heat")), 0)
      })
    )
  }
)

test("a process knows of itself while Redis is gone, frozen or emptied", async () => {
  const server = await startThrowawayRedis()
  const story = Effect.gen(function* () {
    const { exchange } = yield* Heat
    const { client } = yield* RedisClient
    yield* exchange(report("one"))
    assert.deepStrictEqual(names(yield* exchange(report("two"))), ["one", "two"])
    yield* Effect.promise(() => client.flushall())
    assert.deepStrictEqual(names(yield* exchange(report("two"))), ["two"])
    yield* exchange(report("one"))
    server.freeze()
    assert.deepStrictEqual(names(yield* exchange(report("two"))), ["two"])
    server.thaw()
    yield* Effect.promise(() => server.kill())
    assert.deepStrictEqual(names(yield* exchange(report("two"))), ["two"])
    yield* Effect.promise(() => server.restart())
    const together = Effect.gen(function* () {
      yield* exchange(report("one"))
      return names(yield* exchange(report("two")))
    })
    const back = yield* Effect.repeat(Effect.delay(together, 100), {
      until: (reports) => reports.length === 2
    })
    assert.deepStrictEqual(back, ["one", "two"])
  })
  const heat = HeatRedis.layer.pipe(Layer.provideMerge(redisLayer(server.url)))
  try {
    await Effect.runPromise(Effect.provide(story, heat))
  } finally {
    await server.stop()
  }
})

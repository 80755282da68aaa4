import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { memoryLine } from "../../src/bench/benchLine.ts"
import { queueBench } from "../../src/bench/queueBench.ts"
import { benchGround } from "../support/benchGround.ts"

describe("store bench queue", { timeout: 180_000 }, () => {
  it.live("everybody who stood in line has an order that is paid, and there are two rates", () =>
    Effect.gen(function* () {
      const { ground, scratch } = yield* benchGround
      const { results } = yield* queueBench(ground, memoryLine, {
        rounds: 1,
        seconds: 1,
        warmupSeconds: 0,
        callers: 8,
        orders: 50,
        onTime: () => Effect.void
      })
      assert.deepStrictEqual(
        results.map(({ name }) => name),
        ["queue.drain", "queue.join"]
      )
      assert.isTrue(results.every(({ ratio }) => ratio !== null && ratio > 0))
      assert.isEmpty(yield* scratch)
    }).pipe(Effect.scoped)
  )
})

import * as Database from "@doorbuster/adapters/postgres/Database"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type { ScratchDatabase } from "../../src/bench/BenchGround.ts"
import { stockBench } from "../../src/bench/stockBench.ts"
import { benchGround } from "../support/benchGround.ts"

const quick = {
  rounds: 1,
  seconds: 1,
  warmupSeconds: 0,
  callers: 8,
  skus: 5,
  segments: 3,
  processes: [2],
  onTime: () => Effect.void
}

const lose = {
  name: "bench_test_lose_unit",
  text: "update inventory.stock set reserved = reserved - 1 where sku = 'atomic-hot-1'"
}

const losesAUnit = ({ connection }: ScratchDatabase) =>
  Database.make({ connection, poolMax: 1 }).pipe(
    Effect.flatMap((database) => database.query("test", lose)),
    Effect.scoped,
    Effect.orDie,
    Effect.asVoid
  )

describe("store bench stock", { timeout: 180_000 }, () => {
  it.live("ranks strategies by several processes, and holds the plain one against pgbench", () =>
    Effect.gen(function* () {
      const { ground, scratch } = yield* benchGround
      const strategies = ["pessimistic", "segmented"] as const
      const { ranking, results } = yield* stockBench(ground, { ...quick, strategies })
      assert.lengthOf(ranking, 2 * strategies.length)
      const hot = ranking.filter(({ load }) => load === "hot")
      const rates = hot.map(({ per_second }) => per_second)
      assert.deepStrictEqual(
        rates,
        rates.toSorted((one, other) => other - one)
      )
      assert.isTrue(ranking.every(({ failed, per_second }) => failed === 0 && per_second > 0))
      assert.deepStrictEqual(
        results.map(({ name }) => name),
        ["stock.best_hot", "stock.pessimistic"]
      )
      assert.isAbove(results[0]?.ratio ?? 0, 0)
      assert.isEmpty(yield* scratch)
    }).pipe(Effect.scoped)
  )

  it.live("has no figure when a unit is reserved for nobody", () =>
    Effect.gen(function* () {
      const { ground } = yield* benchGround
      const options = { ...quick, processes: [1], strategies: ["atomic"] as const }
      const error = yield* Effect.flip(stockBench(ground, { ...options, beforeAudit: losesAUnit }))
      assert.strictEqual(error._tag, "FigureVoid")
      if (error._tag !== "FigureVoid") return
      assert.deepStrictEqual(
        error.broken.map(({ key, name }) => [name, key]),
        [["stock.conserved", "atomic-hot-1/0"]]
      )
    }).pipe(Effect.scoped)
  )
})

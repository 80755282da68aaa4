import { OrdersDatabase } from "@doorbuster/adapters/postgres/Database"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type { BenchReport } from "../../src/bench/BenchReport.ts"
import { checkoutBench } from "../../src/bench/checkoutBench.ts"
import { findPgbench } from "../../src/bench/pgbench.ts"
import { benchGround } from "../support/benchGround.ts"

const quick = {
  rounds: 1,
  seconds: 1,
  warmupSeconds: 0,
  callers: 8,
  skus: 5,
  onTime: () => Effect.void
}

const lose = {
  name: "bench_test_lose",
  text:
    "update orders.orders set state = 'canceled' where order_id in " +
    "(select order_id from orders.orders limit 1)"
}
const withoutRules = {
  name: "bench_test_rules",
  text: "alter table orders.orders disable trigger user"
}

/** An order that a caller was told of is canceled behind the store's back. */
const losesAnOrder = Effect.gen(function* () {
  const database = yield* OrdersDatabase
  yield* database.query("test", withoutRules)
  yield* database.query("test", lose)
}).pipe(Effect.orDie)

const resultOf = ({ results }: BenchReport, name: string) => {
  const found = results.find((result) => result.name === name)
  assert.isDefined(found)
  return found
}

/** Where there is one; and says so where there is none. */
const dividesByPgbench = (report: BenchReport) => {
  const { ratio, reference_per_second } = resultOf(report, "checkout.hot")
  if (findPgbench() === undefined) {
    assert.isNull(ratio)
    assert.match(report.notes.join(), /pgbench was not found/)
    return
  }
  assert.isAbove(reference_per_second ?? 0, 0)
  const best = resultOf(report, "checkout.hot.best")
  assert.isAtLeast(best.reference_per_second ?? 0, reference_per_second ?? 0)
}

describe("store bench checkout", { timeout: 180_000 }, () => {
  it.live("measures whole orders and what they cost, and leaves nothing behind", () =>
    Effect.gen(function* () {
      const { ground, scratch } = yield* benchGround
      const report = yield* checkoutBench(ground, { ...quick, loads: ["hot", "lone"] })
      assert.deepStrictEqual(
        report.results.map(({ name }) => name),
        ["checkout.hot", "checkout.hot.best", "checkout.lone"]
      )
      const { more, per_second, rounds } = resultOf(report, "checkout.hot")
      assert.isAbove(per_second, 0)
      assert.lengthOf(rounds, 1)
      const cost = more["per_order"] as Record<string, number>
      // Two orders at most share a batch of eight callers' orders.
      assert.isAbove(cost["rows"] ?? 0, 8)
      assert.isAbove(cost["commits"] ?? 0, 0)
      assert.isAbove(cost["fsyncs"] ?? 0, 0)
      assert.isAbove(cost["wal_bytes"] ?? 0, 1_000)
      assert.isAtLeast(more["p99_ms"] as number, more["p50_ms"] as number)
      dividesByPgbench(report)
      const lone = resultOf(report, "checkout.lone")
      const [latency, commit] = [lone.more["latency_ms"], lone.more["reference_latency_ms"]]
      assert.closeTo(lone.ratio ?? 0, Number(latency) / Number(commit), 1e-6)
      assert.deepInclude(report.server, { fsync: "on", synchronous_commit: "on" })
      assert.isEmpty(yield* scratch)
    }).pipe(Effect.scoped)
  )

  it.live("has no figure when an order that was paid is not there in the end", () =>
    Effect.gen(function* () {
      const { ground, scratch } = yield* benchGround
      const bench = checkoutBench(ground, { ...quick, loads: ["lone"], beforeAudit: losesAnOrder })
      const error = yield* Effect.flip(bench)
      assert.strictEqual(error._tag, "FigureVoid")
      if (error._tag !== "FigureVoid") return
      const names = error.broken.map(({ name }) => name)
      assert.includeMembers(names, ["bench.all_paid", "order.legal", "captured.owned"])
      assert.isEmpty(yield* scratch)
    }).pipe(Effect.scoped)
  )
})

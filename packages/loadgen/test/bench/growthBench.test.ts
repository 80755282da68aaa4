import { audit } from "@doorbuster/core/audit/audit"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { emptyStore } from "../../src/bench/BenchGround.ts"
import { benchPorts, benchStore } from "../../src/bench/benchStore.ts"
import { growthBench } from "../../src/bench/growthBench.ts"
import { fillHistory } from "../../src/bench/history.ts"
import { load } from "../../src/bench/load.ts"
import { hotSku, stockShelf } from "../../src/bench/shelf.ts"
import { paidAll } from "../../src/bench/storeRun.ts"
import { benchGround } from "../support/benchGround.ts"

const once = { callers: 3, skus: [hotSku], warmupMs: 0, measureMs: 0 }

describe("store bench growth", { timeout: 180_000 }, () => {
  it.live("its past is one that a store could have lived: every invariant holds on it", () =>
    Effect.gen(function* () {
      const { ground } = yield* benchGround
      const { connection } = yield* emptyStore(ground)
      const store = { connection, poolMax: 2 }
      const ports = benchPorts(store)
      yield* Effect.provide(stockShelf([hotSku]), ports)
      const { acknowledged } = yield* Effect.provide(load(once), benchStore(store))
      const orders = acknowledged.map(({ orderId }) => orderId)
      yield* fillHistory({ connection, copies: 40, orders, onProgress: () => Effect.void })
      const { ok, invariants } = yield* Effect.provide(audit({ graceMs: 0 }), ports)
      assert.isTrue(ok, JSON.stringify(invariants.filter(({ violations }) => violations.length)))
      assert.isEmpty(yield* Effect.provide(paidAll(3 * 41), ports))
    }).pipe(Effect.scoped)
  )

  it.live("places orders on both stores in turn", () =>
    Effect.gen(function* () {
      const { ground, scratch } = yield* benchGround
      const { results } = yield* growthBench(ground, {
        rounds: 2,
        seconds: 1,
        warmupSeconds: 0,
        callers: 4,
        orders: 200,
        base: 20,
        onTime: () => Effect.void
      })
      assert.deepStrictEqual(
        results.map(({ name, rounds }) => [name, rounds.length]),
        [["growth", 2]]
      )
      assert.isAbove(results[0]?.ratio ?? 0, 0)
      assert.isEmpty(yield* scratch)
    }).pipe(Effect.scoped)
  )
})

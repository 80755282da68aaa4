/**
 * A replay against each kind of store: the same trace has to end in the same state everywhere, and
 * the store's own books have to say what the file says.
 */
import { audit } from "@doorbuster/core/audit/audit"
import { Inventory } from "@doorbuster/core/inventory/Inventory"
import type { StockKey } from "@doorbuster/core/inventory/StockKey"
import { PaymentProvider } from "@doorbuster/core/payment/PaymentProvider"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type { ReplayReport } from "../../src/replay/ReplayReport.ts"
import { replay } from "../../src/replay/replay.ts"
import { seed } from "../../src/seed/seed.ts"
import { readTrace } from "../../src/trace/readTrace.ts"
import type { Period } from "../../src/trace/Trace.ts"
import { memoryStore, stores } from "../support/stores.ts"
import { fixture, traceDirectory } from "../support/traceFile.ts"

const day = (date: string) => Date.parse(`${date}T00:00:00Z`)
const firstDays: Period = { from: null, to: day("2010-12-04") }

const replayFixture = Effect.fnUntraced(function* (period: Period, concurrency = 64) {
  return yield* replay(yield* readTrace(fixture, period), { concurrency })
})

const differing = ({ comparison }: ReplayReport) => comparison.filter(({ equal }) => !equal)

const auditAtRest = Effect.gen(function* () {
  const { captures } = yield* (yield* PaymentProvider).book
  return yield* audit({ captures, graceMs: 0 })
})

/** Three days of the fixture, as the memory store has come to them. */
const digestOfFirstDays = "9a2bc45053026d774418a37320e8fd31c8fd9cb1f5bd4823e7a75ace97db4222"

describe.each(stores)("three days of a real shop on %s", (_, store) => {
  it.live("end where the file says, and a second replay changes nothing", () =>
    Effect.gen(function* () {
      const seeded = yield* seed(fixture, "exact")
      assert.strictEqual(seeded.stock.skus_as_before, 0)
      const report = yield* replayFixture(firstDays)
      assert.deepStrictEqual(differing(report), [])
      assert.isTrue(report.matches)
      assert.deepStrictEqual(
        [report.orders, report.lines, report.gross_minor, report.refunds_minor],
        [337, 7_290, 15_365_288n, 318_958n]
      )
      assert.strictEqual(report.state_digest, digestOfFirstDays)

      const again = yield* seed(fixture, "exact")
      assert.strictEqual(again.stock.skus_as_before, again.stock.skus)
      const { elapsed_ms: _before, ...before } = report
      const { elapsed_ms: _after, ...after } = yield* replayFixture(firstDays)
      assert.deepStrictEqual(after, before)

      const judged = yield* auditAtRest
      const broken = judged.invariants.filter(({ violations }) => violations.length > 0)
      assert.deepStrictEqual(broken, [])
    }).pipe(Effect.provide(store), Effect.scoped)
  )
})

describe("a replay", () => {
  it.live("in two parts, and one at a time, ends like one in a single go", () =>
    Effect.gen(function* () {
      yield* seed(fixture, "exact")
      yield* replayFixture({ from: null, to: day("2010-12-02") })
      const whole = yield* replayFixture(firstDays, 1)
      assert.isTrue(whole.matches)
      assert.strictEqual(whole.state_digest, digestOfFirstDays)
    }).pipe(Effect.provide(memoryStore))
  )

  it.live("that meets too little stock says what was refused, and does not match", () =>
    Effect.gen(function* () {
      yield* seed(fixture, 20)
      const report = yield* replayFixture({ from: null, to: day("2010-12-02") })
      assert.isFalse(report.matches)
      const codes = new Set(report.refused.map(({ code }) => code))
      assert.isTrue(codes.has("sold_out"))
      assert.include(
        differing(report).map(({ figure }) => figure),
        "orders"
      )
      assert.isTrue((yield* auditAtRest).ok)
    }).pipe(Effect.provide(memoryStore))
  )

  it.live("of what the store does not know is refused before anything is sent", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(replayFixture({ from: null, to: day("2010-12-02") }))
      assert.strictEqual(error._tag, "NotSeeded")
    }).pipe(Effect.provide(memoryStore))
  )
})

/** What the fixture's half-year does not have, and another one may. */
const rows = [
  "1,1,2011-08-01T09:00,sale,product,X,10,1.005,c1,United Kingdom",
  "1,2,2011-08-01T09:00,sale,shipping,POST,1,18.0,c1,United Kingdom",
  "1,3,2011-08-01T09:01,sale,product,X,2,0.5,c1,United Kingdom",
  "2,1,2011-08-01T09:02,sale,product,FREE,3,0.0,c2,France",
  "3,1,2011-08-01T09:03,zero_price,product,X,-4,0.0,c2,France",
  "4,1,2011-08-01T09:03,zero_price,product,GIFT,7,0.0,,United Kingdom",
  "5,1,2011-08-01T09:03,stock_write_off,product,LOST,-9,0.0,,United Kingdom",
  "C6,1,2011-08-01T09:04,cancellation,product,X,-11,1.005,c1,United Kingdom",
  "C6,2,2011-08-01T09:04,cancellation,charity,CRUK,-1,0.16,c1,United Kingdom",
  "C7,1,2011-08-01T09:05,cancellation,product,FREE,-1,0.0,c2,France",
  "A8,1,2011-08-12T14:50,bad_debt_adjustment,bad_debt,B,1,11062.06,,United Kingdom",
  "A9,1,2011-08-12T14:51,bad_debt_adjustment,bad_debt,B,1,-11062.06,,United Kingdom",
  "A10,1,2011-08-12T14:52,bad_debt_adjustment,bad_debt,B,1,-11062.06,,United Kingdom"
]
const catalog = [
  "X,product,A thing,GBP,1.005",
  "FREE,product,A free thing,GBP,0.5",
  'POST,shipping,"Postage, by land",GBP,18.0'
]

describe.each(stores.slice(0, 2))("oddities of another half-year on %s", (_, store) => {
  it.live("are all booked", () =>
    Effect.gen(function* () {
      const directory = yield* traceDirectory(rows, catalog)
      const seeded = yield* seed(directory, "exact")
      assert.deepStrictEqual(
        [seeded.products, seeded.listed, seeded.services, seeded.stock.units],
        [7, 2, 3, 31]
      )
      const report = yield* replay(yield* readTrace(directory), { concurrency: 8 })
      assert.deepStrictEqual(differing(report), [])
      assert.deepStrictEqual(report.refused, [])
      assert.isTrue(report.matches)
      // 10 x 1.005 is 10.05, and 11 x 1.005 is 11.055, which a refund rounds to 11.06.
      assert.deepStrictEqual(
        [report.gross_minor, report.refunds_minor, report.bad_debts_minor],
        [2_905n, 1_122n, 1_106_206n]
      )
      assert.strictEqual(report.refunds_rounding_difference, "0.5")
      assert.strictEqual(report.unmatched.lines, 2)

      const levels = yield* (yield* Inventory).levels([
        "X",
        "FREE",
        "GIFT",
        "LOST"
      ] as ReadonlyArray<string> as ReadonlyArray<StockKey>)
      const units = levels.map(({ key, received, sold }) => [key, received, sold])
      assert.sameDeepMembers(units, [
        ["X", 16, 1],
        ["FREE", 4, 3],
        ["GIFT", 0, 0],
        ["LOST", 0, 0]
      ])
      assert.isTrue((yield* auditAtRest).ok)
    }).pipe(Effect.provide(store), Effect.scoped)
  )
})

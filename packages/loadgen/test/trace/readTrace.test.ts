import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { grossText } from "../../src/trace/Control.ts"
import { readTrace } from "../../src/trace/readTrace.ts"
import { fixture, traceDirectory } from "../support/traceFile.ts"

const read = (...rows: ReadonlyArray<string>) => Effect.flatMap(traceDirectory(rows), readTrace)

const sale = "1,1,2010-12-01T08:26,sale,product,85123A,6,2.55,c1,United Kingdom"

describe("half a year of a real shop", () => {
  it.effect("has the control figures that its README states", () =>
    Effect.gen(function* () {
      const { control, orders } = yield* readTrace(fixture)
      const figures = Object.fromEntries(
        Object.entries(control).map(([kind, { gross, lines, orders, units }]) => [
          kind,
          [orders, lines, Number(units), grossText(gross)]
        ])
      )
      assert.deepStrictEqual(figures, {
        sale: [9_659, 239_931, 2_501_871, "4826466.491"],
        cancellation: [2_006, 4_494, -131_028, "-428515.73"],
        stock_write_off: [758, 758, -114_420, "0"],
        zero_price: [401, 720, 35_744, "0"],
        bad_debt_adjustment: [0, 0, 0, "0"]
      })
      const lines = orders.reduce((sum, order) => sum + order.lines.length, 0)
      assert.strictEqual(lines, 245_903)
    })
  )

  it.effect("can be cut to days, the first one inclusive and the last one exclusive", () =>
    Effect.gen(function* () {
      const period = { from: Date.UTC(2010, 11, 2), to: Date.UTC(2010, 11, 3) }
      const { control, orders } = yield* readTrace(fixture, period)
      assert.strictEqual(control.sale.orders, 142)
      const days = new Set(orders.map(({ at }) => new Date(at).toISOString().slice(0, 10)))
      assert.deepStrictEqual([...days], ["2010-12-02"])
    })
  )
})

describe("order lines", () => {
  it.effect("of several kinds and minutes under one reference are one order", () =>
    Effect.gen(function* () {
      const { control, orders } = yield* read(
        sale,
        "2,1,2010-12-01T08:26,sale,product,X,1,1.0,c2,France",
        "1,2,2010-12-01T08:27,zero_price,product,Y,3,0.0,c1,United Kingdom"
      )
      assert.deepStrictEqual(
        orders.map(({ at, lines, ref }) => [ref, at, lines.length]),
        [
          ["1", Date.UTC(2010, 11, 1, 8, 26), 2],
          ["2", Date.UTC(2010, 11, 1, 8, 26), 1]
        ]
      )
      assert.deepStrictEqual([control.sale.orders, control.zero_price.orders], [2, 1])
    }).pipe(Effect.scoped)
  )

  it.effect("keep codes as they are written, apart by case, and with the space inside of one", () =>
    Effect.gen(function* () {
      const codes = ["85123A", "85123a", "BANK CHARGES"]
      const { orders } = yield* read(
        ...codes.map((code, i) => `1,${i + 1},2010-12-01T08:26,sale,fee,${code},1,1.0,,UK`)
      )
      const skus = orders.flatMap(({ lines }) => lines.map(({ sku }) => sku))
      assert.deepStrictEqual(skus as ReadonlyArray<string>, codes)
    }).pipe(Effect.scoped)
  )

  it.effect("may be bad debts of either sign, stock that was found, and free sales", () =>
    Effect.gen(function* () {
      const { control } = yield* read(
        "A1,1,2011-08-12T14:50,bad_debt_adjustment,bad_debt,B,1,11062.06,,United Kingdom",
        "A2,1,2011-08-12T14:51,bad_debt_adjustment,bad_debt,B,1,-11062.06,,United Kingdom",
        "9,1,2011-08-12T14:52,zero_price,product,X,-5,0.0,c1,United Kingdom",
        "10,1,2011-08-12T14:52,sale,product,X,5,0.0,c1,United Kingdom"
      )
      assert.strictEqual(control.bad_debt_adjustment.orders, 2)
      assert.strictEqual(control.bad_debt_adjustment.gross, 0n)
    }).pipe(Effect.scoped)
  )

  it.effect.each([
    ["1,1,2010-12-01T08:26,sale,product,X,0,2.55,c1,UK", "a sale of 0 units"],
    ["1,1,2010-12-01T08:26,sale,product,X,-1,2.55,c1,UK", "a sale of -1 units"],
    ["1,1,2010-12-01T08:26,sale,product,X,1000001,2.55,c1,UK", "1000000 is the most"],
    ["1,1,2010-12-01T08:26,sale,product,X,1,-2.55,c1,UK", "negative price -2.55"],
    ["1,1,2010-12-01T08:26,cancellation,product,X,1,2.55,c1,UK", "must be negative"],
    ["1,1,2010-12-01T08:26,zero_price,product,X,1,0.10,c1,UK", "it must be zero"],
    ["1,1,2010-02-30T08:26,sale,product,X,1,2.55,c1,UK", "no minute 2010-02-30T08:26"],
    ["1,1,2010-12-01,sale,product,X,1,2.55,c1,UK", "a minute such as"],
    ["1,1,2010-12-01T08:26,gift,product,X,1,2.55,c1,UK", "kind"],
    ["1,1,2010-12-01T08:26,sale,product,coupon:X,1,2.55,c1,UK", "coupon:X cannot be a SKU"],
    ["1,1,2010-12-01T08:26,sale,product,X,1.5,2.55,c1,UK", "a whole number of units"],
    ["1,1,2010-12-01T08:26,sale,product,X,1,2;55,c1,UK", "a price in major units"],
    ["1,1,2010-12-01T08:26,sale,product,X,1", "unit_price"],
    [sale, "1 has a second line 1"]
  ] as const)("are refused, with their line in the file: %s", ([row, reason]) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(read(sale, row))
      assert.include(error.message, reason)
      assert.include(error.message, "order-lines.csv.gz, line 3: ")
    }).pipe(Effect.scoped)
  )
})

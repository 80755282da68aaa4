import { Catalog } from "@doorbuster/core/catalog/Catalog"
import { Sku } from "@doorbuster/core/catalog/Sku"
import { Inventory } from "@doorbuster/core/inventory/Inventory"
import { ofSku } from "@doorbuster/core/inventory/StockKey"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { seed } from "../../src/seed/seed.ts"
import { memoryStore } from "../support/stores.ts"
import { traceDirectory } from "../support/traceFile.ts"

const cup = Sku.make("CUP")
const lost = Sku.make("LOST")

const spring = traceDirectory(
  [
    "1,1,2011-04-01T09:00,sale,product,CUP,10,2.5,c1,UK",
    "2,1,2011-04-01T09:00,sale,product,LOST,1,4.0,c1,UK",
    "C3,1,2011-04-02T09:00,cancellation,product,CUP,-4,2.5,c1,UK"
  ],
  ['CUP,product,"A cup, blue",GBP,2.505', "LOST,product,A thing,GBP,4.0"]
)

const autumn = traceDirectory(
  [
    "9,1,2011-10-01T09:00,sale,product,CUP,3,2.6,c1,UK",
    "10,1,2011-10-01T09:00,stock_write_off,product,LOST,-5,0.0,,UK"
  ],
  ["CUP,product,A cup,GBP,2.6", "POST,shipping,Postage,GBP,18.0"]
)

const received = (sku: Sku) =>
  Effect.gen(function* () {
    const [level] = yield* (yield* Inventory).levels([ofSku(sku)])
    return level?.received
  })

const found = (sku: Sku) =>
  Effect.gen(function* () {
    const entry = (yield* (yield* Catalog).products([sku])).get(sku)
    return [entry?.product.name, entry?.product.listed, entry?.prices[0]?.amount]
  })

describe("seeding", () => {
  it.live("gives what the sales take out before anything comes back, once", () =>
    Effect.gen(function* () {
      const directory = yield* spring
      yield* seed(directory, "exact")
      const again = yield* seed(directory, "exact")
      assert.deepStrictEqual(again.stock, { skus: 2, units: 11, skus_as_before: 2 })
      assert.strictEqual(yield* received(cup), 10)
      // 2.505 GBP are rounded half up.
      assert.deepStrictEqual(yield* found(cup), ["A cup, blue", true, 251n as never])
    }).pipe(Effect.provide(memoryStore), Effect.scoped)
  )

  it.live("a second half-year adds its stock and takes no name away", () =>
    Effect.gen(function* () {
      yield* seed(yield* spring, "exact")
      yield* seed(yield* autumn, "exact")
      assert.deepStrictEqual([yield* received(cup), yield* received(lost)], [13, 6])
      assert.deepStrictEqual(yield* found(cup), ["A cup", true, 260n as never])
      assert.deepStrictEqual(yield* found(lost), ["A thing", true, 400n as never])
    }).pipe(Effect.provide(memoryStore), Effect.scoped)
  )

  it.live("knows what was never sold without listing it, and gives postage no stock", () =>
    Effect.gen(function* () {
      const report = yield* seed(yield* autumn, 7)
      assert.deepStrictEqual(report, {
        products: 3,
        listed: 1,
        services: 1,
        stock: { skus: 2, units: 14, skus_as_before: 0 }
      })
      assert.deepStrictEqual(yield* found(lost), ["LOST", false, undefined])
      assert.deepStrictEqual((yield* found(Sku.make("POST"))).slice(0, 2), ["Postage", false])
    }).pipe(Effect.provide(memoryStore), Effect.scoped)
  )

  it.live("refuses a sale of what the catalogue does not name", () =>
    Effect.gen(function* () {
      const directory = yield* traceDirectory(
        ["1,1,2011-04-01T09:00,sale,product,NEW,1,2.5,c1,UK"],
        ["CUP,product,A cup,GBP,2.5"]
      )
      const error = yield* Effect.flip(seed(directory, "exact"))
      assert.include(error.message, "order-lines.csv.gz, line 2: NEW is sold, but")
    }).pipe(Effect.provide(memoryStore), Effect.scoped)
  )

  it.live("refuses a price that is none, with its line", () =>
    Effect.gen(function* () {
      const directory = yield* traceDirectory([], ["CUP,product,A cup,GBP,-2.5"])
      const error = yield* Effect.flip(seed(directory, 1))
      assert.match(error.message, /catalog\.csv, line 2: .*a price such as/)
    }).pipe(Effect.provide(memoryStore), Effect.scoped)
  )
})

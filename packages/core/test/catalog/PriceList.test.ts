import { Percent } from "@doorbuster/core/catalog/Percent"
import { Price, priceAt } from "@doorbuster/core/catalog/PriceList"
import { Quantity } from "@doorbuster/core/catalog/Quantity"
import { Sku } from "@doorbuster/core/catalog/Sku"
import { Currency } from "@doorbuster/core/money/Currency"
import { minor } from "@doorbuster/core/money/Minor"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { assert, describe, test } from "vitest"

const eur = Currency.make("EUR")
const price = (amount: bigint, rest: Partial<Price> = {}): Price => ({
  sku: Sku.make("A"),
  currency: eur,
  amount: minor(amount),
  validFrom: null,
  validTo: null,
  kind: "regular",
  ...rest
})

const amountAt = (prices: ReadonlyArray<Price>, atMs: number) => {
  const found = priceAt(prices, eur, atMs)
  return Result.isSuccess(found) ? (found.success.amount as bigint) : found.failure
}

describe("priceAt", () => {
  test("the window includes its start and excludes its end", () => {
    const prices = [price(5n, { validFrom: 10, validTo: 20 })]
    assert.deepStrictEqual(
      [9, 10, 19, 20].map((at) => amountAt(prices, at)),
      ["none", 5n, 5n, "none"]
    )
  })

  test("the price that started last wins, whatever the order of the list", () => {
    const prices = [price(1n), price(3n, { validFrom: 20 }), price(2n, { validFrom: 10 })]
    for (const list of [prices, prices.toReversed()]) {
      assert.deepStrictEqual(
        [5, 15, 25].map((at) => amountAt(list, at)),
        [1n, 2n, 3n]
      )
    }
  })

  test("a flash price wins inside its window, even over a later regular price", () => {
    const flash = price(1n, { kind: "flash", validFrom: 10, validTo: 20 })
    const prices = [flash, price(9n), price(8n, { validFrom: 15 })]
    for (const list of [prices, prices.toReversed()]) {
      assert.deepStrictEqual(
        [9, 12, 17, 20].map((at) => amountAt(list, at)),
        [9n, 1n, 1n, 8n]
      )
    }
  })

  test("two different prices with one start are ambiguous until a better one comes", () => {
    const prices = [price(1n), price(2n), price(3n, { validFrom: 50 })]
    for (const list of [prices, prices.toReversed()]) {
      assert.deepStrictEqual(
        [0, 50].map((at) => amountAt(list, at)),
        ["ambiguous", 3n]
      )
    }
    assert.strictEqual(amountAt([price(1n), price(1n)], 0), 1n)
  })

  test("prices of other currencies do not count", () => {
    assert.strictEqual(amountAt([price(1n, { currency: Currency.make("USD") })], 0), "none")
  })
})

describe("catalogue nouns", () => {
  test("a SKU is visible ASCII, and never one of the names kept for allowances", () => {
    for (const good of ["85123A", "a", "!", "BANK CHARGES", "Coupon:X", "x".repeat(64)]) {
      assert.isTrue(Schema.is(Sku)(good), good)
    }
    for (const bad of ["", " a", "a ", "ä", "x".repeat(65), "coupon:X", "limit:1", "a\n"]) {
      assert.isFalse(Schema.is(Sku)(bad), bad)
    }
  })

  test("a quantity is a whole number from one to a million", () => {
    const quantities = [0, -1, 0.5, 1_000_001, Number.NaN, 1, 74_215, 1_000_000]
    const accepted = [false, false, false, false, false, true, true, true]
    assert.deepStrictEqual(
      quantities.map((value) => Schema.is(Quantity)(value)),
      accepted
    )
  })

  test("a percentage lies between 0 and 100", () => {
    const texts = ["0", "12.5", "100", "100.00", "100.01", "101", "-1", "1e1", ""]
    assert.deepStrictEqual(
      texts.map((text) => Schema.is(Percent)(text)),
      [true, true, true, true, false, false, false, false, false]
    )
  })

  test("a stored price is read back as it was, and a negative one is refused", () => {
    const stored = Schema.encodeSync(Price)(price(5n))
    assert.strictEqual(stored.amount, 5)
    assert.deepStrictEqual(Schema.decodeUnknownSync(Price)(stored), price(5n))
    assert.throws(() => Schema.decodeUnknownSync(Price)({ ...stored, amount: -1 }))
  })
})

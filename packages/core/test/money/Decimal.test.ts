import { Currency } from "@doorbuster/core/money/Currency"
import {
  DecimalString,
  decimalPlus,
  decimalTimes,
  decimalZero,
  formatDecimal,
  parseDecimal,
  percentContained,
  percentOf,
  toMinor
} from "@doorbuster/core/money/Decimal"
import type { Rounding } from "@doorbuster/core/money/Rounding"
import { divide } from "@doorbuster/core/money/Rounding"
import * as Schema from "effect/Schema"
import fc from "fast-check"
import { assert, describe, test } from "vitest"

const decimal = (text: string) => parseDecimal(DecimalString.make(text))
const gbp = Currency.make("GBP")

describe("divide", () => {
  test("each rounding does what its name says, on both sides of zero", () => {
    const table: ReadonlyArray<[Rounding, ReadonlyArray<bigint>]> = [
      ["half_up", [-3n, -2n, -1n, 0n, 1n, 2n, 3n]],
      ["half_even", [-2n, -2n, 0n, 0n, 0n, 2n, 2n]],
      ["down", [-2n, -1n, 0n, 0n, 0n, 1n, 2n]],
      ["up", [-3n, -2n, -1n, 0n, 1n, 2n, 3n]]
    ]
    for (const [rounding, expected] of table) {
      const halves = [-5n, -3n, -1n, 0n, 1n, 3n, 5n]
      assert.deepStrictEqual(
        halves.map((half) => divide(half, 2n, rounding)),
        expected,
        rounding
      )
      assert.deepStrictEqual(
        halves.map((half) => divide(-half, -2n, rounding)),
        expected
      )
    }
    assert.deepStrictEqual([divide(4n, 3n, "half_up"), divide(5n, 3n, "half_up")], [1n, 2n])
    assert.throws(() => divide(1n, 0n, "down"), RangeError)
  })

  test("the result is never a whole unit away from the exact quotient", () => {
    const rounding = fc.constantFrom<Rounding>("half_up", "half_even", "down", "up")
    fc.assert(
      fc.property(fc.bigInt(), fc.bigInt(), rounding, (numerator, denominator, how) => {
        fc.pre(denominator !== 0n)
        const off = numerator - divide(numerator, denominator, how) * denominator
        const abs = (value: bigint) => (value < 0n ? -value : value)
        assert.isTrue(abs(off) < abs(denominator))
        if (how.startsWith("half")) assert.isTrue(2n * abs(off) <= abs(denominator))
      })
    )
  })
})

describe("Decimal", () => {
  test("text survives the round trip without its trailing zeros", () => {
    const texts = ["0", "0.001", "2.55", "-0.5", "10", "123456789012345678.000000000000000001"]
    assert.deepStrictEqual(
      texts.map((text) => formatDecimal(decimal(text))),
      texts
    )
    assert.strictEqual(formatDecimal(decimal("2.50")), "2.5")
  })

  test("only plain decimal notation is accepted", () => {
    for (const text of ["", ".5", "1.", "1e3", "+1", " 1", "1,5", "NaN", "0x1", "1".repeat(19)]) {
      assert.isFalse(Schema.is(DecimalString)(text), text)
    }
  })

  test("three-decimal prices round once, and the rests sum exactly", () => {
    const price = decimal("0.001")
    const line = (quantity: bigint) => toMinor(decimalTimes(price, quantity), gbp, "half_up")
    assert.deepStrictEqual(
      [1n, 4n, 5n, 14n, 15n].map((q) => line(q).amount),
      [0n, 0n, 1n, 1n, 2n]
    )
    const rests = [1n, 4n, 5n, 14n, 15n].map((quantity) => line(quantity).rest)
    assert.strictEqual(formatDecimal(rests.reduce(decimalPlus, decimalZero)), "-0.1")
  })

  test("amount and rest are exactly the number that was rounded", () => {
    const digits = fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n })
    fc.assert(
      fc.property(digits, fc.integer({ min: 0, max: 9 }), (value, scale) => {
        const { amount, rest } = toMinor({ digits: value, scale }, gbp, "half_up")
        const back = decimalPlus({ digits: amount, scale: 0 }, rest)
        assert.strictEqual(back.digits, value * 100n)
      })
    )
  })

  test("percentages are exact before they are rounded", () => {
    assert.strictEqual(percentOf(4595n, decimal("10"), "half_up"), 460n)
    assert.strictEqual(percentOf(1000n, decimal("33.333"), "down"), 333n)
    assert.strictEqual(percentContained(11900n, decimal("19"), "half_up"), 1900n)
    assert.strictEqual(percentContained(100n, decimal("0"), "half_up"), 0n)
  })
})

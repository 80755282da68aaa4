import { Currency } from "@doorbuster/core/money/Currency"
import {
  isWireSafe,
  MinorFromNumber,
  MinorFromString,
  minor,
  minorMax
} from "@doorbuster/core/money/Minor"
import { add, MoneyFromJson, money, subtract } from "@doorbuster/core/money/Money"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { assert, describe, test } from "vitest"

const eur = Currency.make("EUR")
const usd = Currency.make("USD")

describe("Money", () => {
  test("amounts of one currency add and subtract", () => {
    assert.deepStrictEqual(add(money(250n, eur), money(5n, eur)), Result.succeed(money(255n, eur)))
    assert.deepStrictEqual(
      subtract(money(250n, eur), money(255n, eur)),
      Result.succeed(money(-5n, eur))
    )
  })

  test("amounts of two currencies never add", () => {
    for (const combine of [add, subtract]) {
      const sum = combine(money(1n, eur), money(1n, usd))
      assert.strictEqual(Result.isFailure(sum) && sum.failure._tag, "CurrencyMismatch")
    }
  })

  test("the wire form is a JSON integer, exact up to 2^53 - 1 on either side", () => {
    const decode = Schema.decodeUnknownSync(MinorFromNumber)
    const encode = Schema.encodeSync(MinorFromNumber)
    for (const value of [0, 1, -1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER]) {
      assert.strictEqual(decode(value), minor(BigInt(value)))
      assert.strictEqual(encode(minor(BigInt(value))), value)
    }
    const wrong = [0.5, 2 ** 53, -(2 ** 53), 1e300, Number.NaN, Infinity, "1", 1n, null]
    for (const value of wrong) assert.throws(() => decode(value), undefined, undefined, `${value}`)
    for (const amount of [minorMax + 1n, -minorMax - 1n, 2n ** 80n]) {
      assert.isFalse(isWireSafe(amount))
      assert.throws(() => encode(minor(amount)))
    }
  })

  test("the storage form keeps amounts beyond 2^53 exactly", () => {
    const amount = minor(2n ** 80n + 1n)
    const text = Schema.encodeSync(MinorFromString)(amount)
    assert.strictEqual(text, "1208925819614629174706177")
    assert.strictEqual(Schema.decodeUnknownSync(MinorFromString)(text), amount)
  })

  test("money on the wire names its currency", () => {
    const encoded = Schema.encodeSync(MoneyFromJson)(money(1999n, eur))
    assert.deepStrictEqual(encoded, { amount: 1999, currency: "EUR" })
    assert.deepStrictEqual(Schema.decodeUnknownSync(MoneyFromJson)(encoded), money(1999n, eur))
  })
})

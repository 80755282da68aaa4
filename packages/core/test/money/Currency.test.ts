import { readFileSync } from "node:fs"
import { Currency, minorUnits } from "@doorbuster/core/money/Currency"
import { currencyTable } from "@doorbuster/core/money/currencyTable.generated"
import * as Schema from "effect/Schema"
import { assert, describe, test } from "vitest"

const csv = new URL("../../../../fixtures/iso4217/currencies.csv", import.meta.url)

describe("Currency", () => {
  test("the table says what the published list says, no more and no less", () => {
    const rows = readFileSync(csv, "utf8")
      .trim()
      .split("\n")
      .slice(1)
      .map((row) => row.split(","))
    const published = Object.fromEntries(
      rows.map(([code, , units]) => [code, units === "" ? null : Number(units)])
    )
    assert.strictEqual(rows.length, 179)
    assert.deepStrictEqual({ ...currencyTable }, published)
  })

  test("minor units differ by currency", () => {
    const units = (code: string) => minorUnits(Schema.decodeUnknownSync(Currency)(code))
    assert.deepStrictEqual(["EUR", "JPY", "KWD", "CLF"].map(units), [2, 0, 3, 4])
  })

  test("codes without minor units, unknown codes and prototype names are no currency", () => {
    for (const code of ["XAU", "XXX", "EURO", "eur", "", "constructor", "__proto__"]) {
      assert.isFalse(Schema.is(Currency)(code), code)
    }
  })
})

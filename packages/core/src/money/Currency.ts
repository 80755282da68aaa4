import * as Schema from "effect/Schema"
import { currencyTable } from "./currencyTable.generated.ts"

/** A table without a prototype, so that a key such as "constructor" is simply unknown. */
const minorDigits: ReadonlyMap<string, number | null> = new Map(Object.entries(currencyTable))

/** An ISO 4217 code that has minor units. Codes marked N.A. (XAU, XXX, …) are refused. */
export const Currency = Schema.String.check(
  Schema.makeFilter((code: string) => typeof minorDigits.get(code) === "number", {
    expected: "an ISO 4217 currency code with minor units, such as EUR"
  })
).pipe(Schema.brand("Currency"))
export type Currency = typeof Currency.Type

/** Digits after the decimal point: 2 for EUR, 0 for JPY, 3 for KWD. */
export const minorUnits = (currency: Currency): number => minorDigits.get(currency) ?? 0

import * as Schema from "effect/Schema"

/**
 * A recorded unit price in major units, zero or more, exactly as it was written: "2.55",
 * "0.001". Only staff may send one. Every such string is a `DecimalString`.
 */
export const PriceOverride = Schema.String.check(
  Schema.isPattern(/^\d{1,12}(\.\d{1,8})?$/, {
    expected: 'a price in major units, zero or more, such as "2.55" or "0.001"'
  })
).pipe(Schema.brand("DecimalString"))
export type PriceOverride = typeof PriceOverride.Type

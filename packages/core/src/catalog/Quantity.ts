import * as Schema from "effect/Schema"

export const quantityMax = 1_000_000

/** Whole units of one order or cart line: 1 to 1,000,000. */
export const Quantity = Schema.Int.check(
  Schema.isBetween(
    { minimum: 1, maximum: quantityMax },
    {
      expected: "a whole number of units between 1 and 1,000,000"
    }
  )
).pipe(Schema.brand("Quantity"))
export type Quantity = typeof Quantity.Type

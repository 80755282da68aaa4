import * as Schema from "effect/Schema"

/**
 * A percentage from "0" to "100" as an exact decimal string, at most 8 digits after the point.
 * Every such string is a `DecimalString`, and carries its brand.
 */
export const Percent = Schema.String.check(
  Schema.isPattern(/^(100(\.0{1,8})?|\d{1,2}(\.\d{1,8})?)$/, {
    expected: 'a percentage from "0" to "100", such as "12.5"'
  })
).pipe(Schema.brand("DecimalString"))
export type Percent = typeof Percent.Type

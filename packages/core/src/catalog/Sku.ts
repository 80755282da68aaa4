import * as Schema from "effect/Schema"

/** Stock rows with these prefixes count coupon uses and purchase limits, so no product has them. */
const reserved = ["coupon:", "limit:"]

/**
 * The code under which a thing is stocked and sold: 1 to 64 visible ASCII characters,
 * spaces only inside, case-sensitive, not beginning with "coupon:" or "limit:".
 */
export const Sku = Schema.String.check(
  Schema.isPattern(/^[!-~]([ -~]{0,62}[!-~])?$/, {
    expected: "1 to 64 visible ASCII characters, no space at either end"
  }),
  Schema.makeFilter((sku: string) => !reserved.some((prefix) => sku.startsWith(prefix)), {
    expected: 'a SKU that does not begin with "coupon:" or "limit:"'
  })
).pipe(Schema.brand("Sku"))
export type Sku = typeof Sku.Type

import * as Schema from "effect/Schema"
import { Sku } from "./Sku.ts"

/** `stocked` goods are reserved and shipped; a `service` (postage, a fee) has no stock. */
export const ProductKind = Schema.Literals(["stocked", "service"])
export type ProductKind = typeof ProductKind.Type

/** The name of a group of products that are taxed, or promoted, alike. */
export const Category = Schema.String.check(
  Schema.isPattern(/^[!-~]{1,64}$/, { expected: "1 to 64 visible ASCII characters, no spaces" })
)

export const Product = Schema.Struct({
  sku: Sku,
  name: Schema.String.check(Schema.isMinLength(1), Schema.isMaxLength(1000)),
  kind: ProductKind,
  /** Unlisted products keep their stock and history, but nobody can order them. */
  listed: Schema.Boolean,
  taxCategory: Category,
  /** What promotions may name instead of single SKUs. */
  categories: Schema.optionalKey(Schema.Array(Category)),
  /** Units that one account may buy, over all of its orders. */
  purchaseLimit: Schema.optionalKey(Schema.Int.check(Schema.isGreaterThan(0)))
})
export type Product = typeof Product.Type

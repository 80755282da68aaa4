import * as Schema from "effect/Schema"
import { Percent } from "./Percent.ts"
import { Category } from "./Product.ts"

/**
 * The tax on one category of products. `inclusive`: prices contain it; `exclusive`: it is
 * added on top. A category without a rate is not taxed.
 */
export const TaxRate = Schema.Struct({
  category: Category,
  percent: Percent,
  mode: Schema.Literals(["inclusive", "exclusive"])
})
export type TaxRate = typeof TaxRate.Type

import * as Schema from "effect/Schema"
import { Currency } from "../money/Currency.ts"
import { PriceAmount } from "./PriceList.ts"
import { Category } from "./Product.ts"

/** One way of sending an order and its price. Its key is (id, currency). */
export const ShippingMethod = Schema.Struct({
  id: Category,
  name: Schema.String.check(Schema.isMinLength(1), Schema.isMaxLength(200)),
  currency: Currency,
  /** Per order, in minor units. */
  amount: PriceAmount,
  taxCategory: Category
})
export type ShippingMethod = typeof ShippingMethod.Type

import * as Schema from "effect/Schema"
import { Quantity } from "../catalog/Quantity.ts"
import { Sku } from "../catalog/Sku.ts"

export const CartLine = Schema.Struct({ sku: Sku, quantity: Quantity })
export type CartLine = typeof CartLine.Type

/** What one account wants to buy: at most one line per SKU, in the order they were added. */
export const Cart = Schema.Struct({
  lines: Schema.Array(CartLine).check(
    Schema.isMaxLength(1000),
    Schema.makeFilter(
      (lines: ReadonlyArray<CartLine>) =>
        new Set(lines.map(({ sku }) => sku)).size === lines.length,
      { expected: "one line per SKU" }
    )
  )
})
export type Cart = typeof Cart.Type

export const emptyCart: Cart = { lines: [] }

/** The cart with this line set: in its old place when the SKU is there, else at the end. */
export const withLine = (cart: Cart, line: CartLine): Cart => ({
  lines: cart.lines.some(({ sku }) => sku === line.sku)
    ? cart.lines.map((old) => (old.sku === line.sku ? line : old))
    : [...cart.lines, line]
})

export const withoutLine = (cart: Cart, sku: Sku): Cart => ({
  lines: cart.lines.filter((line) => line.sku !== sku)
})

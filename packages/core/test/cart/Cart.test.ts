import { Cart, type CartLine, emptyCart, withLine, withoutLine } from "@doorbuster/core/cart/Cart"
import { Quantity } from "@doorbuster/core/catalog/Quantity"
import { Sku } from "@doorbuster/core/catalog/Sku"
import * as Schema from "effect/Schema"
import { assert, describe, test } from "vitest"

const line = (sku: string, quantity: number): CartLine => ({
  sku: Sku.make(sku),
  quantity: Quantity.make(quantity)
})

describe("Cart", () => {
  test("a line is set in its place, or added at the end", () => {
    const cart = [line("A", 1), line("B", 2), line("A", 5)].reduce(withLine, emptyCart)
    assert.deepStrictEqual(cart.lines, [line("A", 5), line("B", 2)])
  })

  test("removing a line leaves the others, and an unknown SKU changes nothing", () => {
    const cart = [line("A", 1), line("B", 2)].reduce(withLine, emptyCart)
    assert.deepStrictEqual(withoutLine(cart, Sku.make("A")).lines, [line("B", 2)])
    assert.deepStrictEqual(withoutLine(cart, Sku.make("a")), cart)
  })

  test("two lines of one SKU are no cart", () => {
    assert.isFalse(Schema.is(Cart)({ lines: [line("A", 1), line("A", 2)] }))
    assert.isTrue(Schema.is(Cart)({ lines: [line("A", 1), line("a", 2)] }))
  })
})

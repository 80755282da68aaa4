import { Cart } from "@doorbuster/core/cart/Cart"
import { Quantity } from "@doorbuster/core/catalog/Quantity"
import { Sku } from "@doorbuster/core/catalog/Sku"
import * as Schema from "effect/Schema"
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema } from "../effectHttp.ts"
import { Authenticated } from "../identity/Caller.ts"
import { problems, schemasOf } from "../problem/problems.ts"

/** The caller's own cart; the last write wins. */
export const CartApi = HttpApiGroup.make("cart")
  .add(
    HttpApiEndpoint.get("get", "/cart", { success: Cart }),
    HttpApiEndpoint.put("put", "/cart", { payload: Cart, success: Cart }),
    HttpApiEndpoint.delete("clear", "/cart", { success: HttpApiSchema.NoContent }),
    HttpApiEndpoint.put("setLine", "/cart/lines/:sku", {
      params: { sku: Sku },
      payload: Schema.Struct({ quantity: Quantity }),
      success: Cart,
      error: schemasOf(problems.cart)
    }),
    HttpApiEndpoint.delete("removeLine", "/cart/lines/:sku", {
      params: { sku: Sku },
      success: Cart
    })
  )
  .middleware(Authenticated)

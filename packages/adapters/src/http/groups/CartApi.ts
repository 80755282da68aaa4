import { Cart } from "@doorbuster/core/cart/Cart"
import { Quantity } from "@doorbuster/core/catalog/Quantity"
import { Sku } from "@doorbuster/core/catalog/Sku"
import * as Schema from "effect/Schema"
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "../effectHttp.ts"
import { Authenticated } from "../identity/Caller.ts"
import { problems, schemasOf } from "../problem/problems.ts"

/** The caller's own cart; the last write wins. */
export const CartApi = HttpApiGroup.make("cart")
  .add(
    HttpApiEndpoint.get("get", "/cart", { success: Cart }).annotate(
      OpenApi.Description,
      "The caller's cart."
    ),
    HttpApiEndpoint.put("put", "/cart", { payload: Cart, success: Cart }).annotate(
      OpenApi.Description,
      "Replaces the whole cart."
    ),
    HttpApiEndpoint.delete("clear", "/cart", { success: HttpApiSchema.NoContent }).annotate(
      OpenApi.Description,
      "Empties the cart."
    ),
    HttpApiEndpoint.put("setLine", "/cart/lines/:sku", {
      params: { sku: Sku },
      payload: Schema.Struct({ quantity: Quantity }),
      success: Cart,
      error: schemasOf(problems.cart)
    }).annotate(OpenApi.Description, "Adds a line, or sets its quantity."),
    HttpApiEndpoint.delete("removeLine", "/cart/lines/:sku", {
      params: { sku: Sku },
      success: Cart
    }).annotate(OpenApi.Description, "Removes a line; harmless when there is none.")
  )
  .middleware(Authenticated)

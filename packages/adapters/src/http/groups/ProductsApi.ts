import { Sku } from "@doorbuster/core/catalog/Sku"
import * as Schema from "effect/Schema"
import { HttpApiEndpoint, HttpApiGroup, OpenApi } from "../effectHttp.ts"
import { problems, schemasOf } from "../problem/problems.ts"
import { Limit } from "../wire/Page.ts"
import { ProductPage, ProductView } from "../wire/ProductView.ts"

export const ProductsApi = HttpApiGroup.make("products").add(
  HttpApiEndpoint.get("list", "/products", {
    query: { after: Schema.optionalKey(Sku), limit: Schema.optionalKey(Limit) },
    success: Schema.Struct({
      products: Schema.Array(ProductView),
      /** Send it as `after` for the next page; null on the last one. */
      next: Schema.NullOr(Schema.String)
    })
  }).annotate(OpenApi.Description, "Listed products, by ascending SKU."),
  HttpApiEndpoint.get("find", "/products/:sku", {
    params: { sku: Sku },
    success: ProductPage,
    error: schemasOf(problems.product)
  }).annotate(OpenApi.Description, "One product, with the units that are left.")
)

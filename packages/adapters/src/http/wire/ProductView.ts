import type { CatalogEntry } from "@doorbuster/core/catalog/Catalog"
import { type Price, priceAt } from "@doorbuster/core/catalog/PriceList"
import type { Currency } from "@doorbuster/core/money/Currency"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { Amount, amount } from "./Amount.ts"

export const ProductView = Schema.Struct({
  sku: Schema.String,
  name: Schema.String,
  kind: Schema.Literals(["stocked", "service"]),
  categories: Schema.Array(Schema.String),
  purchase_limit: Schema.NullOr(Schema.Int),
  /** The price in force at this moment, one per currency. */
  prices: Schema.Array(
    Schema.Struct({
      currency: Schema.String,
      amount: Amount,
      kind: Schema.Literals(["regular", "flash"])
    })
  )
})
export type ProductView = typeof ProductView.Type

/** With the units left as they were a moment ago; null for services, which have no stock. */
export const ProductPage = Schema.Struct({
  ...ProductView.fields,
  available: Schema.NullOr(Schema.Int)
})

const currentPrices = (prices: ReadonlyArray<Price>, atMs: number): ProductView["prices"] => {
  const currencies = new Set<Currency>(prices.map(({ currency }) => currency))
  return [...currencies].sort().flatMap((currency) => {
    const price = priceAt(prices, currency, atMs)
    if (Result.isFailure(price)) return []
    return [{ currency, amount: amount(price.success.amount), kind: price.success.kind }]
  })
}

export const productView = ({ prices, product }: CatalogEntry, atMs: number): ProductView => ({
  sku: product.sku,
  name: product.name,
  kind: product.kind,
  categories: product.categories ?? [],
  purchase_limit: product.purchaseLimit ?? null,
  prices: currentPrices(prices, atMs)
})

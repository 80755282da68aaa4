import type { CatalogEntry, PricingRules } from "@doorbuster/core/catalog/Catalog"
import type { Price } from "@doorbuster/core/catalog/PriceList"
import type { Product } from "@doorbuster/core/catalog/Product"
import { Promotion } from "@doorbuster/core/catalog/Promotion"
import { ShippingMethod } from "@doorbuster/core/catalog/ShippingMethod"
import type { Sku } from "@doorbuster/core/catalog/Sku"
import { TaxRate } from "@doorbuster/core/catalog/TaxRate"
import type { Currency } from "@doorbuster/core/money/Currency"
import { minor } from "@doorbuster/core/money/Minor"
import * as Schema from "effect/Schema"
import { amount, boolean, integer, nullable, type Row, text } from "../rows.ts"

const product = (row: Row): Product => {
  const categories = row["categories"] as ReadonlyArray<string> | null
  const purchaseLimit = nullable(integer, row, "purchase_limit")
  return {
    sku: text(row, "sku") as Sku,
    name: text(row, "name"),
    kind: text(row, "kind") as Product["kind"],
    listed: boolean(row, "listed"),
    taxCategory: text(row, "tax_category"),
    ...(categories !== null && { categories }),
    ...(purchaseLimit !== null && { purchaseLimit })
  }
}

const price = (row: Row): Price => {
  const minUnitPrice = nullable(amount, row, "min_unit_price")
  return {
    sku: text(row, "sku") as Sku,
    currency: text(row, "currency") as Currency,
    kind: text(row, "price_kind") as Price["kind"],
    validFrom: nullable(integer, row, "valid_from"),
    validTo: nullable(integer, row, "valid_to"),
    amount: minor(amount(row, "amount")),
    ...(minUnitPrice !== null && { minUnitPrice: minor(minUnitPrice) })
  }
}

/** Products with their prices, from rows that come product by product. */
export const entriesOf = (rows: ReadonlyArray<Row>): ReadonlyMap<Sku, CatalogEntry> => {
  const entries = new Map<Sku, { product: Product; prices: Array<Price> }>()
  for (const row of rows) {
    const sku = text(row, "sku") as Sku
    const entry = entries.get(sku) ?? { product: product(row), prices: [] }
    entries.set(sku, entry)
    if (row["currency"] !== null) entry.prices.push(price(row))
  }
  return entries
}

const promotion = Schema.decodeUnknownSync(Promotion)
const taxRate = Schema.decodeUnknownSync(TaxRate)
const shippingMethod = Schema.decodeUnknownSync(ShippingMethod)

export const rulesOf = (rows: ReadonlyArray<Row>): PricingRules => {
  const documents = (rule: string) =>
    rows.filter((row) => row["rule"] === rule).map((row) => row["document"])
  return {
    promotions: documents("promotion").map((document) => promotion(document)),
    taxRates: documents("tax_rate").map((document) => taxRate(document)),
    shippingMethods: documents("shipping_method").map((document) => shippingMethod(document))
  }
}

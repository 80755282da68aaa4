import { Catalog, type CatalogChange, type CatalogEntry } from "@doorbuster/core/catalog/Catalog"
import type { Price } from "@doorbuster/core/catalog/PriceList"
import type { Product } from "@doorbuster/core/catalog/Product"
import type { Promotion } from "@doorbuster/core/catalog/Promotion"
import type { Sku } from "@doorbuster/core/catalog/Sku"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { type CatalogTables, MemoryStore } from "./MemoryStore.ts"

const entryOf = (tables: CatalogTables, product: Product): CatalogEntry => ({
  product,
  prices: [...(tables.prices.get(product.sku)?.values() ?? [])]
})

const products = (tables: CatalogTables, skus: ReadonlyArray<Sku>) => {
  const found = new Map<Sku, CatalogEntry>()
  for (const sku of skus) {
    const product = tables.products.get(sku)
    if (product !== undefined) found.set(sku, entryOf(tables, product))
  }
  return found
}

/** SKUs are ASCII, so the order of their characters is the order of their bytes. */
const list = (tables: CatalogTables, page: { readonly after?: Sku; readonly limit: number }) =>
  [...tables.products.values()]
    .filter(({ listed, sku }) => listed && (page.after === undefined || sku > page.after))
    .sort((a, b) => (a.sku < b.sku ? -1 : 1))
    .slice(0, page.limit)
    .map((product) => entryOf(tables, product))

const isValid = ({ validFrom, validTo }: Promotion, atMs: number): boolean =>
  (validFrom === null || validFrom <= atMs) && (validTo === null || atMs < validTo)

const savePrice = (tables: CatalogTables, price: Price): void => {
  const { currency, kind, sku, validFrom } = price
  const name = `${currency} ${kind} ${validFrom}`
  tables.prices.set(sku, new Map(tables.prices.get(sku)).set(name, price))
}

const save = (tables: CatalogTables, change: CatalogChange): void => {
  for (const product of change.products ?? []) tables.products.set(product.sku, product)
  for (const price of change.prices ?? []) savePrice(tables, price)
  for (const promotion of change.promotions ?? []) tables.promotions.set(promotion.id, promotion)
  for (const rate of change.taxRates ?? []) tables.taxRates.set(rate.category, rate)
  for (const method of change.shippingMethods ?? []) {
    tables.shippingMethods.set(`${method.id} ${method.currency}`, method)
  }
}

/** The catalogue in memory: each method is one synchronous turn of the event loop. */
export const layer: Layer.Layer<Catalog, never, MemoryStore> = Layer.effect(
  Catalog,
  Effect.gen(function* () {
    const { catalog: tables } = yield* MemoryStore
    return Catalog.of({
      products: (skus) => Effect.sync(() => products(tables, skus)),
      list: (page) => Effect.sync(() => list(tables, page)),
      pricingRules: (atMs) =>
        Effect.sync(() => ({
          promotions: [...tables.promotions.values()].filter((found) => isValid(found, atMs)),
          taxRates: [...tables.taxRates.values()],
          shippingMethods: [...tables.shippingMethods.values()]
        })),
      save: (change) => Effect.sync(() => save(tables, change))
    })
  })
)

import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { StorageError } from "../StorageError.ts"
import type { Price } from "./PriceList.ts"
import type { Product } from "./Product.ts"
import type { Promotion } from "./Promotion.ts"
import type { ShippingMethod } from "./ShippingMethod.ts"
import type { Sku } from "./Sku.ts"
import type { TaxRate } from "./TaxRate.ts"

/** A product with all of its prices, past, present and future, in every currency. */
export interface CatalogEntry {
  readonly product: Product
  readonly prices: ReadonlyArray<Price>
}

/** What a quote needs besides the products themselves. */
export interface PricingRules {
  readonly promotions: ReadonlyArray<Promotion>
  readonly taxRates: ReadonlyArray<TaxRate>
  readonly shippingMethods: ReadonlyArray<ShippingMethod>
}

/** Everything a catalogue consists of; what is absent stays as it is. */
export interface CatalogChange {
  readonly products?: ReadonlyArray<Product>
  readonly prices?: ReadonlyArray<Price>
  readonly promotions?: ReadonlyArray<Promotion>
  readonly taxRates?: ReadonlyArray<TaxRate>
  readonly shippingMethods?: ReadonlyArray<ShippingMethod>
}

/**
 * Products, price list and pricing rules. Reads at checkout see every `save` that returned
 * before them; only browsing may sit behind a cache.
 */
export class Catalog extends Context.Service<
  Catalog,
  {
    /** The known ones of these products, unlisted ones included; unknown SKUs are absent. */
    products(skus: ReadonlyArray<Sku>): Effect.Effect<ReadonlyMap<Sku, CatalogEntry>, StorageError>
    /** Listed products by ascending SKU (byte order), those behind `after`, at most `limit`. */
    list(page: {
      readonly after?: Sku
      readonly limit: number
    }): Effect.Effect<ReadonlyArray<CatalogEntry>, StorageError>
    /** Promotions valid at that moment (epoch ms), with all tax rates and shipping methods. */
    pricingRules(atMs: number): Effect.Effect<PricingRules, StorageError>
    /**
     * Inserts or replaces by key, all or nothing, so the same call again changes nothing. Keys:
     * product sku; price (sku, currency, kind, validFrom); promotion id; tax category; shipping
     * (id, currency). A price may be saved before its product.
     */
    save(change: CatalogChange): Effect.Effect<void, StorageError>
  }
>()("@doorbuster/core/catalog/Catalog") {}

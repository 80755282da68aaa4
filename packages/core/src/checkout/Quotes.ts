import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Batcher from "../batch/Batcher.ts"
import { Catalog, type CatalogEntry } from "../catalog/Catalog.ts"
import type { CouponCode } from "../catalog/Promotion.ts"
import type { Quantity } from "../catalog/Quantity.ts"
import type { Sku } from "../catalog/Sku.ts"
import type { Currency } from "../money/Currency.ts"
import type { PricingError } from "../pricing/errors.ts"
import { quote as makeQuote } from "../pricing/makeQuote.ts"
import type { PriceOverride } from "../pricing/PriceOverride.ts"
import type { Quote } from "../pricing/Quote.ts"
import type { StorageError } from "../StorageError.ts"

export interface QuoteRequest {
  readonly currency: Currency
  readonly lines: ReadonlyArray<{
    readonly sku: Sku
    readonly quantity: Quantity
    /** Staff only. */
    readonly priceOverride?: PriceOverride
  }>
  readonly coupons: ReadonlyArray<CouponCode>
  readonly shippingMethod: string | null
}

/** The server's own price for a request, from the catalogue as it is now. */
export class Quotes extends Context.Service<
  Quotes,
  {
    readonly quote: (request: QuoteRequest) => Effect.Effect<Quote, PricingError | StorageError>
  }
>()("@doorbuster/core/checkout/Quotes") {
  static readonly layer = Layer.effect(
    Quotes,
    Effect.gen(function* () {
      const catalog = yield* Catalog

      /** Requests that arrive together read the catalogue together. */
      const reads = yield* Batcher.make({
        name: "read catalogue",
        limit: 256,
        flush: Effect.fnUntraced(function* (requests: ReadonlyArray<QuoteRequest>) {
          const skus = new Set<Sku>()
          for (const { lines } of requests) for (const { sku } of lines) skus.add(sku)
          const at = yield* Clock.currentTimeMillis
          const [entries, rules] = yield* Effect.all(
            [catalog.products([...skus]), catalog.pricingRules(at)],
            { concurrency: "unbounded" }
          )
          const read = { at, entries, rules }
          return requests.map(() => read)
        })
      })

      const quote = Effect.fnUntraced(function* (request: QuoteRequest) {
        const { at, entries, rules } = yield* reads.submit(request)
        return yield* Effect.fromResult(
          makeQuote({
            currency: request.currency,
            atMs: at,
            lines: request.lines.map(({ priceOverride, quantity, sku }) => ({
              sku,
              quantity,
              ...(priceOverride === undefined
                ? {}
                : { priceOverride: { unitPrice: priceOverride } })
            })),
            catalog: entries satisfies ReadonlyMap<Sku, CatalogEntry>,
            rules,
            coupons: request.coupons,
            shippingMethod: request.shippingMethod
          })
        )
      })

      return Quotes.of({ quote })
    })
  )
}

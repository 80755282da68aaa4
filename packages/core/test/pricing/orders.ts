/** Small builders for catalogues, promotions and quote requests of the pricing tests. */
import type { CatalogEntry } from "@doorbuster/core/catalog/Catalog"
import type { Price } from "@doorbuster/core/catalog/PriceList"
import type { Product } from "@doorbuster/core/catalog/Product"
import { CouponCode, Promotion } from "@doorbuster/core/catalog/Promotion"
import { Quantity } from "@doorbuster/core/catalog/Quantity"
import { Sku } from "@doorbuster/core/catalog/Sku"
import { TaxRate } from "@doorbuster/core/catalog/TaxRate"
import { Currency } from "@doorbuster/core/money/Currency"
import { minor } from "@doorbuster/core/money/Minor"
import type { QuoteInput } from "@doorbuster/core/pricing/makeQuote"
import { quote } from "@doorbuster/core/pricing/makeQuote"
import type { Quote } from "@doorbuster/core/pricing/Quote"
import { verifyQuote } from "@doorbuster/core/pricing/verifyQuote"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { assert } from "vitest"

export const usd = Currency.make("USD")
export const sku = (code: string): Sku => Sku.make(code)
export const code = (text: string): CouponCode => CouponCode.make(text)

export const entry = (
  skuCode: string,
  amount: number | bigint,
  product: Partial<Product> = {},
  price: Partial<Price> = {}
): CatalogEntry => ({
  product: {
    sku: sku(skuCode),
    name: `product ${skuCode}`,
    kind: "stocked",
    listed: true,
    taxCategory: "standard",
    ...product
  },
  prices: [
    {
      sku: sku(skuCode),
      currency: usd,
      amount: minor(BigInt(amount)),
      validFrom: null,
      validTo: null,
      kind: "regular",
      ...price
    }
  ]
})

/** A promotion from its stored form, with the plain defaults filled in. */
export const promotion = (fields: Record<string, unknown>): Promotion =>
  Schema.decodeUnknownSync(Promotion)({
    id: "promotion",
    name: "promotion",
    priority: 0,
    exclusive: false,
    stackable: true,
    on: "all",
    validFrom: null,
    validTo: null,
    currency: "USD",
    ...fields
  })

export const taxRate = (fields: Record<string, unknown>): TaxRate =>
  Schema.decodeUnknownSync(TaxRate)({ category: "standard", mode: "exclusive", ...fields })

type Lines = ReadonlyArray<readonly [string, number]>

export const request = (
  entries: ReadonlyArray<CatalogEntry>,
  lines: Lines,
  promotions: ReadonlyArray<Promotion> = [],
  rest: Partial<QuoteInput> & { readonly taxRates?: ReadonlyArray<TaxRate> } = {}
): QuoteInput => ({
  currency: usd,
  atMs: 1_000,
  lines: lines.map(([skuCode, quantity]) => ({
    sku: sku(skuCode),
    quantity: Quantity.make(quantity)
  })),
  catalog: new Map(entries.map((each) => [each.product.sku, each])),
  rules: {
    promotions,
    taxRates: rest.taxRates ?? [],
    shippingMethods: [
      {
        id: "parcel",
        name: "Parcel",
        currency: usd,
        amount: minor(1000n),
        taxCategory: "standard"
      }
    ]
  },
  ...rest
})

/** The quote of a request that must succeed; its numbers are proved on the way. */
export const quoted = (input: QuoteInput): Quote => {
  const result = quote(input)
  if (Result.isFailure(result)) throw result.failure
  assert.deepStrictEqual(verifyQuote(result.success), [])
  return result.success
}

/** The error of a request that must fail. */
export const refusal = (input: QuoteInput) => {
  const result = quote(input)
  if (Result.isSuccess(result)) throw new Error("the quote was made")
  return result.failure
}

export const discounts = ({ lines }: Quote): ReadonlyArray<number> =>
  lines.map(({ discount }) => Number(discount))

/** A shop of three products, and what promotions take off an order there. */
export const shop = [
  entry("A", 1000, { categories: ["toys"] }),
  entry("B", 301, { categories: ["toys", "small"] }),
  entry("C", 99)
]

export const off = (lines: ReadonlyArray<readonly [string, number]>, ...fields: Array<object>) =>
  discounts(
    quoted(
      request(
        shop,
        lines,
        fields.map((each, index) => promotion({ id: `p${index}`, ...each }))
      )
    )
  )

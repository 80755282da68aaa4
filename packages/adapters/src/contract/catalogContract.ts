import { Catalog, type CatalogEntry } from "@doorbuster/core/catalog/Catalog"
import { Price } from "@doorbuster/core/catalog/PriceList"
import type { Product } from "@doorbuster/core/catalog/Product"
import { Promotion } from "@doorbuster/core/catalog/Promotion"
import { ShippingMethod } from "@doorbuster/core/catalog/ShippingMethod"
import type { Sku } from "@doorbuster/core/catalog/Sku"
import { TaxRate } from "@doorbuster/core/catalog/TaxRate"
import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { freshName } from "./fresh.ts"
import { type Promises, suite } from "./suite.ts"

const freshSku = Effect.map(freshName("CAT"), (name) => name as Sku)

const product = (sku: Sku, change: Partial<Product> = {}): Product => ({
  sku,
  name: "Lamp, red",
  kind: "stocked",
  listed: true,
  taxCategory: "standard",
  ...change
})

const price = Schema.decodeSync(Price)
const promotion = Schema.decodeSync(Promotion)
const taxRate = Schema.decodeSync(TaxRate)
const shippingMethod = Schema.decodeSync(ShippingMethod)

const regular = (sku: Sku, amount: number, validFrom: number | null = null) =>
  price({ sku, currency: "EUR", amount, validFrom, validTo: null, kind: "regular" })

/** Prices come in no particular order. */
const sorted = (entry: CatalogEntry | undefined) =>
  entry && [...entry.prices].sort((a, b) => (a.amount < b.amount ? -1 : 1))

const products: Promises<Catalog> = {
  "keeps a product with all of its prices": Effect.gen(function* () {
    const catalog = yield* Catalog
    const [sku, unknown] = [yield* freshSku, yield* freshSku]
    const full = product(sku, { categories: ["lamps", "sale"], purchaseLimit: 3, listed: false })
    const flash = price({
      sku,
      currency: "USD",
      amount: 700,
      validFrom: 1000,
      validTo: 2000,
      kind: "flash",
      minUnitPrice: 600
    })
    const prices = [regular(sku, 500), regular(sku, 600, 1000), flash]
    yield* catalog.save({ products: [full], prices })
    const found = yield* catalog.products([sku, unknown])
    assert.deepStrictEqual([...found.keys()], [sku])
    assert.deepStrictEqual(found.get(sku)?.product, full)
    assert.deepStrictEqual(sorted(found.get(sku)), prices)
    assert.strictEqual((yield* catalog.products([])).size, 0)
  }),

  "replaces by key and keeps the rest": Effect.gen(function* () {
    const catalog = yield* Catalog
    const [sku, other] = [yield* freshSku, yield* freshSku]
    const change = {
      products: [product(sku), product(other)],
      prices: [regular(sku, 500), regular(sku, 600, 1000), regular(other, 900)]
    }
    yield* catalog.save(change)
    yield* catalog.save(change)
    yield* catalog.save({ products: [product(sku, { name: "Lamp, blue" })] })
    yield* catalog.save({ prices: [regular(sku, 450)] })
    const found = yield* catalog.products([sku, other])
    assert.strictEqual(found.get(sku)?.product.name, "Lamp, blue")
    assert.deepStrictEqual(sorted(found.get(sku)), [regular(sku, 450), regular(sku, 600, 1000)])
    assert.deepStrictEqual(sorted(found.get(other)), [regular(other, 900)])
  }),

  "takes a price before its product": Effect.gen(function* () {
    const catalog = yield* Catalog
    const sku = yield* freshSku
    yield* catalog.save({ prices: [regular(sku, 500)] })
    assert.strictEqual((yield* catalog.products([sku])).size, 0)
    yield* catalog.save({ products: [product(sku)] })
    const found = yield* catalog.products([sku])
    assert.deepStrictEqual(sorted(found.get(sku)), [regular(sku, 500)])
  }),

  "lists what is listed, page by page, in the order of bytes": Effect.gen(function* () {
    const catalog = yield* Catalog
    const start = yield* freshSku
    // Byte order is not the order of a dictionary: capitals, then the underscore, then the rest.
    const skus = ["-B", "-C", "-_", "-a", "-b"].map((end) => `${start}${end}` as Sku)
    const hidden = product(`${start}-Ba` as Sku, { listed: false })
    yield* catalog.save({ products: [hidden, ...[...skus].reverse().map((sku) => product(sku))] })
    const page = Effect.fnUntraced(function* (after: Sku, limit: number) {
      return (yield* catalog.list({ after, limit })).map((entry) => entry.product.sku)
    })
    assert.deepStrictEqual(yield* page(start, 5), skus)
    assert.deepStrictEqual(yield* page(start, 2), skus.slice(0, 2))
    assert.deepStrictEqual(yield* page(skus[1] ?? start, 2), skus.slice(2, 4))
    assert.strictEqual((yield* catalog.list({ limit: 1 })).length, 1)
  })
}

const rules: Promises<Catalog> = {
  "gives the promotions of a moment": Effect.gen(function* () {
    const catalog = yield* Catalog
    const [always, window] = [yield* freshName("p"), yield* freshName("p")]
    const base = {
      name: "Ten off",
      priority: 1,
      exclusive: false,
      stackable: true,
      on: "all" as const,
      validFrom: null,
      validTo: null
    }
    const tenPercent = promotion({ ...base, id: always, type: "order_percent", percent: "10" })
    const coupon = { code: "TEN-OFF", maxUses: 5 }
    const tenEuros = promotion({
      ...base,
      id: window,
      type: "order_fixed",
      amount: 1000,
      currency: "EUR",
      coupon,
      when: { itemsTotalAtLeast: 5000 },
      validFrom: 1000,
      validTo: 2000
    })
    yield* catalog.save({ promotions: [tenPercent, tenEuros] })
    const at = Effect.fnUntraced(function* (atMs: number) {
      const { promotions } = yield* catalog.pricingRules(atMs)
      return promotions.filter(({ id }) => id === always || id === window)
    })
    const both = [tenPercent, tenEuros].sort((a, b) => (a.id < b.id ? -1 : 1))
    assert.deepStrictEqual(yield* at(999), [tenPercent])
    const open = [...(yield* at(1000))].sort((a, b) => (a.id < b.id ? -1 : 1))
    assert.deepStrictEqual(open, both)
    assert.strictEqual((yield* at(1999)).length, 2)
    assert.deepStrictEqual(yield* at(2000), [tenPercent])
    yield* catalog.save({ promotions: [{ ...tenPercent, name: "Ten percent off" }] })
    assert.deepStrictEqual(
      (yield* at(0)).map(({ name }) => name),
      ["Ten percent off"]
    )
  }),

  "gives all tax rates and shipping methods, replaced by key": Effect.gen(function* () {
    const catalog = yield* Catalog
    const [category, id] = [yield* freshName("tax"), yield* freshName("post")]
    const rate = taxRate({ category, percent: "19.5", mode: "exclusive" })
    const post = { id, name: "Post", currency: "EUR", amount: 490, taxCategory: category }
    const [euros, dollars] = [shippingMethod(post), shippingMethod({ ...post, currency: "USD" })]
    yield* catalog.save({ taxRates: [rate], shippingMethods: [euros, dollars] })
    const cheaper = shippingMethod({ ...post, amount: 390 })
    const inclusive = { ...rate, mode: "inclusive" as const }
    yield* catalog.save({ taxRates: [inclusive], shippingMethods: [cheaper] })
    const found = yield* catalog.pricingRules(0)
    const rates = found.taxRates.filter((one) => one.category === category)
    assert.deepStrictEqual(rates, [inclusive])
    const methods = found.shippingMethods.filter((one) => one.id === id)
    const byCurrency = [...methods].sort((a, b) => (a.currency < b.currency ? -1 : 1))
    assert.deepStrictEqual(byCurrency, [cheaper, dollars])
  })
}

/** What every `Catalog` promises. */
export const catalogContract = <E>(name: string, adapter: Layer.Layer<Catalog, E>): void =>
  suite(`Catalog contract: ${name}`, adapter, [products, rules])

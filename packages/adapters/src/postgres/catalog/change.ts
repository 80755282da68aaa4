import type { CatalogChange } from "@doorbuster/core/catalog/Catalog"
import { Promotion } from "@doorbuster/core/catalog/Promotion"
import * as Schema from "effect/Schema"
import type { Statement } from "../Database.ts"
import { timestamp } from "../rows.ts"
import * as statements from "./statements.ts"

export type Write = readonly [statement: Statement, parameters: ReadonlyArray<unknown>]

const toJson = Schema.encodeSync(Schema.fromJsonString(Promotion))

/** The last one of each key: one insert cannot replace a row twice. */
const lastOf = <A>(
  items: ReadonlyArray<A> | undefined,
  keyOf: (item: A) => string
): ReadonlyArray<A> => [...new Map((items ?? []).map((item) => [keyOf(item), item])).values()]

const moment = (epochMs: number | null) => (epochMs === null ? null : timestamp(epochMs))

/** One parameter per column, each the array of that column's values. */
const columns = <A>(
  items: ReadonlyArray<A>,
  ...read: ReadonlyArray<(item: A) => unknown>
): ReadonlyArray<unknown> => read.map((column) => items.map(column))

const productWrite = (change: CatalogChange): Write => [
  statements.saveProducts,
  columns(
    lastOf(change.products, ({ sku }) => sku),
    ({ sku }) => sku,
    ({ name }) => name,
    ({ kind }) => kind,
    ({ listed }) => listed,
    ({ taxCategory }) => taxCategory,
    ({ categories }) => (categories === undefined ? null : JSON.stringify(categories)),
    ({ purchaseLimit }) => purchaseLimit ?? null
  )
]

const priceWrite = (change: CatalogChange): Write => [
  statements.savePrices,
  columns(
    lastOf(change.prices, (price) =>
      [price.sku, price.currency, price.kind, price.validFrom].join(" ")
    ),
    ({ sku }) => sku,
    ({ currency }) => currency,
    ({ kind }) => kind,
    ({ validFrom }) => moment(validFrom),
    ({ validTo }) => moment(validTo),
    ({ amount }) => String(amount),
    ({ minUnitPrice }) => (minUnitPrice === undefined ? null : String(minUnitPrice))
  )
]

const promotionWrite = (change: CatalogChange): Write => [
  statements.savePromotions,
  columns(
    lastOf(change.promotions, ({ id }) => id),
    ({ id }) => id,
    ({ validFrom }) => moment(validFrom),
    ({ validTo }) => moment(validTo),
    (promotion) => toJson(promotion)
  )
]

const taxRateWrite = (change: CatalogChange): Write => [
  statements.saveTaxRates,
  columns(
    lastOf(change.taxRates, ({ category }) => category),
    ({ category }) => category,
    ({ percent }) => percent,
    ({ mode }) => mode
  )
]

const shippingMethodWrite = (change: CatalogChange): Write => [
  statements.saveShippingMethods,
  columns(
    lastOf(change.shippingMethods, ({ currency, id }) => `${id} ${currency}`),
    ({ id }) => id,
    ({ currency }) => currency,
    ({ name }) => name,
    ({ amount }) => String(amount),
    ({ taxCategory }) => taxCategory
  )
]

/** The statements that write a change, always in this order; nothing for what is absent. */
export const writesOf = (change: CatalogChange): ReadonlyArray<Write> => [
  ...(change.products?.length ? [productWrite(change)] : []),
  ...(change.prices?.length ? [priceWrite(change)] : []),
  ...(change.promotions?.length ? [promotionWrite(change)] : []),
  ...(change.taxRates?.length ? [taxRateWrite(change)] : []),
  ...(change.shippingMethods?.length ? [shippingMethodWrite(change)] : [])
]

/** What a bench sells: the prices are those of the reference, 499.00 GBP and 1.00 postage. */
import { Catalog } from "@doorbuster/core/catalog/Catalog"
import { Sku } from "@doorbuster/core/catalog/Sku"
import { Inventory } from "@doorbuster/core/inventory/Inventory"
import { ofSku } from "@doorbuster/core/inventory/StockKey"
import { Currency } from "@doorbuster/core/money/Currency"
import { minor } from "@doorbuster/core/money/Minor"
import { namedUuid } from "@doorbuster/core/Uuid"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"

export const currency = Currency.make("GBP")
export const postage = "post"
export const unitPrice = minor(49_900n)
const postagePrice = minor(100n)
/** Of an order of one unit. */
export const orderTotal = unitPrice + postagePrice
/** Never sold out: a bench measures orders, not refusals. */
const unitsEach = 100_000_000

export const hotSku = Sku.make("hot")
export const spreadSkus = (count: number): ReadonlyArray<Sku> =>
  Array.from({ length: count }, (_, index) => Sku.make(`sku-${index + 1}`))

/** Puts these into the catalogue with so many units of each. */
export const stockShelf = Effect.fnUntraced(function* (
  skus: ReadonlyArray<Sku>,
  units: number = unitsEach
) {
  const catalog = yield* Catalog
  const inventory = yield* Inventory
  const taxCategory = "standard"
  yield* catalog.save({
    products: skus.map((sku) => ({
      sku,
      name: `Bench ${sku}`,
      kind: "stocked",
      listed: true,
      taxCategory
    })),
    prices: skus.map((sku) => ({
      sku,
      currency,
      kind: "regular",
      amount: unitPrice,
      validFrom: null,
      validTo: null
    })),
    shippingMethods: [{ id: postage, name: "Post", currency, amount: postagePrice, taxCategory }]
  })
  const occurredAt = yield* Clock.currentTimeMillis
  yield* inventory.move(
    skus.map((sku) => ({
      movementId: namedUuid(`bench ${sku}`),
      key: ofSku(sku),
      quantity: units,
      kind: "receipt",
      reason: "bench",
      occurredAt
    }))
  )
})

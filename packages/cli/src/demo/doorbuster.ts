/** What the demo's flash sale is about: a hundred of one thing. */
import { Catalog } from "@doorbuster/core/catalog/Catalog"
import { Sku } from "@doorbuster/core/catalog/Sku"
import { Inventory } from "@doorbuster/core/inventory/Inventory"
import { ofSku } from "@doorbuster/core/inventory/StockKey"
import { Currency } from "@doorbuster/core/money/Currency"
import { minor } from "@doorbuster/core/money/Minor"
import { namedUuid } from "@doorbuster/core/Uuid"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"

export const doorbuster = Sku.make("DOORBUSTER")
export const currency = Currency.make("GBP")
export const saleUnits = 100
export const salePrice = minor(999n)
const regularPrice = minor(4_999n)

/** Puts it into the catalogue at its flash price, with its units. */
export const putOnSale = Effect.gen(function* () {
  const catalog = yield* Catalog
  const inventory = yield* Inventory
  const price = { sku: doorbuster, currency, validFrom: null, validTo: null }
  yield* catalog.save({
    products: [
      {
        sku: doorbuster,
        name: "THE DOORBUSTER",
        kind: "stocked",
        listed: true,
        taxCategory: "standard"
      }
    ],
    prices: [
      { ...price, kind: "regular", amount: regularPrice },
      { ...price, kind: "flash", amount: salePrice }
    ]
  })
  yield* inventory.move([
    {
      movementId: namedUuid("the doorbuster's units"),
      key: ofSku(doorbuster),
      quantity: saleUnits,
      kind: "receipt",
      reason: "flash sale",
      occurredAt: yield* Clock.currentTimeMillis
    }
  ])
})

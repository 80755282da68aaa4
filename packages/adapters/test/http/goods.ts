/** What the shop of these tests has on sale. */
import { Catalog, type CatalogChange } from "@doorbuster/core/catalog/Catalog"
import { CouponCode } from "@doorbuster/core/catalog/Promotion"
import { Sku } from "@doorbuster/core/catalog/Sku"
import { Inventory } from "@doorbuster/core/inventory/Inventory"
import { ofSku } from "@doorbuster/core/inventory/StockKey"
import { Currency } from "@doorbuster/core/money/Currency"
import { minor } from "@doorbuster/core/money/Minor"
import { namedUuid } from "@doorbuster/core/Uuid"
import * as Effect from "effect/Effect"

export const eur = Currency.make("EUR")

const goods = (sku: string, listed = true) => ({
  sku: Sku.make(sku),
  name: `The ${sku}`,
  kind: "stocked" as const,
  listed,
  taxCategory: "standard"
})
const price = (sku: string, amount: bigint) => ({
  sku: Sku.make(sku),
  currency: eur,
  amount: minor(amount),
  validFrom: null,
  validTo: null,
  kind: "regular" as const
})

/** Mugs at 10.00 with plenty of stock, one lamp at 25.00, postage, and a retired vase. */
export const catalogue: CatalogChange = {
  products: [
    goods("LAMP"),
    goods("MUG"),
    goods("VASE", false),
    { ...goods("POST"), kind: "service" },
    { ...goods("RARE"), purchaseLimit: 2 }
  ],
  prices: [
    price("LAMP", 2500n),
    price("MUG", 1000n),
    price("VASE", 700n),
    price("POST", 390n),
    price("RARE", 9900n)
  ],
  promotions: [
    {
      type: "order_percent",
      percent: "10" as never,
      id: "ten",
      name: "Ten percent",
      priority: 1,
      exclusive: false,
      stackable: true,
      on: "all",
      coupon: { code: CouponCode.make("TEN"), maxUses: 1 },
      validFrom: null,
      validTo: null
    }
  ]
}

const stock = { LAMP: 1, MUG: 10_000, RARE: 5 }

/** Puts all of it on sale. */
export const fill = Effect.gen(function* () {
  const catalog = yield* Catalog
  const inventory = yield* Inventory
  yield* catalog.save(catalogue)
  yield* inventory.move(
    Object.entries(stock).map(([sku, quantity]) => ({
      movementId: namedUuid(`first ${sku}`),
      key: ofSku(Sku.make(sku)),
      quantity,
      kind: "receipt" as const,
      reason: "first delivery",
      occurredAt: 0
    }))
  )
})

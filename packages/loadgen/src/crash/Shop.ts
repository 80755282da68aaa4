/** The small shop of a crash scenario: two things on the shelf, one for nothing, one coupon. */
import { Catalog } from "@doorbuster/core/catalog/Catalog"
import { Percent } from "@doorbuster/core/catalog/Percent"
import { CouponCode, type Promotion } from "@doorbuster/core/catalog/Promotion"
import { Quantity } from "@doorbuster/core/catalog/Quantity"
import { Sku } from "@doorbuster/core/catalog/Sku"
import type { PlaceOrder } from "@doorbuster/core/checkout/Checkout"
import { Inventory } from "@doorbuster/core/inventory/Inventory"
import { ofSku } from "@doorbuster/core/inventory/StockKey"
import { Currency } from "@doorbuster/core/money/Currency"
import { minor } from "@doorbuster/core/money/Minor"
import type { AccountId } from "@doorbuster/core/order/OrderId"
import { namedUuid } from "@doorbuster/core/Uuid"
import * as Effect from "effect/Effect"

export const teapot = Sku.make("TEAPOT")
export const cup = Sku.make("CUP")
/** One account may buy two of it. */
export const vase = Sku.make("VASE")
export const postage = Sku.make("POSTAGE")
export type Item = typeof teapot
export const coupon = CouponCode.make("TENTH")
const gbp = Currency.make("GBP")

export const initialUnits = 10

export const buyer = "acc_buyer" as AccountId

const product = (sku: Sku, kind: "stocked" | "service") => ({
  sku,
  name: sku,
  kind,
  listed: true,
  taxCategory: "standard"
})

const price = (sku: Sku, amount: bigint) => ({
  sku,
  currency: gbp,
  amount: minor(amount),
  validFrom: null,
  validTo: null,
  kind: "regular" as const
})

const tenth: Promotion = {
  type: "order_percent",
  id: "tenth" as never,
  name: "A tenth off",
  priority: 1,
  exclusive: false,
  stackable: true,
  on: "all",
  percent: Percent.make("10"),
  coupon: { code: coupon, maxUses: 1, maxUsesPerAccount: 1 },
  validFrom: null,
  validTo: null
}

/** Fills the catalogue and the shelves. */
export const open = Effect.gen(function* () {
  const catalog = yield* Catalog
  const inventory = yield* Inventory
  yield* catalog.save({
    products: [
      product(teapot, "stocked"),
      product(cup, "stocked"),
      { ...product(vase, "stocked"), purchaseLimit: 2 },
      product(postage, "service")
    ],
    prices: [price(teapot, 4_999n), price(cup, 350n), price(vase, 20_000n), price(postage, 0n)],
    taxRates: [{ category: "standard", percent: Percent.make("20"), mode: "exclusive" }],
    promotions: [tenth]
  })
  yield* inventory.move(
    [teapot, cup, vase].map((sku) => ({
      movementId: namedUuid(`receipt ${sku}`),
      key: ofSku(sku),
      quantity: initialUnits,
      kind: "receipt" as const,
      reason: "opening stock",
      occurredAt: 0
    }))
  )
})

/** Three teapots on two lines and three cups, unless it says otherwise. */
export const order = (fields: Partial<PlaceOrder> = {}): PlaceOrder => ({
  account: buyer,
  key: "key-1",
  fingerprint: "body-1",
  currency: gbp,
  lines: [
    { sku: teapot, quantity: Quantity.make(2) },
    { sku: cup, quantity: Quantity.make(3) },
    { sku: teapot, quantity: Quantity.make(1) }
  ],
  coupons: [],
  shippingMethod: null,
  shipTo: null,
  expectedTotal: null,
  externalRef: null,
  occurredAt: null,
  ...fields
})

/** What the simulated shop sells, and on which terms. */
import type { CatalogChange } from "@doorbuster/core/catalog/Catalog"
import { Percent } from "@doorbuster/core/catalog/Percent"
import type { Product } from "@doorbuster/core/catalog/Product"
import { CouponCode, type Promotion } from "@doorbuster/core/catalog/Promotion"
import { Sku } from "@doorbuster/core/catalog/Sku"
import { Currency } from "@doorbuster/core/money/Currency"
import { minor } from "@doorbuster/core/money/Minor"

export const currency = Currency.make("EUR")

interface Good {
  readonly sku: Sku
  /** Minor units; null has no price. */
  readonly amount: bigint | null
  /** Units in stock at the beginning; null is a service. */
  readonly units: number | null
  readonly listed?: boolean
  readonly purchaseLimit?: number
}

const good = (
  sku: string,
  amount: bigint | null,
  units: number | null,
  more: Partial<Good> = {}
): Good => ({ sku: Sku.make(sku), amount, units, ...more })

/** Too few for everybody. */
export const hot: ReadonlyArray<Good> = [good("HOT-1", 49_999n, 30), good("HOT-2", 1_999n, 60)]
export const plain: ReadonlyArray<Good> = [
  good("STD-1", 1_295n, 400),
  good("STD-2", 333n, 400),
  good("STD-3", 7n, 400),
  good("STD-4", 99_901n, 400)
]
export const limited = good("LIM-1", 2_550n, 120, { purchaseLimit: 2 })
export const free = good("GIFT-1", 0n, 100)
export const postage = good("POSTAGE", 495n, null)
/** Each is refused for a reason of its own. */
export const unsellable: ReadonlyArray<Good> = [
  good("OLD-1", 100n, 10, { listed: false }),
  good("NEW-1", null, 10),
  good("GOLD-1", 9_000_000_000_000_000n, 10)
]
export const unknownSku = Sku.make("NOBODY-KNOWS")
export const goods = [...hot, ...plain, limited, free, postage, ...unsellable]

export const coupons = {
  ten: CouponCode.make("TEN"),
  gift: CouponCode.make("GIFT"),
  unknown: CouponCode.make("GUESSED")
} as const

const product = ({ listed = true, purchaseLimit, sku, units }: Good): Product => ({
  sku,
  name: sku,
  kind: units === null ? "service" : "stocked",
  listed,
  taxCategory: "standard",
  ...(purchaseLimit === undefined ? {} : { purchaseLimit })
})

export const price = (sku: Sku, amount: bigint) => ({
  sku,
  currency,
  amount: minor(amount),
  validFrom: null,
  validTo: null,
  kind: "regular" as const
})

const everywhere = {
  priority: 0,
  exclusive: false,
  stackable: true,
  on: "all",
  validFrom: null,
  validTo: null
} as const

/** Ten percent off with a code; few uses, and fewer per account. */
export const tenOff = (maxUses: number, maxUsesPerAccount: number): Promotion => ({
  ...everywhere,
  id: "ten",
  name: "Ten off",
  type: "order_percent",
  percent: Percent.make("10"),
  coupon: { code: coupons.ten, maxUses, maxUsesPerAccount }
})

/** All off, once per account. */
const giftOff: Promotion = {
  ...everywhere,
  id: "gift",
  name: "A gift",
  type: "order_percent",
  percent: Percent.make("100"),
  coupon: { code: coupons.gift, maxUses: 12, maxUsesPerAccount: 1 }
}

/** Without a code; begins and ends while the shop sells. */
export const saleOn = (percent: string): Promotion => ({
  ...everywhere,
  id: "sale",
  name: "Sale",
  type: "item_percent",
  percent: Percent.make(percent),
  on: { skus: [(plain[1] as Good).sku, (hot[1] as Good).sku] }
})

export const opening: CatalogChange = {
  products: goods.map(product),
  prices: goods.flatMap(({ amount, sku }) => (amount === null ? [] : [price(sku, amount)])),
  promotions: [tenOff(25, 2), giftOff, saleOn("0")],
  taxRates: [{ category: "standard", percent: Percent.make("19"), mode: "exclusive" }],
  shippingMethods: [
    { id: "parcel", currency, name: "Parcel", amount: minor(390n), taxCategory: "standard" }
  ]
}

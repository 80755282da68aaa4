import * as Schema from "effect/Schema"
import { CouponCode } from "../catalog/Promotion.ts"
import { Quantity } from "../catalog/Quantity.ts"
import { Sku } from "../catalog/Sku.ts"
import type { PlaceOrder } from "../checkout/Checkout.ts"
import { Currency } from "../money/Currency.ts"
import { MinorFromNumber } from "../money/Minor.ts"
import { AccountId } from "../order/OrderId.ts"
import { PriceOverride } from "../pricing/PriceOverride.ts"
import { namedUuid, type Uuid } from "../Uuid.ts"

/** An order that waits for its turn: all that its checkout needs, and what follows it. */
export const QueuedOrder = Schema.Struct({
  account: AccountId,
  key: Schema.String,
  fingerprint: Schema.String,
  currency: Currency,
  lines: Schema.Array(
    Schema.Struct({
      sku: Sku,
      quantity: Quantity,
      priceOverride: Schema.optionalKey(PriceOverride)
    })
  ),
  coupons: Schema.Array(CouponCode),
  shippingMethod: Schema.NullOr(Schema.String),
  shipTo: Schema.NullOr(Schema.String),
  expectedTotal: Schema.NullOr(MinorFromNumber),
  externalRef: Schema.NullOr(Schema.String),
  occurredAt: Schema.NullOr(Schema.Int),
  /** Whose cart is emptied once the order is placed; null when it came with lines. */
  emptiesCart: Schema.NullOr(AccountId)
})
export type QueuedOrder = typeof QueuedOrder.Type & PlaceOrder

const storageForm = Schema.fromJsonString(QueuedOrder)

export const orderToText: (order: QueuedOrder) => string = Schema.encodeSync(storageForm)
export const orderFromText: (text: string) => QueuedOrder = Schema.decodeSync(storageForm)

/** One ticket for each (account, key): whoever asks twice has asked once. */
export const ticketOf = ({ account, key }: Pick<QueuedOrder, "account" | "key">): Uuid =>
  namedUuid(`queue ticket ${account} ${key}`)

/** How many units of each SKU the order wants. */
export const unitsWanted = ({ lines }: Pick<QueuedOrder, "lines">): ReadonlyMap<Sku, number> => {
  const units = new Map<Sku, number>()
  for (const { quantity, sku } of lines) units.set(sku, (units.get(sku) ?? 0) + quantity)
  return units
}

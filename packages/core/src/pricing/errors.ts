import * as Schema from "effect/Schema"
import { CouponCode } from "../catalog/Promotion.ts"
import { Sku } from "../catalog/Sku.ts"
import { Currency } from "../money/Currency.ts"

/** The catalogue has no product under this SKU. */
export class UnknownProduct extends Schema.TaggedError<UnknownProduct>()(
  "UnknownProduct",
  { sku: Sku },
  { httpApiStatus: 422 }
) {
  override get message() {
    return `${this.sku}: there is no such product; remove the line`
  }
}

/** The product is known but not listed. */
export class NotForSale extends Schema.TaggedError<NotForSale>()(
  "NotForSale",
  { sku: Sku },
  { httpApiStatus: 422 }
) {
  override get message() {
    return `${this.sku}: not for sale; remove the line`
  }
}

/** The price list names no price, or two different ones, for this product at this time. */
export class NoPrice extends Schema.TaggedError<NoPrice>()(
  "NoPrice",
  { sku: Sku, currency: Currency, reason: Schema.Literals(["none", "ambiguous"]) },
  { httpApiStatus: 422 }
) {
  override get message() {
    return this.reason === "none"
      ? `${this.sku}: no price in ${this.currency} at this time; choose another currency`
      : `${this.sku}: two prices in ${this.currency} start at the same time; delete one`
  }
}

/** No shipping method of this name has a price in the quote's currency. */
export class ShippingUnavailable extends Schema.TaggedError<ShippingUnavailable>()(
  "ShippingUnavailable",
  { method: Schema.String, currency: Currency },
  { httpApiStatus: 422 }
) {
  override get message() {
    return `${this.method}: no such shipping in ${this.currency}; choose another method`
  }
}

/**
 * A coupon that was given cannot be honoured. A given coupon is never ignored silently: the
 * buyer expects its discount, and it must not be used up without one.
 */
export class CouponInvalid extends Schema.TaggedError<CouponInvalid>()(
  "CouponInvalid",
  {
    code: CouponCode,
    /**
     * `no_effect`: its conditions do not hold, another promotion excludes it, there is nothing
     * left that it could reduce, or the order has staff prices.
     */
    reason: Schema.Literals(["unknown", "not_valid_now", "other_currency", "used_up", "no_effect"])
  },
  { httpApiStatus: 422 }
) {
  override get message() {
    return `coupon ${this.code}: ${this.reason.replaceAll("_", " ")}; remove the coupon`
  }
}

/** The order's total does not fit into a JSON integer. */
export class AmountTooLarge extends Schema.TaggedError<AmountTooLarge>()(
  "AmountTooLarge",
  { limit: Schema.Finite },
  { httpApiStatus: 422 }
) {
  override get message() {
    return `the total is more than ${this.limit} minor units; order less`
  }
}

export const PricingError = Schema.Union([
  UnknownProduct,
  NotForSale,
  NoPrice,
  ShippingUnavailable,
  CouponInvalid,
  AmountTooLarge
])
export type PricingError = typeof PricingError.Type

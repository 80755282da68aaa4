import * as Schema from "effect/Schema"
import { Sku } from "../catalog/Sku.ts"
import { MinorFromNumber } from "../money/Minor.ts"
import { IllegalTransition } from "../order/OrderState.ts"
import { PricingError } from "../pricing/errors.ts"
import { StorageError } from "../StorageError.ts"
import { IdempotencyInFlight, IdempotencyKeyReused, UnknownOrder } from "../saga/errors.ts"

/** Expected: a buyer lost the race. Maps to HTTP 409 at the edge. */
export class SoldOut extends Schema.TaggedError<SoldOut>()(
  "SoldOut",
  { sku: Sku, requested: Schema.Int, available: Schema.Int },
  { httpApiStatus: 409 }
) {
  override get message() {
    return `${this.sku}: ${this.requested} requested, ${this.available} left`
  }
}

/** The account has bought as many units as one account may. Maps to HTTP 409. */
export class PurchaseLimitReached extends Schema.TaggedError<PurchaseLimitReached>()(
  "PurchaseLimitReached",
  { sku: Sku, requested: Schema.Int, left: Schema.Int },
  { httpApiStatus: 409 }
) {
  override get message() {
    return `${this.sku}: ${this.requested} requested, this account may buy ${this.left} more`
  }
}

/** All uses of the coupon are taken, by everyone or by this account. Maps to HTTP 409. */
export class CouponUsedUp extends Schema.TaggedError<CouponUsedUp>()(
  "CouponUsedUp",
  { code: Schema.String },
  { httpApiStatus: 409 }
) {
  override get message() {
    return `coupon ${this.code} is used up; remove the coupon`
  }
}

/** The server's total is another than the one the buyer agreed to. Maps to HTTP 409. */
export class PriceChanged extends Schema.TaggedError<PriceChanged>()(
  "PriceChanged",
  { expected: MinorFromNumber, actual: MinorFromNumber },
  { httpApiStatus: 409 }
) {
  override get message() {
    return `the total is ${this.actual}, not ${this.expected}: ask for a new quote`
  }
}

/** The account has an order with this reference. Maps to HTTP 409. */
export class ExternalRefTaken extends Schema.TaggedError<ExternalRefTaken>()(
  "ExternalRefTaken",
  { externalRef: Schema.String, orderId: Schema.String },
  { httpApiStatus: 409 }
) {
  override get message() {
    return `reference ${this.externalRef} belongs to order ${this.orderId}`
  }
}

/** What a buyer can be told when an order is not taken. */
export const CheckoutError = Schema.Union([
  PricingError,
  SoldOut,
  PurchaseLimitReached,
  CouponUsedUp,
  PriceChanged,
  ExternalRefTaken,
  IdempotencyInFlight,
  IdempotencyKeyReused,
  StorageError
])
export type CheckoutError = typeof CheckoutError.Type

export const CancelError = Schema.Union([UnknownOrder, IllegalTransition, StorageError])
export type CancelError = typeof CancelError.Type

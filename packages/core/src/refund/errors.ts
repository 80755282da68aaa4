import * as Schema from "effect/Schema"
import { MinorFromNumber } from "../money/Minor.ts"
import { IllegalTransition } from "../order/OrderState.ts"
import { StorageError } from "../StorageError.ts"
import { IdempotencyInFlight, IdempotencyKeyReused, UnknownOrder } from "../saga/errors.ts"

/** More money than is left of what was captured. Maps to HTTP 409. */
export class RefundExceedsCaptured extends Schema.TaggedError<RefundExceedsCaptured>()(
  "RefundExceedsCaptured",
  { requested: MinorFromNumber, left: MinorFromNumber },
  { httpApiStatus: 409 }
) {
  override get message() {
    return (
      `${this.requested} requested, ${this.left} can still be refunded ` +
      "(in minor units, such as pence)"
    )
  }
}

/** More units than were sold to this order and not yet given back. Maps to HTTP 409. */
export class RestockExceedsSold extends Schema.TaggedError<RestockExceedsSold>()(
  "RestockExceedsSold",
  { sku: Schema.String, requested: Schema.Int, left: Schema.Int },
  { httpApiStatus: 409 }
) {
  override get message() {
    return `${this.sku}: ${this.requested} to restock, ${this.left} of this order are still out`
  }
}

export const RefundError = Schema.Union([
  UnknownOrder,
  IllegalTransition,
  RefundExceedsCaptured,
  RestockExceedsSold,
  IdempotencyInFlight,
  IdempotencyKeyReused,
  StorageError
])
export type RefundError = typeof RefundError.Type

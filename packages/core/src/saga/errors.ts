import * as Schema from "effect/Schema"
import type { StoredAnswer } from "../order/SagaRecord.ts"

/** Expected: the first request with this key is still running. Maps to HTTP 409. */
export class IdempotencyInFlight extends Schema.TaggedError<IdempotencyInFlight>()(
  "IdempotencyInFlight",
  { key: Schema.String },
  { httpApiStatus: 409 }
) {
  override get message() {
    return `a request with the key ${this.key} is still running; ask again in a second`
  }
}

/** The key came before with another body. Maps to HTTP 422. */
export class IdempotencyKeyReused extends Schema.TaggedError<IdempotencyKeyReused>()(
  "IdempotencyKeyReused",
  { key: Schema.String },
  { httpApiStatus: 422 }
) {
  override get message() {
    return `the key ${this.key} was used with another body; send a new key`
  }
}

/** No order of this id, or not this account's. Maps to HTTP 404. */
export class UnknownOrder extends Schema.TaggedError<UnknownOrder>()(
  "UnknownOrder",
  { orderId: Schema.String },
  { httpApiStatus: 404 }
) {
  override get message() {
    return `there is no order ${this.orderId}`
  }
}

/** Not a refusal: the request was answered before, and this is that answer. */
export interface AlreadyAnswered {
  readonly _tag: "AlreadyAnswered"
  readonly answer: StoredAnswer
}

export type OpenRefusal = IdempotencyInFlight | IdempotencyKeyReused | AlreadyAnswered

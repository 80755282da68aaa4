/** What can be wrong with a request before the store itself has a say. */
import { Sku } from "@doorbuster/core/catalog/Sku"
import * as Schema from "effect/Schema"

/** The body is not JSON, or not in UTF-8. */
export class MalformedJson extends Schema.TaggedError<MalformedJson>()(
  "MalformedJson",
  {},
  { httpApiStatus: 400 }
) {
  override get message() {
    return "the body is not valid JSON in UTF-8"
  }
}

/** The body or the query is not what the interface describes. */
export class InvalidRequest extends Schema.TaggedError<InvalidRequest>()(
  "InvalidRequest",
  {
    part: Schema.Literals(["body", "query", "headers"]),
    /** Where, as a JSON pointer; empty for the whole. */
    pointer: Schema.String,
    reason: Schema.String
  },
  { httpApiStatus: 422 }
) {
  override get message() {
    return `${this.part} ${this.pointer}: ${this.reason}`
  }
}

export class PayloadTooLarge extends Schema.TaggedError<PayloadTooLarge>()(
  "PayloadTooLarge",
  { limitBytes: Schema.Int },
  { httpApiStatus: 413 }
) {
  override get message() {
    return `the body is larger than ${this.limitBytes} bytes`
  }
}

export class UnsupportedMediaType extends Schema.TaggedError<UnsupportedMediaType>()(
  "UnsupportedMediaType",
  {},
  { httpApiStatus: 415 }
) {
  override get message() {
    return "send the body as application/json in UTF-8, without Content-Encoding"
  }
}

export class NotFound extends Schema.TaggedError<NotFound>()(
  "NotFound",
  {},
  { httpApiStatus: 404 }
) {
  override get message() {
    return "there is nothing at this address"
  }
}

export class MethodNotAllowed extends Schema.TaggedError<MethodNotAllowed>()(
  "MethodNotAllowed",
  { allow: Schema.Array(Schema.String) },
  { httpApiStatus: 405 }
) {
  override get message() {
    return `this address answers to ${this.allow.join(", ")} only`
  }
}

/** A bug of ours; what it was stands in the log. */
export class InternalError extends Schema.TaggedError<InternalError>()(
  "InternalError",
  {},
  { httpApiStatus: 500 }
) {
  override get message() {
    return "the store made a mistake; it has been logged"
  }
}

/** The process is starting, stopping, or cannot reach its stores. */
export class NotReady extends Schema.TaggedError<NotReady>()(
  "NotReady",
  { reason: Schema.Literals(["draining", "storage"]) },
  { httpApiStatus: 503 }
) {
  override get message() {
    return this.reason === "draining" ? "shutting down" : "a store cannot be reached"
  }
}

export class Unauthorized extends Schema.TaggedError<Unauthorized>()(
  "Unauthorized",
  {},
  { httpApiStatus: 401 }
) {
  override get message() {
    return "send a valid token as Authorization: Bearer; POST /sessions gives a guest's"
  }
}

export class Forbidden extends Schema.TaggedError<Forbidden>()(
  "Forbidden",
  {},
  { httpApiStatus: 403 }
) {
  override get message() {
    return "this needs the staff token"
  }
}

/** A buyer sent what only staff may send; nothing was written. */
export class StaffOnly extends Schema.TaggedError<StaffOnly>()(
  "StaffOnly",
  { field: Schema.String },
  { httpApiStatus: 403 }
) {
  override get message() {
    return `${this.field} may be sent by staff only; leave it out`
  }
}

/** Staff asked to end a session. */
export class NoSession extends Schema.TaggedError<NoSession>()(
  "NoSession",
  {},
  { httpApiStatus: 403 }
) {
  override get message() {
    return "the staff token is no session: it ends when the configuration has another one"
  }
}

export class IdempotencyKeyRequired extends Schema.TaggedError<IdempotencyKeyRequired>()(
  "IdempotencyKeyRequired",
  {},
  { httpApiStatus: 400 }
) {
  override get message() {
    return "send an Idempotency-Key of your own making, so that a retry happens once"
  }
}

export class IdempotencyKeyInvalid extends Schema.TaggedError<IdempotencyKeyInvalid>()(
  "IdempotencyKeyInvalid",
  {},
  { httpApiStatus: 400 }
) {
  override get message() {
    return "an Idempotency-Key has 1 to 255 visible ASCII characters"
  }
}

/** The signature is missing, wrong, too old or from the future. */
export class SignatureInvalid extends Schema.TaggedError<SignatureInvalid>()(
  "SignatureInvalid",
  { reason: Schema.Literals(["missing", "malformed", "stale", "mismatch"]) },
  { httpApiStatus: 400 }
) {
  override get message() {
    return `Stripe-Signature is ${this.reason}`
  }
}

export class NoSuchProduct extends Schema.TaggedError<NoSuchProduct>()(
  "NoSuchProduct",
  { sku: Sku },
  { httpApiStatus: 404 }
) {
  override get message() {
    return `there is no product ${this.sku}`
  }
}

export class CartEmpty extends Schema.TaggedError<CartEmpty>()(
  "CartEmpty",
  {},
  { httpApiStatus: 422 }
) {
  override get message() {
    return "the cart is empty; put something in or send lines"
  }
}

export class CartFull extends Schema.TaggedError<CartFull>()(
  "CartFull",
  { linesMax: Schema.Int },
  { httpApiStatus: 422 }
) {
  override get message() {
    return `a cart has at most ${this.linesMax} lines`
  }
}

/** More units were to go out than are available. */
export class StockTooLow extends Schema.TaggedError<StockTooLow>()(
  "StockTooLow",
  { sku: Sku, available: Schema.Int },
  { httpApiStatus: 409 }
) {
  override get message() {
    return `${this.sku}: only ${this.available} are available`
  }
}

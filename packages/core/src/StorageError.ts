import * as Schema from "effect/Schema"

/**
 * A store could not do what it was asked.
 *
 * - `retry`: nothing was written and the same call may succeed at once (serialization failure,
 *   deadlock, lock time-out).
 * - `unavailable`: the store cannot be reached; a write may or may not have happened. Every write
 *   is idempotent, so the caller simply sends it again later.
 * - `bad_value`: one item of the batch can never be stored; the others can.
 *
 * Maps to HTTP 503 at the edge.
 */
export class StorageError extends Schema.TaggedError<StorageError>()(
  "StorageError",
  {
    operation: Schema.String,
    reason: Schema.Literals(["retry", "unavailable", "bad_value"]),
    detail: Schema.String
  },
  { httpApiStatus: 503 }
) {
  override get message() {
    return `${this.operation}: ${this.reason}: ${this.detail}`
  }
}

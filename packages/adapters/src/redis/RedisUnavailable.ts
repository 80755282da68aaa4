import { StorageError } from "@doorbuster/core/StorageError"
import * as Schema from "effect/Schema"

/**
 * Redis did not do what it was asked; a write may have happened all the same.
 *
 * - `timeout`: no answer within the command's time.
 * - `unreachable`: there is no connection, or it broke while the command was out.
 * - `refused`: Redis answered with an error of its own (out of memory, read-only, a bad script).
 */
export class RedisUnavailable extends Schema.TaggedError<RedisUnavailable>()("RedisUnavailable", {
  operation: Schema.String,
  reason: Schema.Literals(["timeout", "unreachable", "refused"]),
  detail: Schema.String
}) {
  override get message() {
    return `${this.operation}: ${this.reason}: ${this.detail}`
  }
}

/** What the driver's error means: only errors that Redis itself has sent are `ReplyError`s. */
export const redisUnavailable = (operation: string, cause: unknown): RedisUnavailable => {
  const isReply = cause instanceof Error && cause.name === "ReplyError"
  return new RedisUnavailable({
    operation,
    reason: isReply ? "refused" : "unreachable",
    detail: cause instanceof Error ? cause.message : String(cause)
  })
}

/** To the core a Redis that does not answer is a store that does not. */
export const unavailable = ({ detail, operation, reason }: RedisUnavailable): StorageError =>
  new StorageError({ operation, reason: "unavailable", detail: `${reason}: ${detail}` })

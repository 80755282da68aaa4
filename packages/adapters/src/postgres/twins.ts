import type { StorageError } from "@doorbuster/core/StorageError"
import * as Effect from "effect/Effect"

/**
 * Looks again when a twin raced this transaction (the same key written at the same time) or when
 * locks were taken crosswise: nothing was written, and now what the twin wrote can be seen.
 */
export const lookAgain = <A>(write: Effect.Effect<A, StorageError>) =>
  Effect.retry(write, { times: 5, while: ({ reason }) => reason === "retry" })

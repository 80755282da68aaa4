import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { AccountId } from "../order/OrderId.ts"
import type { StoredAnswer } from "../order/SagaRecord.ts"

/** An idempotency key as whoever used it named it. */
export interface AnswerKey {
  readonly account: AccountId
  readonly key: string
}

/** What the record has under a key, as long as it is kept: an answer is never changed. */
export interface FinalAnswer extends AnswerKey {
  readonly fingerprint: string
  readonly answer: StoredAnswer
}

/**
 * Answers that are stored under their keys in the record, so that those who repeat a request do not
 * reach it. What is found here is right; what is not found says nothing. It never fails: a cache
 * that cannot be reached has found nothing.
 */
export class AnswerCache extends Context.Service<
  AnswerCache,
  {
    /** One for each key, in their order. */
    readonly find: (
      keys: ReadonlyArray<AnswerKey>
    ) => Effect.Effect<ReadonlyArray<FinalAnswer | undefined>>
    /** Only what was read from the record, or written to it before. */
    readonly keep: (answers: ReadonlyArray<FinalAnswer>) => Effect.Effect<void>
  }
>()("@doorbuster/core/edge/AnswerCache") {}

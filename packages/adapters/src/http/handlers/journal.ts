import { Writes } from "@doorbuster/core/batch/Writes"
import { badDebtPostings, unmatchedRefundPostings } from "@doorbuster/core/ledger/templates"
import { PaymentProvider } from "@doorbuster/core/payment/PaymentProvider"
import { IdempotencyKeyReused } from "@doorbuster/core/saga/errors"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { idOf } from "../idempotency/IdempotencyKey.ts"
import { storedResponse } from "../idempotency/storedResponse.ts"
import { Caller } from "../identity/Caller.ts"
import type { JournalBody } from "../wire/OpsBodies.ts"

/** Books an adjustment once per key; the answer follows from the request. */
export const postEntry = Effect.gen(function* () {
  const writes = yield* Writes
  const provider = yield* PaymentProvider

  return Effect.fnUntraced(function* (key: string, body: typeof JournalBody.Type) {
    const { account } = yield* Caller
    const { amount, currency, kind, memo } = body
    const now = yield* Clock.currentTimeMillis
    const entryId = `adjustment:${idOf("entry", account, key)}`
    const postings =
      kind === "bad_debt"
        ? badDebtPostings(provider.name, amount)
        : unmatchedRefundPostings(provider.name, amount)
    const outcome = yield* writes.post({
      entryId,
      kind,
      currency,
      orderId: null,
      paymentId: null,
      memo,
      occurredAt: body.occurred_at ?? now,
      postings
    })
    if (outcome._tag === "EntryReused") return yield* new IdempotencyKeyReused({ key })
    if (outcome._tag === "Unbalanced") {
      return yield* Effect.die(new Error(`the template of ${kind} does not sum to zero`))
    }
    const answer = JSON.stringify({ entry_id: entryId, kind, currency, amount: Number(amount) })
    return storedResponse({ status: 201, body: answer }, outcome.replayed)
  })
})

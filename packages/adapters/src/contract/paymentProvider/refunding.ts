import { minor } from "@doorbuster/core/money/Minor"
import { PaymentProvider } from "@doorbuster/core/payment/PaymentProvider"
import { nextUuid } from "@doorbuster/core/Uuid"
import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type { Promises } from "../suite.ts"
import { bookOf, captured, created, giveBack, type ProviderTerms } from "./fixtures.ts"

const sum = (amounts: ReadonlyArray<{ readonly amount: bigint }>): bigint =>
  amounts.reduce((all, { amount }) => all + amount, 0n)

export const refunding = (terms: ProviderTerms): Promises<PaymentProvider> => ({
  "gives back once, however often the same refund is asked for": Effect.gen(function* () {
    const provider = yield* PaymentProvider
    const { paymentId } = yield* captured(terms)
    const refund = { refundId: yield* nextUuid, paymentId, amount: minor(500n) }
    assert.deepStrictEqual(yield* provider.refund(refund), refund)
    yield* Effect.forEach(Array.from({ length: 10 }), () => provider.refund(refund), {
      concurrency: "unbounded"
    })
    assert.deepStrictEqual((yield* bookOf(paymentId)).refunds, [refund])
  }),

  "gives back in parts, and not a cent more than it took": Effect.gen(function* () {
    const { paymentId } = yield* captured(terms)
    assert.isTrue(yield* giveBack(paymentId, 700n))
    assert.isFalse(yield* giveBack(paymentId, 501n))
    assert.isTrue(yield* giveBack(paymentId, 500n))
    assert.isFalse(yield* giveBack(paymentId, 1n))
    assert.strictEqual(sum((yield* bookOf(paymentId)).refunds), 1200n)
  }),

  "gives back no more than it took, however many ask at once": Effect.gen(function* () {
    const { paymentId } = yield* captured(terms)
    const done = yield* Effect.forEach(
      Array.from({ length: 30 }),
      () => giveBack(paymentId, 100n),
      { concurrency: "unbounded" }
    )
    assert.strictEqual(done.filter((was) => was).length, 12)
    assert.strictEqual(sum((yield* bookOf(paymentId)).refunds), 1200n)
  }),

  "gives nothing back for a payment that was not captured": Effect.gen(function* () {
    const { paymentId } = yield* created(terms)
    assert.isFalse(yield* giveBack(paymentId, 1n))
    assert.deepStrictEqual((yield* bookOf(paymentId)).refunds, [])
  })
})

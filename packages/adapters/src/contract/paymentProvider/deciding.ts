import { PaymentProvider } from "@doorbuster/core/payment/PaymentProvider"
import { nextUuid } from "@doorbuster/core/Uuid"
import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type { Promises } from "../suite.ts"
import {
  bookOf,
  cancel,
  capture,
  captured,
  capturesIn,
  created,
  freshPayment,
  type ProviderTerms
} from "./fixtures.ts"

const twenty = Array.from({ length: 20 })
const nothing = { captures: [], refunds: [] }

export const creating = (terms: ProviderTerms): Promises<PaymentProvider> => ({
  "has a name that a ledger account can bear": Effect.gen(function* () {
    assert.match((yield* PaymentProvider).name, /^[\w.-]+$/)
  }),

  "charges nothing for a payment that is only created": Effect.gen(function* () {
    const provider = yield* PaymentProvider
    const payment = yield* freshPayment(terms)
    assert.deepStrictEqual(yield* provider.create(payment), { _tag: "Unconfirmed" })
    assert.deepStrictEqual(yield* bookOf(payment.paymentId), nothing)
  }),

  "creates once, and later tells what has become of the payment": Effect.gen(function* () {
    const provider = yield* PaymentProvider
    const payment = yield* created(terms)
    assert.deepStrictEqual(yield* provider.create(payment), { _tag: "Unconfirmed" })
    const answer = yield* capture(payment.paymentId)
    assert.deepStrictEqual(yield* provider.create(payment), answer)
  })
})

export const capturing = (terms: ProviderTerms): Promises<PaymentProvider> => ({
  "takes the whole amount": Effect.gen(function* () {
    const payment = yield* created(terms)
    const answer = yield* capture(payment.paymentId)
    const amounts = capturesIn(answer).map(({ capturedAt, captureId, ...rest }) => rest)
    assert.deepStrictEqual(amounts, [payment])
  }),

  "takes it once, however often it is asked, and answers the same": Effect.gen(function* () {
    const payment = yield* captured(terms)
    const answer = yield* capture(payment.paymentId)
    const answers = yield* Effect.forEach(twenty, () => capture(payment.paymentId))
    for (const again of answers) assert.deepStrictEqual(again, answer)
    const { captures } = yield* bookOf(payment.paymentId)
    assert.deepStrictEqual(captures, capturesIn(answer))
  }),

  "takes it once where many ask at the same time": Effect.gen(function* () {
    const { paymentId } = yield* created(terms)
    const answers = yield* Effect.forEach(twenty, () => capture(paymentId), {
      concurrency: "unbounded"
    })
    const ids = new Set(answers.flatMap(capturesIn).map(({ captureId }) => captureId))
    assert.strictEqual(ids.size, 1)
    assert.strictEqual((yield* bookOf(paymentId)).captures.length, 1)
  }),

  "takes nothing for a payment that it does not know": Effect.gen(function* () {
    const paymentId = yield* nextUuid
    const answer = yield* Effect.result(capture(paymentId))
    const taken = answer._tag === "Success" ? capturesIn(answer.success) : []
    assert.deepStrictEqual(taken, [])
    assert.deepStrictEqual(yield* bookOf(paymentId), nothing)
  })
})

export const canceling = (terms: ProviderTerms): Promises<PaymentProvider> => ({
  "never charges a payment that was canceled": Effect.gen(function* () {
    const payment = yield* created(terms)
    assert.deepStrictEqual(yield* cancel(payment), { _tag: "Canceled" })
    assert.deepStrictEqual(yield* cancel(payment), { _tag: "Canceled" })
    assert.deepStrictEqual(yield* capture(payment.paymentId), { _tag: "Canceled" })
    assert.deepStrictEqual(yield* bookOf(payment.paymentId), nothing)
  }),

  "cancels a payment that never existed, and a late twin finds it so": Effect.gen(function* () {
    const provider = yield* PaymentProvider
    const payment = yield* freshPayment(terms)
    assert.deepStrictEqual(yield* cancel(payment), { _tag: "Canceled" })
    assert.deepStrictEqual(yield* provider.create(payment), { _tag: "Canceled" })
    assert.deepStrictEqual(yield* capture(payment.paymentId), { _tag: "Canceled" })
    assert.deepStrictEqual(yield* bookOf(payment.paymentId), nothing)
  }),

  "cancels no payment whose money it has taken": Effect.gen(function* () {
    const payment = yield* captured(terms)
    const answer = yield* capture(payment.paymentId)
    assert.deepStrictEqual(yield* cancel(payment), answer)
    assert.deepStrictEqual(yield* capture(payment.paymentId), answer)
  }),

  "says the same to both, where one captures and one cancels at once": Effect.gen(function* () {
    for (let round = 0; round < 10; round++) {
      const payment = yield* created(terms)
      const both = [capture(payment.paymentId), cancel(payment)]
      const told = yield* Effect.all(both, { concurrency: 2 })
      const now = yield* capture(payment.paymentId)
      assert.deepStrictEqual([...told, yield* cancel(payment)], [now, now, now])
      const { captures } = yield* bookOf(payment.paymentId)
      assert.deepStrictEqual(captures, capturesIn(now))
    }
  })
})

/** Nothing to promise where the provider declines no amount by itself. */
export const declining = (terms: ProviderTerms): Promises<PaymentProvider> => {
  const { declined } = terms
  if (declined === undefined) return {}
  return {
    "takes nothing for what it declines, and stays with its answer": Effect.gen(function* () {
      const payment = yield* created(terms, declined)
      const answer = yield* capture(payment.paymentId)
      assert.strictEqual(answer._tag, "Declined")
      assert.deepStrictEqual(yield* capture(payment.paymentId), answer)
      assert.deepStrictEqual(yield* bookOf(payment.paymentId), nothing)
    })
  }
}

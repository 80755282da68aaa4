import type { Currency } from "@doorbuster/core/money/Currency"
import { type Minor, minor } from "@doorbuster/core/money/Minor"
import {
  PaymentProvider,
  type ProviderError,
  type ProviderPayment
} from "@doorbuster/core/payment/PaymentProvider"
import { nextUuid, type Uuid } from "@doorbuster/core/Uuid"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"

/** What the suite asks a provider for: amounts that it takes, and one that it does not. */
export interface ProviderTerms {
  /** Of every payment; the provider approves 12.00 of it. Default: EUR. */
  readonly currency?: Currency
  /** An amount that the provider declines, where there is one. */
  readonly declined?: Minor
}

export interface NewPayment {
  readonly paymentId: Uuid
  readonly amount: Minor
  readonly currency: Currency
}

export const whole = minor(1200n)

export const freshPayment = ({ currency = "EUR" as Currency }: ProviderTerms, amount = whole) =>
  Effect.map(nextUuid, (paymentId): NewPayment => ({ paymentId, amount, currency }))

export const created = Effect.fnUntraced(function* (terms: ProviderTerms, amount?: Minor) {
  const provider = yield* PaymentProvider
  const payment = yield* freshPayment(terms, amount)
  yield* provider.create(payment)
  return payment
})

/** As the store does it: whoever does not know asks again, and only then. */
const pollMs = 50
const pollsMax = 200
const persistently = <A, R>(asked: Effect.Effect<A, ProviderError, R>) =>
  asked.pipe(
    Effect.retry({
      while: ({ _tag }) => _tag === "ProviderOutcomeUnknown",
      times: pollsMax,
      schedule: Schedule.spaced(pollMs)
    })
  )

/** Asks for the capture until the answer is clear. */
export const capture = Effect.fnUntraced(function* (paymentId: Uuid) {
  const provider = yield* PaymentProvider
  for (let polls = 0; ; polls++) {
    const answer = yield* persistently(provider.capture(paymentId))
    if (answer._tag !== "Pending") return answer
    if (polls >= pollsMax) return yield* Effect.die(`payment ${paymentId} is pending for ever`)
    yield* Effect.sleep(pollMs)
  }
})

export const cancel = Effect.fnUntraced(function* (payment: NewPayment) {
  return yield* persistently((yield* PaymentProvider).cancel(payment))
})

export const captured = Effect.fnUntraced(function* (terms: ProviderTerms) {
  const payment = yield* created(terms)
  const answer = yield* capture(payment.paymentId)
  if (answer._tag === "Captured") return payment
  return yield* Effect.die(`the provider did not take ${payment.amount}: ${answer._tag}`)
})

export const capturesIn = (answer: ProviderPayment) =>
  answer._tag === "Captured" ? answer.captures : []

/** Gives an amount back under a fresh id; true where the provider did it. */
export const giveBack = Effect.fnUntraced(function* (paymentId: Uuid, amount: bigint) {
  const provider = yield* PaymentProvider
  const refund = { refundId: yield* nextUuid, paymentId, amount: minor(amount) }
  return yield* Effect.match(persistently(provider.refund(refund)), {
    onFailure: () => false,
    onSuccess: () => true
  })
})

/** What the provider's own book says of one payment. */
export const bookOf = Effect.fnUntraced(function* (paymentId: Uuid) {
  const { captures, refunds } = yield* (yield* PaymentProvider).book
  return {
    captures: captures.filter((one) => one.paymentId === paymentId),
    refunds: refunds.filter((one) => one.paymentId === paymentId)
  }
})

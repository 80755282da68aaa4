import { captureEntry, unappliedEntry } from "@doorbuster/core/ledger/templates"
import { minor } from "@doorbuster/core/money/Minor"
import { type CreatePayment, Payments, type RecordCapture } from "@doorbuster/core/payment/Payments"
import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { freshName } from "../fresh.ts"
import { atOnce, tagOf, tally } from "../outcomes.ts"
import type { Promises } from "../suite.ts"
import {
  balances,
  captured,
  captureOf,
  created,
  dollar,
  entriesOf,
  payment,
  paymentNow,
  refOf,
  sent
} from "./fixtures.ts"

export const applying: Promises<Payments> = {
  "books a capture to its order, with the entry that belongs to it": Effect.gen(function* () {
    const payments = yield* Payments
    const request = yield* sent
    const capture = captureOf(request)
    assert.deepStrictEqual(yield* payments.recordCapture([capture]), [
      { _tag: "Applied", replayed: false }
    ])
    const now = yield* paymentNow(request)
    assert.deepStrictEqual(
      [now.state, now.captured, now.unapplied, now.deferred],
      ["captured", 1200n, 0n, 1000n]
    )
    const { captureId, occurredAt } = capture
    assert.deepStrictEqual(yield* entriesOf(request.orderId), [
      captureEntry(now, captureId, occurredAt)
    ])
  }),

  "books a capture that comes before it was marked as sent": Effect.gen(function* () {
    const payments = yield* Payments
    const request = yield* created
    const [outcome] = yield* payments.recordCapture([captureOf(request)])
    assert.strictEqual(tagOf(outcome), "Applied")
  }),

  "books a capture once, in a batch, again, and for 20 twins at once": Effect.gen(function* () {
    const payments = yield* Payments
    const request = yield* sent
    const capture = captureOf(request)
    assert.deepStrictEqual(yield* payments.recordCapture([capture, capture]), [
      { _tag: "Applied", replayed: false },
      { _tag: "Applied", replayed: true }
    ])
    const fresh = captureOf(yield* sent)
    const twins = Array.from({ length: 20 }, () => fresh)
    const outcomes = yield* atOnce(twins, (twin) => payments.recordCapture([twin]))
    assert.deepStrictEqual(tally(outcomes), { Applied: 20 })
    const first = outcomes.filter((outcome) => outcome._tag === "Applied" && !outcome.replayed)
    assert.strictEqual(first.length, 1)
    assert.strictEqual((yield* paymentNow(request)).captured, 1200n)
    assert.strictEqual((yield* entriesOf(request.orderId)).length, 1)
  })
}

/** Records money that cannot be applied, twice; answers with the payment as it is then. */
const unappliedTo = Effect.fnUntraced(function* (request: CreatePayment, capture: RecordCapture) {
  const payments = yield* Payments
  const [first] = yield* payments.recordCapture([capture])
  const now = yield* paymentNow(request)
  assert.deepStrictEqual(first, { _tag: "Unapplied", replayed: false, payment: now })
  const [again] = yield* payments.recordCapture([capture])
  assert.deepStrictEqual(again, { _tag: "Unapplied", replayed: true, payment: now })
  const { amount, captureId, currency, occurredAt, paymentId, provider } = capture
  const entry = unappliedEntry({
    captureId,
    provider,
    currency: currency as CreatePayment["currency"],
    amount,
    payment: now,
    paymentId,
    occurredAt
  })
  const booked = (yield* entriesOf(request.orderId)).filter(
    ({ entryId }) => entryId === entry.entryId
  )
  assert.deepStrictEqual(booked, [entry])
  return now
})

export const unapplied: Promises<Payments> = {
  "takes money for a canceled payment as owed back, and the payment stays canceled": Effect.gen(
    function* () {
      const payments = yield* Payments
      const request = yield* created
      yield* payments.cancel([request])
      const now = yield* unappliedTo(request, captureOf(request))
      assert.deepStrictEqual(
        [now.state, now.captured, now.unapplied, now.deferred],
        ["canceled", 1200n, 1200n, 0n]
      )
    }
  ),

  "takes money for a declined payment as owed back": Effect.gen(function* () {
    const payments = yield* Payments
    const request = yield* sent
    yield* payments.recordDecline([{ ...refOf(request), reason: "no funds" }])
    const now = yield* unappliedTo(request, captureOf(request))
    assert.deepStrictEqual([now.state, now.unapplied], ["declined", 1200n])
  }),

  "takes a second capture as owed back, and the first stays applied": Effect.gen(function* () {
    const request = yield* captured
    const second = captureOf(request, { captureId: yield* freshName("capture") })
    const now = yield* unappliedTo(request, second)
    assert.deepStrictEqual(
      [now.state, now.captured, now.unapplied, now.deferred],
      ["captured", 2400n, 1200n, 1000n]
    )
  }),

  "takes a capture of another amount as owed back, all of it": Effect.gen(function* () {
    const request = yield* sent
    const now = yield* unappliedTo(request, captureOf(request, { amount: minor(1199n) }))
    assert.deepStrictEqual([now.state, now.captured, now.unapplied], ["canceled", 1199n, 1199n])
  }),

  "adds no money of another currency to a payment's own": Effect.gen(function* () {
    const request = yield* sent
    const now = yield* unappliedTo(request, captureOf(request, { currency: dollar }))
    assert.deepStrictEqual([now.state, now.captured, now.unapplied], ["canceled", 0n, 0n])
  }),

  "books money of a payment that nobody knows": Effect.gen(function* () {
    const payments = yield* Payments
    const capture = captureOf(yield* payment)
    assert.deepStrictEqual(yield* payments.recordCapture([capture, capture]), [
      { _tag: "Unapplied", replayed: false, payment: null },
      { _tag: "Unapplied", replayed: true, payment: null }
    ])
    const rows = (yield* payments.trialBalance).filter(
      ({ account }) => account === `assets:provider:${capture.provider}`
    )
    assert.deepStrictEqual(
      rows.map(({ credit, debit }) => debit - credit),
      [1200n]
    )
  }),

  "applies one of two captures in a batch, the one that comes first": Effect.gen(function* () {
    const payments = yield* Payments
    const request = yield* sent
    const second = captureOf(request, { captureId: yield* freshName("capture") })
    const outcomes = yield* payments.recordCapture([captureOf(request), second])
    assert.deepStrictEqual(outcomes.map(tagOf), ["Applied", "Unapplied"])
    assert.strictEqual((yield* paymentNow(request)).unapplied, 1200n)
  }),

  "applies one of 20 captures at once, and owes the others back": Effect.gen(function* () {
    const payments = yield* Payments
    const request = yield* sent
    const ids = yield* Effect.forEach(Array.from({ length: 20 }), () => freshName("capture"))
    const outcomes = yield* atOnce(ids, (captureId) =>
      payments.recordCapture([captureOf(request, { captureId })])
    )
    assert.deepStrictEqual(tally(outcomes), { Applied: 1, Unapplied: 19 })
    const now = yield* paymentNow(request)
    assert.deepStrictEqual([now.captured, now.unapplied], [24_000n, 22_800n])
    assert.deepStrictEqual(balances(yield* entriesOf(request.orderId)), {
      [`assets:provider:${request.provider}`]: 24_000n,
      "liabilities:deferred_revenue": -1000n,
      "liabilities:tax": -200n,
      "liabilities:unapplied_receipts": -22_800n
    })
  })
}

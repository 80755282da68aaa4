import { refundEntry, refundShares } from "@doorbuster/core/ledger/templates"
import { minor } from "@doorbuster/core/money/Minor"
import { Payments } from "@doorbuster/core/payment/Payments"
import { nextUuid } from "@doorbuster/core/Uuid"
import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { atOnce, tally } from "../outcomes.ts"
import type { Promises } from "../suite.ts"
import {
  balances,
  captured,
  captureOf,
  created,
  entriesOf,
  intentOf,
  paymentNow,
  refund
} from "./fixtures.ts"

export const intending: Promises<Payments> = {
  "intends no more than was captured": Effect.gen(function* () {
    const payments = yield* Payments
    const request = yield* captured
    const ids = [yield* nextUuid, yield* nextUuid, yield* nextUuid] as const
    const outcomes = yield* payments.intendRefund([
      intentOf(request, ids[0], 700),
      intentOf(request, ids[1], 600),
      intentOf(request, ids[2], 500)
    ])
    assert.deepStrictEqual(outcomes, [
      { _tag: "Intended", amount: minor(700n) },
      { _tag: "ExceedsCaptured", left: minor(500n) },
      { _tag: "Intended", amount: minor(500n) }
    ])
    assert.strictEqual((yield* paymentNow(request)).intended, 1200n)
    const { refunds } = yield* payments.ofOrder(request.orderId)
    assert.deepStrictEqual(refunds.map(({ amount, state }) => `${amount} ${state}`).sort(), [
      "500 intended",
      "700 intended"
    ])
  }),

  "intends no more than was captured, however many ask at once": Effect.gen(function* () {
    const payments = yield* Payments
    const request = yield* captured
    const ids = yield* Effect.forEach(Array.from({ length: 30 }), () => nextUuid)
    const outcomes = yield* atOnce(ids, (id) => payments.intendRefund([intentOf(request, id, 100)]))
    assert.deepStrictEqual(tally(outcomes), { Intended: 12, ExceedsCaptured: 18 })
    assert.strictEqual((yield* paymentNow(request)).intended, 1200n)
  }),

  "intends once per refund, in a batch, again, and for twins at once": Effect.gen(function* () {
    const payments = yield* Payments
    const request = yield* captured
    const twin = intentOf(request, yield* nextUuid, 900)
    assert.deepStrictEqual(tally(yield* payments.intendRefund([twin, twin])), { Intended: 2 })
    const twins = Array.from({ length: 20 }, () => twin)
    const outcomes = yield* atOnce(twins, (item) => payments.intendRefund([item]))
    assert.deepStrictEqual(tally(outcomes), { Intended: 20 })
    assert.strictEqual((yield* paymentNow(request)).intended, 900n)
  }),

  "intends whatever is left where no amount is given, and under one id one amount": Effect.gen(
    function* () {
      const payments = yield* Payments
      const request = yield* captured
      const [part, rest, late] = [yield* nextUuid, yield* nextUuid, yield* nextUuid]
      const intended = (amount: bigint) => ({ _tag: "Intended", amount: minor(amount) }) as const
      const nothingLeft = { _tag: "ExceedsCaptured", left: minor(0n) } as const
      assert.deepStrictEqual(
        yield* payments.intendRefund([
          intentOf(request, part, 700),
          intentOf(request, rest, null),
          intentOf(request, late, null)
        ]),
        [intended(700n), intended(500n), nothingLeft]
      )
      assert.deepStrictEqual(
        yield* payments.intendRefund([
          intentOf(request, rest, null),
          intentOf(request, rest, 1200),
          intentOf(request, part, null)
        ]),
        [intended(500n), intended(500n), intended(700n)]
      )
      assert.strictEqual((yield* paymentNow(request)).intended, 1200n)
    }
  ),

  "gives nothing back of a payment that took nothing, or that nobody knows": Effect.gen(
    function* () {
      const payments = yield* Payments
      const request = yield* created
      const stranger = { ...request, paymentId: yield* nextUuid }
      assert.deepStrictEqual(
        yield* payments.intendRefund([
          intentOf(request, yield* nextUuid, 1),
          intentOf(stranger, yield* nextUuid, 1)
        ]),
        [{ _tag: "ExceedsCaptured", left: minor(0n) }, { _tag: "UnknownPayment" }]
      )
    }
  ),

  "keeps the order's money apart from money that belongs to nothing": Effect.gen(function* () {
    const payments = yield* Payments
    const request = yield* captured
    yield* payments.recordCapture([captureOf(request, { captureId: `x-${request.paymentId}` })])
    const [order, loose] = [yield* nextUuid, yield* nextUuid]
    const outcomes = yield* payments.intendRefund([
      intentOf(request, order, 1201),
      intentOf(request, loose, 1201, "unapplied"),
      intentOf(request, loose, 1200, "unapplied"),
      intentOf(request, order, 1200)
    ])
    assert.deepStrictEqual(tally(outcomes), { ExceedsCaptured: 2, Intended: 2 })
    yield* payments.recordRefund([{ refundId: loose, occurredAt: 0 }])
    const now = yield* paymentNow(request)
    assert.deepStrictEqual(
      [now.refunded, now.unappliedRefunded, now.deferred],
      [1200n, 1200n, 1000n]
    )
    const sums = balances(yield* entriesOf(request.orderId))
    assert.strictEqual(sums["liabilities:unapplied_receipts"], undefined)
    assert.strictEqual(sums[`assets:provider:${request.provider}`], 1200n)
  })
}

export const refunding: Promises<Payments> = {
  "books a refund once, with the entry that belongs to it": Effect.gen(function* () {
    const payments = yield* Payments
    const request = yield* captured
    const before = yield* paymentNow(request)
    const intent = intentOf(request, yield* nextUuid, 300)
    yield* payments.intendRefund([intent])
    const record = { refundId: intent.refundId, occurredAt: request.at + 3000 }
    const told = { _tag: "Refunded", full: false, refunded: minor(300n) } as const
    assert.deepStrictEqual(yield* payments.recordRefund([record, record]), [told, told])
    const twins = Array.from({ length: 10 }, () => record)
    const outcomes = yield* atOnce(twins, (twin) => payments.recordRefund([twin]))
    assert.deepStrictEqual(tally(outcomes), { Refunded: 10 })
    const now = yield* paymentNow(request)
    assert.deepStrictEqual([now.refunded, now.taxRefunded, now.deferred], [300n, 50n, 750n])
    const entry = refundEntry(
      before,
      { ...intent, amount: minor(300n) },
      refundShares(before, minor(300n)),
      record.occurredAt
    )
    const booked = (yield* entriesOf(request.orderId)).filter(({ kind }) => kind === "refund")
    assert.deepStrictEqual(booked, [entry])
    const { refunds } = yield* payments.ofOrder(request.orderId)
    assert.deepStrictEqual(
      refunds.map(({ state }) => state),
      ["refunded"]
    )
  }),

  "knows no refund that nobody intended": Effect.gen(function* () {
    const payments = yield* Payments
    const refundId = yield* nextUuid
    assert.deepStrictEqual(yield* payments.recordRefund([{ refundId, occurredAt: 0 }]), [
      { _tag: "UnknownRefund" }
    ])
  }),

  "adds partial refunds up to the whole, tax and all": Effect.gen(function* () {
    const request = yield* captured
    const parts = [1, 333, 333, 1, 532]
    const told = yield* Effect.forEach(parts, (amount) => refund(request, amount))
    assert.deepStrictEqual(
      told.map((outcome) =>
        outcome?._tag === "Refunded" ? `${outcome.refunded} ${outcome.full}` : outcome?._tag
      ),
      ["1 false", "334 false", "667 false", "668 false", "1200 true"]
    )
    const now = yield* paymentNow(request)
    assert.deepStrictEqual([now.refunded, now.taxRefunded, now.deferred], [1200n, 200n, 0n])
    assert.deepStrictEqual(balances(yield* entriesOf(request.orderId)), {})
  }),

  "adds the refunds of one batch up in the order given": Effect.gen(function* () {
    const payments = yield* Payments
    const request = yield* captured
    const ids = [yield* nextUuid, yield* nextUuid] as const
    yield* payments.intendRefund([intentOf(request, ids[0], 500), intentOf(request, ids[1], 700)])
    const records = ids.map((refundId) => ({ refundId, occurredAt: 0 }))
    assert.deepStrictEqual(yield* payments.recordRefund(records), [
      { _tag: "Refunded", full: false, refunded: minor(500n) },
      { _tag: "Refunded", full: true, refunded: minor(1200n) }
    ])
  }),

  "loses no refund among many at once": Effect.gen(function* () {
    const payments = yield* Payments
    const request = yield* captured
    const ids = yield* Effect.forEach(Array.from({ length: 12 }), () => nextUuid)
    yield* payments.intendRefund(ids.map((id) => intentOf(request, id, 100)))
    const outcomes = yield* atOnce(ids, (refundId) =>
      payments.recordRefund([{ refundId, occurredAt: 0 }])
    )
    const fully = outcomes.filter((outcome) => outcome._tag === "Refunded" && outcome.full)
    assert.strictEqual(fully.length, 1)
    assert.strictEqual((yield* paymentNow(request)).taxRefunded, 200n)
    assert.deepStrictEqual(balances(yield* entriesOf(request.orderId)), {})
  })
}

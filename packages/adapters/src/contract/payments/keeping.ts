import type { Entry } from "@doorbuster/core/ledger/Entry"
import { imbalance } from "@doorbuster/core/ledger/Entry"
import { recognitionEntry } from "@doorbuster/core/ledger/templates"
import { minor } from "@doorbuster/core/money/Minor"
import { Payments } from "@doorbuster/core/payment/Payments"
import { nextUuid } from "@doorbuster/core/Uuid"
import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { freshName, freshOrder } from "../fresh.ts"
import { atOnce, tally } from "../outcomes.ts"
import type { Promises } from "../suite.ts"
import {
  balances,
  captured,
  captureOf,
  created,
  entriesOf,
  euro,
  paymentNow,
  refund
} from "./fixtures.ts"

export const recognising: Promises<Payments> = {
  "recognises once per shipment what is deferred": Effect.gen(function* () {
    const payments = yield* Payments
    const request = yield* captured
    const before = yield* paymentNow(request)
    const shipmentId = yield* nextUuid
    const shipping = { shipmentId, orderId: request.orderId, occurredAt: request.at + 5000 }
    yield* payments.recognise([shipping, shipping])
    yield* Effect.forEach(Array.from({ length: 10 }), () => payments.recognise([shipping]), {
      concurrency: "unbounded"
    })
    const now = yield* paymentNow(request)
    assert.strictEqual(now.deferred, 0n)
    const booked = (yield* entriesOf(request.orderId)).filter(({ kind }) => kind === "recognition")
    assert.deepStrictEqual(booked, [recognitionEntry(before, shipmentId, shipping.occurredAt)])
  }),

  "recognises nothing twice by another shipment, and nothing that was not paid": Effect.gen(
    function* () {
      const payments = yield* Payments
      const [paid, unpaid] = [yield* captured, yield* created]
      for (const { orderId } of [paid, paid, unpaid]) {
        yield* payments.recognise([{ shipmentId: yield* nextUuid, orderId, occurredAt: 0 }])
      }
      assert.deepStrictEqual(balances(yield* entriesOf(paid.orderId)), {
        [`assets:provider:${paid.provider}`]: 1200n,
        "contra:discounts": 100n,
        "income:sales": -1000n,
        "income:shipping": -100n,
        "liabilities:tax": -200n
      })
      assert.deepStrictEqual(yield* entriesOf(unpaid.orderId), [])
      yield* payments.recognise([
        { shipmentId: yield* nextUuid, orderId: yield* freshOrder, occurredAt: 0 }
      ])
    }
  ),

  "recognises only what no refund has taken out before": Effect.gen(function* () {
    const payments = yield* Payments
    const request = yield* captured
    yield* refund(request, 300)
    const shipmentId = yield* nextUuid
    yield* payments.recognise([{ shipmentId, orderId: request.orderId, occurredAt: 0 }])
    const last = yield* refund(request, 900)
    assert.deepStrictEqual(last, { _tag: "Refunded", full: true, refunded: minor(1200n) })
    const sums = balances(yield* entriesOf(request.orderId))
    assert.strictEqual(sums[`assets:provider:${request.provider}`], undefined)
    assert.strictEqual(sums["liabilities:deferred_revenue"], undefined)
    assert.strictEqual(sums["liabilities:tax"], undefined)
  })
}

const adjustment = Effect.gen(function* () {
  const provider = yield* freshName("bank")
  const entry: Entry = {
    entryId: yield* freshName("adjustment"),
    kind: "bad_debt",
    currency: euro,
    orderId: null,
    paymentId: null,
    memo: "written off",
    occurredAt: 1_700_000_000_000,
    postings: [
      { account: "expenses:bad_debts", amount: minor(250n) },
      { account: `assets:provider:${provider}`, amount: minor(-250n) }
    ]
  }
  return entry
})

export const posting: Promises<Payments> = {
  "posts an entry once, in a batch, again, and for twins at once": Effect.gen(function* () {
    const payments = yield* Payments
    const entry = yield* adjustment
    assert.deepStrictEqual(yield* payments.post([entry, entry]), [
      { _tag: "Posted", replayed: false },
      { _tag: "Posted", replayed: true }
    ])
    const fresh = yield* adjustment
    const twins = Array.from({ length: 20 }, () => fresh)
    const outcomes = yield* atOnce(twins, (twin) => payments.post([twin]))
    assert.deepStrictEqual(tally(outcomes), { Posted: 20 })
    const first = outcomes.filter((outcome) => outcome._tag === "Posted" && !outcome.replayed)
    assert.strictEqual(first.length, 1)
    const account = fresh.postings[1]?.account
    const rows = (yield* payments.trialBalance).filter((row) => row.account === account)
    assert.deepStrictEqual(
      rows.map(({ credit, debit }) => debit - credit),
      [-250n]
    )
  }),

  "refuses an id that was used for other postings": Effect.gen(function* () {
    const payments = yield* Payments
    const entry = yield* adjustment
    yield* payments.post([entry])
    const postings = entry.postings.map((p) => ({ ...p, amount: minor(p.amount * 2n) }))
    assert.deepStrictEqual(yield* payments.post([{ ...entry, postings }]), [
      { _tag: "EntryReused" }
    ])
  }),

  "refuses postings that do not sum to zero, and posts the others": Effect.gen(function* () {
    const payments = yield* Payments
    const [good, bad] = [yield* adjustment, yield* adjustment]
    const postings = bad.postings.map((p, i) => (i === 0 ? { ...p, amount: minor(251n) } : p))
    assert.deepStrictEqual(yield* payments.post([{ ...bad, postings }, good]), [
      { _tag: "Unbalanced" },
      { _tag: "Posted", replayed: false }
    ])
    assert.deepStrictEqual(yield* payments.post([bad]), [{ _tag: "Posted", replayed: false }])
  }),

  "shows an entry with the order that it names": Effect.gen(function* () {
    const payments = yield* Payments
    const entry = { ...(yield* adjustment), orderId: yield* freshOrder }
    yield* payments.post([entry])
    assert.deepStrictEqual((yield* payments.ofOrder(entry.orderId)).entries, [entry])
  })
}

export const balancing: Promises<Payments> = {
  "balances every entry and the whole book, whatever happened": Effect.gen(function* () {
    const payments = yield* Payments
    const request = yield* captured
    const second = captureOf(request, { captureId: yield* freshName("capture") })
    yield* payments.recordCapture([second])
    yield* refund(request, 77)
    const shipmentId = yield* nextUuid
    yield* payments.recognise([{ shipmentId, orderId: request.orderId, occurredAt: 0 }])
    yield* refund(request, 401)
    const entries = yield* entriesOf(request.orderId)
    assert.deepStrictEqual(entries.map(({ kind }) => kind).sort(), [
      "capture",
      "recognition",
      "refund",
      "refund",
      "unapplied"
    ])
    assert.deepStrictEqual(
      entries.filter((entry) => imbalance(entry) !== 0n),
      []
    )
    const sums = new Map<string, bigint>()
    for (const { credit, currency, debit } of yield* payments.trialBalance) {
      sums.set(currency, (sums.get(currency) ?? 0n) + debit - credit)
    }
    assert.deepStrictEqual(
      [...sums.values()].filter((sum) => sum !== 0n),
      []
    )
    assert.isTrue(sums.has(euro))
  })
}

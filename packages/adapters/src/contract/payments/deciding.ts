import { minor } from "@doorbuster/core/money/Minor"
import { Payments } from "@doorbuster/core/payment/Payments"
import { nextUuid } from "@doorbuster/core/Uuid"
import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { freshOrder } from "../fresh.ts"
import { atOnce, tagOf, tally } from "../outcomes.ts"
import type { Promises } from "../suite.ts"
import { captured, captureOf, created, payment, paymentNow, refOf, sent } from "./fixtures.ts"

const declined = Effect.gen(function* () {
  const payments = yield* Payments
  const request = yield* sent
  yield* payments.recordDecline([{ ...refOf(request), reason: "no funds" }])
  return request
})

const canceled = Effect.gen(function* () {
  const payments = yield* Payments
  const request = yield* created
  yield* payments.cancel([request])
  return request
})

export const creating: Promises<Payments> = {
  "keeps a payment as it was asked for, with nothing taken yet": Effect.gen(function* () {
    const payments = yield* Payments
    const request = yield* payment
    assert.deepStrictEqual(yield* payments.create([request]), [
      { _tag: "Created", state: "created" }
    ])
    const { at: _at, ...rest } = request
    assert.deepStrictEqual(yield* paymentNow(request), {
      ...rest,
      state: "created",
      captured: minor(0n),
      unapplied: minor(0n),
      intended: minor(0n),
      refunded: minor(0n),
      unappliedRefunded: minor(0n),
      taxRefunded: minor(0n),
      deferred: minor(0n)
    })
    const { entries, payments: own, refunds } = yield* payments.ofOrder(request.orderId)
    assert.deepStrictEqual([own.length, refunds, entries], [1, [], []])
  }),

  "makes a payment once and answers with the state it is in": Effect.gen(function* () {
    const payments = yield* Payments
    const request = yield* payment
    const twins = Array.from({ length: 20 }, () => request)
    assert.deepStrictEqual(tally(yield* payments.create([request, request])), { Created: 2 })
    assert.deepStrictEqual(tally(yield* atOnce(twins, (p) => payments.create([p]))), {
      Created: 20
    })
    assert.strictEqual((yield* payments.ofOrder(request.orderId)).payments.length, 1)
    const taken = yield* captured
    assert.deepStrictEqual(yield* payments.create([taken]), [
      { _tag: "Created", state: "captured" }
    ])
  }),

  "makes a payment once for 20 twins that all are the first": Effect.gen(function* () {
    const payments = yield* Payments
    const request = yield* payment
    const twins = Array.from({ length: 20 }, () => request)
    const outcomes = yield* atOnce(twins, (twin) => payments.create([twin]))
    assert.deepStrictEqual(tally(outcomes), { Created: 20 })
  }),

  "knows nothing of what was never made": Effect.gen(function* () {
    const payments = yield* Payments
    assert.strictEqual(yield* payments.find(yield* nextUuid), undefined)
    assert.deepStrictEqual(yield* payments.ofOrder(yield* freshOrder), {
      payments: [],
      refunds: [],
      entries: []
    })
    assert.deepStrictEqual(yield* payments.create([]), [])
    assert.deepStrictEqual(yield* payments.recordCapture([]), [])
    yield* payments.recognise([])
  })
}

export const sending: Promises<Payments> = {
  "marks a payment before its capture goes out, again and again": Effect.gen(function* () {
    const payments = yield* Payments
    const request = yield* created
    const ref = refOf(request)
    assert.deepStrictEqual(tally(yield* payments.send([ref, ref])), { Sending: 2 })
    assert.deepStrictEqual(tally(yield* payments.send([ref])), { Sending: 1 })
    assert.strictEqual((yield* paymentNow(request)).state, "capture_sent")
  }),

  "sends nothing that is decided": Effect.gen(function* () {
    const payments = yield* Payments
    const all = [yield* captured, yield* declined, yield* canceled]
    assert.deepStrictEqual(yield* payments.send(all.map((request) => refOf(request))), [
      { _tag: "Captured" },
      { _tag: "Declined", reason: "no funds" },
      { _tag: "Canceled" }
    ])
  })
}

export const declining: Promises<Payments> = {
  "keeps a decline": Effect.gen(function* () {
    const payments = yield* Payments
    const request = yield* sent
    const decline = { ...refOf(request), reason: "no funds" }
    assert.deepStrictEqual(tally(yield* payments.recordDecline([decline, decline])), {
      Declined: 2
    })
    assert.strictEqual((yield* paymentNow(request)).state, "declined")
    assert.deepStrictEqual(yield* payments.create([request]), [
      { _tag: "Created", state: "declined" }
    ])
  }),

  "believes money more than a decline": Effect.gen(function* () {
    const payments = yield* Payments
    const request = yield* captured
    const decline = { ...refOf(request), reason: "no funds" }
    assert.deepStrictEqual(yield* payments.recordDecline([decline]), [{ _tag: "Captured" }])
    assert.strictEqual((yield* paymentNow(request)).state, "captured")
  })
}

export const canceling: Promises<Payments> = {
  "cancels a payment, sent or not, again and again": Effect.gen(function* () {
    const payments = yield* Payments
    const [one, other] = [yield* created, yield* sent]
    const twice = [one, other, one, other]
    assert.deepStrictEqual(tally(yield* payments.cancel(twice)), { Canceled: 4 })
    assert.deepStrictEqual(tally(yield* payments.cancel(twice)), { Canceled: 4 })
    assert.strictEqual((yield* paymentNow(one)).state, "canceled")
    assert.strictEqual((yield* paymentNow(other)).state, "canceled")
  }),

  "writes the canceled payment where none was, so that a late twin finds it": Effect.gen(
    function* () {
      const payments = yield* Payments
      const request = yield* payment
      assert.deepStrictEqual(yield* payments.cancel([request]), [{ _tag: "Canceled" }])
      assert.deepStrictEqual(yield* payments.create([request]), [
        { _tag: "Created", state: "canceled" }
      ])
      assert.deepStrictEqual(yield* payments.send([refOf(request)]), [{ _tag: "Canceled" }])
    }
  ),

  "cancels nothing that was paid": Effect.gen(function* () {
    const payments = yield* Payments
    const request = yield* captured
    assert.deepStrictEqual(yield* payments.cancel([request]), [{ _tag: "Captured" }])
    assert.strictEqual((yield* paymentNow(request)).state, "captured")
  }),

  "lets a race of create, send and cancel end canceled": Effect.gen(function* () {
    const payments = yield* Payments
    const all = yield* Effect.forEach(Array.from({ length: 15 }), () => payment)
    yield* Effect.forEach(
      all,
      (request) =>
        Effect.all(
          [
            Effect.andThen(payments.create([request]), payments.send([refOf(request)])),
            payments.cancel([request])
          ],
          { concurrency: "unbounded" }
        ),
      { concurrency: "unbounded" }
    )
    const states = yield* Effect.forEach(all, paymentNow)
    assert.deepStrictEqual([...new Set(states.map(({ state }) => state))], ["canceled"])
  }),

  "lets money and cancel agree on who came first": Effect.gen(function* () {
    const payments = yield* Payments
    const all = yield* Effect.forEach(Array.from({ length: 15 }), () => sent)
    const pairs = yield* Effect.forEach(
      all,
      (request) =>
        Effect.all([payments.cancel([request]), payments.recordCapture([captureOf(request)])], {
          concurrency: "unbounded"
        }),
      { concurrency: "unbounded" }
    )
    const told = pairs.map(([[cancel], [capture]]) => [tagOf(cancel), tagOf(capture)].join())
    assert.deepStrictEqual(
      told.filter((pair) => pair !== "Canceled,Unapplied" && pair !== "Captured,Applied"),
      []
    )
  })
}

export const fencing: Promises<Payments> = {
  "lets an earlier owner change nothing": Effect.gen(function* () {
    const payments = yield* Payments
    const request = yield* created
    yield* payments.fence([{ orderId: request.orderId, epoch: 3 }])
    const zombie = refOf(request, 2)
    const superseded = [{ _tag: "Superseded" }] as const
    assert.deepStrictEqual(yield* payments.create([{ ...request, epoch: 2 }]), superseded)
    assert.deepStrictEqual(yield* payments.send([zombie]), superseded)
    assert.deepStrictEqual(yield* payments.recordDecline([{ ...zombie, reason: "" }]), superseded)
    assert.deepStrictEqual(yield* payments.cancel([{ ...request, epoch: 2 }]), superseded)
    assert.strictEqual((yield* paymentNow(request)).state, "created")
    assert.deepStrictEqual(yield* payments.send([refOf(request, 3)]), [{ _tag: "Sending" }])
  }),

  "fences an order that has no payment yet, and never lowers the fence": Effect.gen(function* () {
    const payments = yield* Payments
    const request = yield* payment
    const { orderId } = request
    yield* payments.fence([{ orderId, epoch: 3 }])
    yield* payments.fence([{ orderId, epoch: 2 }])
    const zombie = { ...request, epoch: 2 }
    assert.deepStrictEqual(yield* payments.create([zombie]), [{ _tag: "Superseded" }])
    assert.deepStrictEqual(yield* payments.cancel([zombie]), [{ _tag: "Superseded" }])
    assert.strictEqual(yield* payments.find(request.paymentId), undefined)
    assert.deepStrictEqual(yield* payments.create([{ ...request, epoch: 3 }]), [
      { _tag: "Created", state: "created" }
    ])
  }),

  "books money that comes in, whoever owns the saga by now": Effect.gen(function* () {
    const payments = yield* Payments
    const request = yield* sent
    yield* payments.fence([{ orderId: request.orderId, epoch: 9 }])
    const [outcome] = yield* payments.recordCapture([captureOf(request)])
    assert.strictEqual(tagOf(outcome), "Applied")
  })
}

/** What can happen around one order, told as stories over memory stores and a virtual clock. */

import { approveAll } from "@doorbuster/adapters/payments/SandboxBehavior"
import { Promotion } from "@doorbuster/core/catalog/Promotion"
import { Quantity } from "@doorbuster/core/catalog/Quantity"
import { minor } from "@doorbuster/core/money/Minor"
import type { AccountId } from "@doorbuster/core/order/OrderId"
import {
  PaymentProvider,
  type ProviderCapture,
  ProviderOutcomeUnknown,
  ProviderUnavailable
} from "@doorbuster/core/payment/PaymentProvider"
import { Payments } from "@doorbuster/core/payment/Payments"
import type { StorageError } from "@doorbuster/core/StorageError"
import { assert } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { balanced, idOf, start, stateOf, story, tagOf } from "./telling.ts"
import * as World from "./world.ts"

story(
  "the buyer is answered before the payment, and the order is paid afterwards",
  Effect.gen(function* () {
    const world = yield* World.open({ seed: "late", mix: { late: 1 } })
    const { checkout } = yield* start(world)
    const told = yield* checkout.place(World.order())
    assert.strictEqual(told.answer.status, 201)
    assert.strictEqual(yield* stateOf(world, idOf(told)), "pending_payment")
    yield* World.settleAll(world)
    assert.strictEqual(yield* stateOf(world, idOf(told)), "paid")
    yield* balanced(world)
  })
)

story(
  "50 twins of one request make one order and one payment",
  Effect.gen(function* () {
    const world = yield* World.open(approveAll)
    const { checkout } = yield* start(world)
    const twins = Array.from({ length: 50 }, () => tagOf(checkout.place(World.order())))
    const outcomes = yield* Effect.all(twins, { concurrency: "unbounded" })
    yield* World.settleAll(world)
    assert.deepStrictEqual([...new Set(outcomes)].sort(), ["IdempotencyInFlight", "taken"])
    const again = yield* checkout.place(World.order())
    assert.isTrue(again.replayed)
    assert.strictEqual((yield* World.orders(world)).length, 1)
    const other = yield* tagOf(checkout.place(World.order({ fingerprint: "another body" })))
    assert.strictEqual(other, "IdempotencyKeyReused")
    yield* balanced(world)
  })
)

story(
  "two lines of one SKU are checked on their sum",
  Effect.gen(function* () {
    const world = yield* World.open(approveAll)
    const { checkout } = yield* start(world)
    const line = { sku: World.teapot, quantity: Quantity.make(6) }
    const outcome = yield* tagOf(checkout.place(World.order({ lines: [line, line] })))
    assert.strictEqual(outcome, "SoldOut")
    // Nothing was stored: the key may be used for another try.
    const single = { lines: [line], fingerprint: "smaller" }
    assert.strictEqual(yield* tagOf(checkout.place(World.order(single))), "taken")
    yield* World.settleAll(world)
    yield* balanced(world)
  })
)

story(
  "a price that differs from the expected one makes no order",
  Effect.gen(function* () {
    const world = yield* World.open(approveAll)
    const { checkout } = yield* start(world)
    const outcome = yield* tagOf(checkout.place(World.order({ expectedTotal: minor(1n) })))
    assert.strictEqual(outcome, "PriceChanged")
    assert.strictEqual((yield* World.orders(world)).length, 0)
  })
)

const lastOne = Schema.decodeUnknownSync(Promotion)({
  type: "order_percent",
  id: "last-one",
  name: "One for the first",
  priority: 1,
  exclusive: false,
  stackable: true,
  on: "all",
  percent: "10",
  coupon: { code: "FIRST", maxUses: 1 },
  validFrom: null,
  validTo: null
})

story(
  "a coupon with one use is used once by many buyers at once",
  Effect.gen(function* () {
    const world = yield* World.open(approveAll, { promotions: [lastOne] })
    const { checkout } = yield* start(world)
    const buyers = Array.from({ length: 8 }, (_, i) =>
      World.order({
        account: `acc_${i}` as AccountId,
        key: `key-${i}`,
        coupons: ["FIRST"] as never,
        lines: [{ sku: World.cup, quantity: Quantity.make(1) }]
      })
    )
    const outcomes = yield* Effect.all(
      buyers.map((request) => tagOf(checkout.place(request))),
      { concurrency: "unbounded" }
    )
    yield* World.settleAll(world)
    assert.deepStrictEqual(outcomes.toSorted(), [...Array(7).fill("CouponUsedUp"), "taken"])
    yield* balanced(world)
  })
)

story(
  "an order whose payment cannot even be created expires and frees its units",
  Effect.gen(function* () {
    const world = yield* World.open(approveAll, {
      provider: (provider) => ({
        ...provider,
        create: () => Effect.fail(new ProviderUnavailable({ operation: "create", detail: "down" }))
      })
    })
    const { checkout } = yield* start(world)
    const orderId = idOf(yield* checkout.place(World.order()))
    yield* Effect.sleep("30 seconds")
    assert.strictEqual((yield* World.level(world, World.teapot))?.reserved, 3)
    yield* World.settleAll(world)
    assert.strictEqual(yield* stateOf(world, orderId), "canceled")
    assert.strictEqual((yield* World.level(world, World.teapot))?.reserved, 0)
    yield* balanced(world)
  })
)

story(
  "a provider that never answers is asked until it says canceled, then units are free",
  Effect.gen(function* () {
    const world = yield* World.open(approveAll, {
      provider: (provider) => ({
        ...provider,
        capture: () => Effect.succeed({ _tag: "Pending" as const })
      })
    })
    const { checkout } = yield* start(world)
    const orderId = idOf(yield* checkout.place(World.order()))
    yield* Effect.sleep("50 seconds")
    assert.strictEqual(yield* stateOf(world, orderId), "pending_payment")
    yield* World.settleAll(world)
    assert.strictEqual(yield* stateOf(world, orderId), "canceled")
    assert.strictEqual((yield* World.level(world, World.teapot))?.reserved, 0)
    yield* balanced(world)
  })
)

story(
  "money that arrives for a canceled order goes back, and the books say so",
  Effect.gen(function* () {
    const world = yield* World.open({ seed: "none", mix: { decline: 1 } })
    const { checkout, events } = yield* start(world)
    const orderId = idOf(yield* checkout.place(World.order()))
    yield* World.settleAll(world)
    assert.strictEqual(yield* stateOf(world, orderId), "canceled")
    const money = Context.get(world.outside, Payments)
    const [payment] = (yield* money.ofOrder(orderId)).payments
    assert.isDefined(payment)
    const { amount, currency, paymentId } = payment
    const capture = { captureId: "late-1", paymentId, amount, currency, capturedAt: 1 }
    const event = { eventId: "e1", type: "payment.captured", paymentId, capture } as const
    yield* events.receive(event)
    yield* events.receive(event)
    const { entries, payments } = yield* money.ofOrder(orderId)
    assert.deepStrictEqual(
      entries.map((entry) => entry.kind),
      ["unapplied"]
    )
    assert.strictEqual(payments[0]?.unapplied, amount)
    assert.strictEqual(yield* stateOf(world, orderId), "canceled")
  })
)

type Provider = (typeof PaymentProvider)["Service"]
type Deliver = (capture: ProviderCapture) => Effect.Effect<void, StorageError>

const second = (capture: ProviderCapture): ProviderCapture => ({
  ...capture,
  captureId: `${capture.captureId}_again`
})

/** Captures each payment twice; its first answer is lost, and its message tells of the second. */
const twiceAndSilent = (deliver: Deliver) => {
  let isFirst = true
  return (provider: Provider): Provider => ({
    ...provider,
    capture: Effect.fnUntraced(function* (paymentId) {
      const answer = yield* provider.capture(paymentId)
      if (answer._tag !== "Captured") return answer
      const again = answer.captures.map(second)
      if (!isFirst) return { ...answer, captures: [...answer.captures, ...again] }
      isFirst = false
      yield* Effect.forEach(again, deliver, { discard: true }).pipe(Effect.orDie)
      return yield* new ProviderOutcomeUnknown({ operation: "capture", detail: "lost" })
    }),
    book: Effect.map(provider.book, (book) => ({
      ...book,
      captures: [...book.captures, ...book.captures.map(second)]
    }))
  })
}

story(
  "a capture that only the provider knows of is found behind the one that a message told",
  Effect.gen(function* () {
    let deliver: Deliver = () => Effect.void
    const provider = twiceAndSilent((capture) => deliver(capture))
    const world = yield* World.open(approveAll, { provider })
    const { checkout, events } = yield* start(world)
    deliver = (capture) => {
      const { captureId: eventId, paymentId } = capture
      return events.receive({ eventId, type: "payment.captured", paymentId, capture })
    }
    const orderId = idOf(yield* checkout.place(World.order()))
    yield* World.settleAll(world)
    assert.strictEqual(yield* stateOf(world, orderId), "paid")
    const { captures, refunds } = yield* Context.get(world.outside, PaymentProvider).book
    assert.deepStrictEqual([captures.length, refunds.length], [2, 1])
    yield* balanced(world)
  })
)

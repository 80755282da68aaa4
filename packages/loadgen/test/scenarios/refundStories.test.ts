import { approveAll } from "@doorbuster/adapters/payments/SandboxBehavior"
import { minor } from "@doorbuster/core/money/Minor"
import type { AccountId, OrderId } from "@doorbuster/core/order/OrderId"
import { ProviderUnavailable } from "@doorbuster/core/payment/PaymentProvider"
import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { balanced, idOf, start, stateOf, story, tagOf } from "./telling.ts"
import * as World from "./world.ts"

const refundOf = (orderId: OrderId, key: string, amount: bigint | null) => ({
  orderId,
  account: "staff" as AccountId,
  key,
  fingerprint: key,
  amount: amount === null ? null : minor(amount),
  occurredAt: null
})

story(
  "partial refunds keep the state and add up; the last one makes the order refunded",
  Effect.gen(function* () {
    const world = yield* World.open(approveAll)
    const { checkout, fulfillment, refunds } = yield* start(world)
    const orderId = idOf(yield* checkout.place(World.order()))
    yield* World.settleAll(world)
    const one = { sku: World.teapot, quantity: 1 }
    yield* refunds.refund({ ...refundOf(orderId, "r1", 1_001n), restock: [one] })
    assert.strictEqual(yield* stateOf(world, orderId), "paid")
    const shipping = { carrier: null, tracking: null, occurredAt: null }
    const ship = { orderId, account: World.buyer, key: "s", fingerprint: "s", ...shipping }
    yield* fulfillment.ship(ship)
    yield* refunds.refund({ ...refundOf(orderId, "r2", 333n), restock: [] })
    assert.strictEqual(yield* stateOf(world, orderId), "shipped")
    const again = yield* refunds.refund({ ...refundOf(orderId, "r1", 1_001n), restock: [one] })
    assert.isTrue(again.replayed)
    const tooMuch = { ...refundOf(orderId, "r3", 99_999_999n), restock: [] as const }
    assert.strictEqual(yield* tagOf(refunds.refund(tooMuch)), "RefundExceedsCaptured")
    const units = { ...refundOf(orderId, "r4", 1n), restock: [{ ...one, quantity: 3 }] }
    assert.strictEqual(yield* tagOf(refunds.refund(units)), "RestockExceedsSold")
    yield* refunds.refund({ ...refundOf(orderId, "r5", null), restock: "all" })
    yield* World.settleAll(world)
    assert.strictEqual(yield* stateOf(world, orderId), "refunded")
    const left = yield* World.level(world, World.teapot)
    assert.deepInclude(left, { received: World.initialUnits, reserved: 0, sold: 0 })
    yield* balanced(world)
  })
)

story(
  "concurrent refunds never give back more than was captured",
  Effect.gen(function* () {
    const world = yield* World.open(approveAll)
    const { checkout, refunds } = yield* start(world)
    const orderId = idOf(yield* checkout.place(World.order()))
    yield* World.settleAll(world)
    const [placed] = yield* World.orders(world)
    const third = (placed?.total ?? 0n) / 3n + 1n
    const attempts = Array.from({ length: 5 }, (_, i) =>
      tagOf(refunds.refund({ ...refundOf(orderId, `r${i}`, third), restock: [] }))
    )
    const running = yield* Effect.forkChild(Effect.all(attempts, { concurrency: "unbounded" }))
    yield* Effect.sleep("1 minute")
    const outcomes = yield* Fiber.join(running)
    assert.deepStrictEqual(outcomes.toSorted(), [
      ...Array(3).fill("RefundExceedsCaptured"),
      "taken",
      "taken"
    ])
    yield* balanced(world)
  })
)

story(
  "a canceled order goes back whole, whatever part of it staff gives back at that moment",
  Effect.gen(function* () {
    const world = yield* World.open(approveAll)
    const { checkout, refunds } = yield* start(world)
    const orderId = idOf(yield* checkout.place(World.order()))
    yield* World.settleAll(world)
    const part = refunds.refund({ ...refundOf(orderId, "r1", 999n), restock: [] })
    const both = Effect.all([part, refunds.refundOrder(orderId, "cancel")], {
      concurrency: "unbounded"
    })
    const running = yield* Effect.forkChild(Effect.exit(both))
    yield* World.settleAll(world)
    yield* Fiber.join(running)
    assert.strictEqual(yield* stateOf(world, orderId), "refunded")
    assert.strictEqual((yield* World.level(world, World.teapot))?.sold, 0)
    yield* balanced(world)
  })
)

story(
  "what is on its way back cannot be asked for again",
  Effect.gen(function* () {
    let isDown = true
    const world = yield* World.open(approveAll, {
      provider: (provider) => ({
        ...provider,
        refund: (request) =>
          isDown
            ? Effect.fail(new ProviderUnavailable({ operation: "refund", detail: "down" }))
            : provider.refund(request)
      })
    })
    const { checkout, refunds } = yield* start(world)
    const orderId = idOf(yield* checkout.place(World.order()))
    yield* World.settleAll(world)
    const all = { ...refundOf(orderId, "r1", null), restock: [] as const }
    const first = yield* Effect.forkChild(Effect.exit(refunds.refund(all)))
    yield* Effect.sleep("10 seconds")
    const again = tagOf(refunds.refund({ ...all, key: "r2", fingerprint: "r2" }))
    assert.strictEqual(yield* again, "RefundExceedsCaptured")
    isDown = false
    yield* World.settleAll(world)
    yield* Fiber.join(first)
    assert.strictEqual(yield* stateOf(world, orderId), "refunded")
    yield* balanced(world)
  })
)

story(
  "money that the provider took late goes back like any other",
  Effect.gen(function* () {
    const world = yield* World.open({ seed: "late", mix: { late: 1 } })
    const { checkout, refunds } = yield* start(world)
    const orderId = idOf(yield* checkout.place(World.order()))
    yield* World.settleAll(world)
    yield* refunds.refund({ ...refundOf(orderId, "r1", null), restock: "all" })
    yield* World.settleAll(world)
    assert.strictEqual(yield* stateOf(world, orderId), "refunded")
    yield* balanced(world)
  })
)

story(
  "refunds at once put each unit on sale once, and their answers say which",
  Effect.gen(function* () {
    const world = yield* World.open(approveAll)
    const { checkout, refunds } = yield* start(world)
    const orderId = idOf(yield* checkout.place(World.order()))
    yield* World.settleAll(world)
    const two = [{ sku: World.teapot, quantity: 2 }]
    const all = ["r1", "r2", "r3"].map((key) =>
      refunds.refund({ ...refundOf(orderId, key, 1n), restock: two })
    )
    const running = yield* Effect.forkChild(Effect.all(all, { concurrency: "unbounded" }))
    yield* Effect.sleep("1 minute")
    const told = yield* Fiber.join(running)
    const restocked = told.flatMap(({ answer }) => {
      const { restocked: lines } = JSON.parse(answer.body) as { restocked: ReadonlyArray<object> }
      return lines
    })
    const sku = World.teapot
    assert.deepStrictEqual(restocked, [
      { sku, quantity: 2 },
      { sku, quantity: 1 }
    ])
    assert.strictEqual((yield* World.level(world, sku))?.sold, 0)
    yield* balanced(world)
  })
)

story(
  "an order that cost nothing has no money to give back, only goods",
  Effect.gen(function* () {
    const world = yield* World.open(approveAll)
    const { checkout, refunds } = yield* start(world)
    const lines = World.order().lines.map((line) => ({ ...line, sku: World.postage }))
    const orderId = idOf(yield* checkout.place(World.order({ lines })))
    yield* World.settleAll(world)
    const money = { ...refundOf(orderId, "r1", 1n), restock: [] }
    assert.strictEqual(yield* tagOf(refunds.refund(money)), "RefundExceedsCaptured")
    assert.strictEqual(yield* stateOf(world, orderId), "paid")
    yield* refunds.refund({ ...refundOf(orderId, "r2", null), restock: "all" })
    assert.strictEqual(yield* stateOf(world, orderId), "refunded")
    yield* balanced(world)
  })
)

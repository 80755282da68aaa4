import { Inventory } from "@doorbuster/core/inventory/Inventory"
import type { StockKey } from "@doorbuster/core/inventory/StockKey"
import { choose, defaultChoice } from "@doorbuster/core/inventory/StockStrategy"
import { nextUuid } from "@doorbuster/core/Uuid"
import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { freshOrder, freshOrders } from "../fresh.ts"
import { tally } from "../outcomes.ts"
import type { Promises } from "../suite.ts"
import { freshKey, held, levelOf, receive, request, stocked } from "./fixtures.ts"

/** Available units by segment. */
const layoutOf = Effect.fnUntraced(function* (key: StockKey) {
  const inventory = yield* Inventory
  const levels = yield* inventory.levels([key])
  return levels.map(({ received, reserved, sold }) => received - reserved - sold)
})

/** A fresh key whose units lie evenly on so many rows. */
const segmented = Effect.fnUntraced(function* (units: number, segments: number) {
  const inventory = yield* Inventory
  const key = yield* stocked(units)
  yield* inventory.setStrategy(key, choose("segmented", segments))
  return key
})

const spreadOf = (layout: ReadonlyArray<number>) => Math.max(...layout) - Math.min(...layout)

const sumOf = (layout: ReadonlyArray<number>) => layout.reduce((sum, units) => sum + units, 0)

const laying: Promises<Inventory> = {
  "lays units out evenly over the segments, and back on one row": Effect.gen(function* () {
    const inventory = yield* Inventory
    const key = yield* segmented(10, 4)
    assert.deepStrictEqual(yield* layoutOf(key), [3, 3, 2, 2])
    yield* inventory.setStrategy(key, choose("segmented", 2))
    assert.deepStrictEqual(yield* layoutOf(key), [5, 5, 0, 0])
    yield* inventory.setStrategy(key, defaultChoice)
    assert.deepStrictEqual(yield* layoutOf(key), [10, 0, 0, 0])
    assert.deepStrictEqual(yield* levelOf(key), { received: 10, reserved: 0, sold: 0 })
  }),

  "lays out what comes in before and after the choice": Effect.gen(function* () {
    const inventory = yield* Inventory
    const key = yield* freshKey
    yield* inventory.setStrategy(key, choose("segmented", 3))
    assert.deepStrictEqual(yield* inventory.levels([key]), [])
    yield* receive(key, 7)
    assert.deepStrictEqual((yield* layoutOf(key)).toSorted(), [2, 2, 3])
    yield* receive(key, 2)
    assert.deepStrictEqual(yield* layoutOf(key), [3, 3, 3])
  }),

  "tells the choices of those keys that have one": Effect.gen(function* () {
    const inventory = yield* Inventory
    const [key, other] = [yield* segmented(1, 5), yield* stocked(1)]
    assert.deepStrictEqual(yield* inventory.strategies([key, other]), [
      { key, strategy: "segmented", segments: 5 }
    ])
    yield* inventory.setStrategy(key, choose("queued", 5))
    assert.deepStrictEqual(yield* inventory.strategies([key]), [
      { key, strategy: "queued", segments: 1 }
    ])
  }),

  "evens out what sales have left uneven, and moves no held unit": Effect.gen(function* () {
    const inventory = yield* Inventory
    const key = yield* segmented(20, 4)
    const order = yield* held(key, 5)
    assert.strictEqual(spreadOf(yield* layoutOf(key)), 5)
    const before = yield* inventory.reservations(order, [key])
    const levels = yield* inventory.rebalance(key)
    assert.deepStrictEqual(levels, yield* inventory.levels([key]))
    const layout = yield* layoutOf(key)
    assert.strictEqual(sumOf(layout), 15)
    assert.isAtMost(spreadOf(layout), 1)
    assert.deepStrictEqual(yield* inventory.reservations(order, [key]), before)
  }),

  "keeps the uses of a coupon on one row, whatever is chosen": Effect.gen(function* () {
    const inventory = yield* Inventory
    const coupon = `coupon:${yield* freshKey}` as StockKey
    yield* inventory.setStrategy(coupon, choose("segmented", 4))
    const orders = yield* freshOrders(5)
    const outcomes = yield* inventory.reserve(
      orders.map((order) => request(order, [[coupon, 1, 3]]))
    )
    assert.deepStrictEqual(tally(outcomes), { Held: 3, OutOfStock: 2 })
    yield* inventory.rebalance(coupon)
    const levels = yield* inventory.levels([coupon])
    assert.deepStrictEqual(
      levels.map(({ received, reserved, segment }) => [segment, received, reserved]),
      [[0, 3, 3]]
    )
  }),

  "has nothing to lay out where there is no stock": Effect.gen(function* () {
    const inventory = yield* Inventory
    assert.deepStrictEqual(yield* inventory.rebalance(yield* freshKey), [])
  })
}

const taking: Promises<Inventory> = {
  "finds the last unit wherever it lies": Effect.gen(function* () {
    const inventory = yield* Inventory
    const key = yield* segmented(4, 4)
    for (let i = 0; i < 4; i++) yield* held(key, 1)
    const outcomes = yield* inventory.reserve([request(yield* freshOrder, [[key, 1]])])
    assert.deepStrictEqual(outcomes, [{ _tag: "OutOfStock", key, requested: 1, available: 0 }])
  }),

  "takes a line from several segments, and settles it as one": Effect.gen(function* () {
    const inventory = yield* Inventory
    const key = yield* segmented(10, 5)
    const order = yield* held(key, 7)
    const rows = yield* inventory.reservations(order, [key])
    assert.isAbove(rows.length, 1)
    assert.strictEqual(sumOf(rows.map(({ quantity }) => quantity)), 7)
    const ref = { orderId: order, epoch: 1, keys: [key] }
    assert.deepStrictEqual(yield* inventory.commit([ref]), [{ _tag: "Committed" }])
    assert.deepStrictEqual(yield* levelOf(key), { received: 10, reserved: 0, sold: 7 })
    const lines = [{ key, quantity: 6 }]
    const outcomes = yield* inventory.giveBack([
      { returnId: yield* nextUuid, orderId: order, lines }
    ])
    assert.deepStrictEqual(outcomes, [{ _tag: "Returned" }])
    assert.deepStrictEqual(yield* levelOf(key), { received: 10, reserved: 0, sold: 1 })
  }),

  "sells what comes back to a row that is no longer in use": Effect.gen(function* () {
    const inventory = yield* Inventory
    const key = yield* segmented(6, 3)
    const orders = [yield* held(key, 3), yield* held(key, 3)]
    yield* inventory.setStrategy(key, defaultChoice)
    for (const orderId of orders) {
      yield* inventory.release([{ orderId, epoch: 1, keys: [key], as: "released" }])
    }
    const last = yield* held(key, 6)
    const ref = { orderId: last, epoch: 1, keys: [key] }
    assert.deepStrictEqual(yield* inventory.commit([ref]), [{ _tag: "Committed" }])
    assert.deepStrictEqual(yield* levelOf(key), { received: 6, reserved: 0, sold: 6 })
  }),

  "writes off units of several segments at once": Effect.gen(function* () {
    const inventory = yield* Inventory
    const key = yield* segmented(9, 3)
    const loss = { key, quantity: -8, kind: "write_off" as const, reason: "contract" }
    const movementId = yield* nextUuid
    const outcomes = yield* inventory.move([{ ...loss, movementId, occurredAt: 0 }])
    assert.deepStrictEqual(outcomes, [{ _tag: "Moved", replayed: false }])
    assert.deepStrictEqual(yield* levelOf(key), { received: 1, reserved: 0, sold: 0 })
    yield* held(key, 1)
  })
}

export const segmenting: Promises<Inventory> = { ...laying, ...taking }

import { Inventory } from "@doorbuster/core/inventory/Inventory"
import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { freshOrder, freshOrders } from "../fresh.ts"
import { atOnce, tagOf, tally } from "../outcomes.ts"
import type { Promises } from "../suite.ts"
import { freshKey, freshPair, held, levelOf, receive, request, stocked } from "./fixtures.ts"

export const admitting: Promises<Inventory> = {
  "refuses more units than anybody has, however many": Effect.gen(function* () {
    const inventory = yield* Inventory
    const key = yield* stocked(5)
    const order = yield* freshOrder
    const requested = 3_000_000_000
    const outcomes = yield* inventory.reserve([request(order, [[key, requested]])])
    assert.deepStrictEqual(outcomes, [{ _tag: "OutOfStock", key, requested, available: 5 }])
  }),
  "takes all lines of a request or none": Effect.gen(function* () {
    const inventory = yield* Inventory
    const [a, b] = yield* freshPair
    yield* receive(a, 5)
    yield* receive(b, 1)
    const order = yield* freshOrder
    const outcomes = yield* inventory.reserve([
      request(order, [
        [a, 2],
        [b, 2]
      ])
    ])
    assert.deepStrictEqual(outcomes, [{ _tag: "OutOfStock", key: b, requested: 2, available: 1 }])
    assert.strictEqual((yield* levelOf(a))?.reserved, 0)
    assert.strictEqual((yield* levelOf(b))?.reserved, 0)
    assert.deepStrictEqual(yield* inventory.reservations(order, [a, b]), [])
  }),

  "never takes part of a request when buyers of the same two keys cross": Effect.gen(function* () {
    const inventory = yield* Inventory
    const [a, b] = yield* freshPair
    yield* receive(a, 10)
    yield* receive(b, 7)
    const buyers = yield* freshOrders(30)
    const outcomes = yield* atOnce(buyers, (buyer) =>
      inventory.reserve([
        request(buyer, [
          [a, 1],
          [b, 1]
        ])
      ])
    )
    assert.deepStrictEqual(tally(outcomes), { Held: 7, OutOfStock: 23 })
    assert.strictEqual((yield* levelOf(a))?.reserved, 7)
    assert.strictEqual((yield* levelOf(b))?.reserved, 7)
  }),

  "admits a batch in the order given, and goes on after a refusal": Effect.gen(function* () {
    const inventory = yield* Inventory
    const key = yield* stocked(5)
    const [first, second, third] = [yield* freshOrder, yield* freshOrder, yield* freshOrder]
    const outcomes = yield* inventory.reserve([
      request(first, [[key, 4]]),
      request(second, [[key, 2]]),
      request(third, [[key, 1]])
    ])
    assert.deepStrictEqual(outcomes, [
      { _tag: "Held" },
      { _tag: "OutOfStock", key, requested: 2, available: 1 },
      { _tag: "Held" }
    ])
    assert.deepStrictEqual(yield* levelOf(key), { received: 5, reserved: 5, sold: 0 })
  }),

  "answers an empty batch with nothing": Effect.gen(function* () {
    const inventory = yield* Inventory
    assert.deepStrictEqual(yield* inventory.reserve([]), [])
    assert.deepStrictEqual(yield* inventory.commit([]), [])
    assert.deepStrictEqual(yield* inventory.release([]), [])
    assert.deepStrictEqual(yield* inventory.giveBack([]), [])
    assert.deepStrictEqual(yield* inventory.move([]), [])
    yield* inventory.fence([])
    assert.deepStrictEqual(yield* inventory.levels([]), [])
  }),

  "names the key that has no stock row, and takes nothing": Effect.gen(function* () {
    const inventory = yield* Inventory
    const [a, b] = yield* freshPair
    yield* receive(a, 5)
    const order = yield* freshOrder
    const outcomes = yield* inventory.reserve([
      request(order, [
        [a, 1],
        [b, 1]
      ])
    ])
    assert.deepStrictEqual(outcomes, [{ _tag: "UnknownStock", key: b }])
    assert.strictEqual((yield* levelOf(a))?.reserved, 0)
    assert.strictEqual(yield* levelOf(b), undefined)
  }),

  "remembers no refusal: the same order is held once there are units": Effect.gen(function* () {
    const inventory = yield* Inventory
    const key = yield* stocked(1)
    const order = yield* freshOrder
    const [refused] = yield* inventory.reserve([request(order, [[key, 2]])])
    assert.strictEqual(tagOf(refused), "OutOfStock")
    yield* receive(key, 1)
    const [again] = yield* inventory.reserve([request(order, [[key, 2]])])
    assert.strictEqual(tagOf(again), "Held")
  }),

  "shows a reservation under the keys it was made with": Effect.gen(function* () {
    const inventory = yield* Inventory
    const [a, b] = yield* freshPair
    yield* receive(a, 5)
    yield* receive(b, 5)
    const order = yield* freshOrder
    yield* inventory.reserve([
      request(order, [
        [a, 2],
        [b, 3]
      ])
    ])
    const rows = yield* inventory.reservations(order, [b])
    // A line may have come from several segments.
    const { expiresAt } = request(order, [])
    for (const { quantity: _, segment: __, ...row } of rows) {
      const expected = { expiresAt, key: b, orderId: order, returned: 0, state: "held" }
      assert.deepStrictEqual<unknown>(row, expected)
    }
    const units = (own: typeof rows) => own.reduce((sum, { quantity }) => sum + quantity, 0)
    assert.strictEqual(units(rows), 3)
    assert.strictEqual(units(yield* inventory.reservations(order, [a, b])), 5)
    const stranger = yield* freshOrder
    assert.deepStrictEqual(yield* inventory.reservations(stranger, [a, b]), [])
  }),

  "gives the levels of the keys that exist only": Effect.gen(function* () {
    const inventory = yield* Inventory
    const key = yield* stocked(3)
    const unknown = yield* freshKey
    const levels = yield* inventory.levels([key, unknown])
    assert.deepStrictEqual([...new Set(levels.map((level) => level.key))], [key])
  })
}

export const repeating: Promises<Inventory> = {
  "takes the units of a repeated request once": Effect.gen(function* () {
    const inventory = yield* Inventory
    const key = yield* stocked(10)
    const order = yield* held(key, 3)
    const outcomes = yield* inventory.reserve([request(order, [[key, 3]])])
    assert.deepStrictEqual(outcomes, [{ _tag: "Held" }])
    assert.strictEqual((yield* levelOf(key))?.reserved, 3)
  }),

  "takes the units of twins in one batch once": Effect.gen(function* () {
    const inventory = yield* Inventory
    const key = yield* stocked(4)
    const order = yield* freshOrder
    const twin = request(order, [[key, 3]])
    assert.deepStrictEqual(tally(yield* inventory.reserve([twin, twin, twin])), { Held: 3 })
    assert.strictEqual((yield* levelOf(key))?.reserved, 3)
  }),

  "takes the units of 50 twins at once once": Effect.gen(function* () {
    const inventory = yield* Inventory
    const key = yield* stocked(4)
    const order = yield* freshOrder
    const twins = Array.from({ length: 50 }, () => request(order, [[key, 3]]))
    const outcomes = yield* atOnce(twins, (twin) => inventory.reserve([twin]))
    assert.deepStrictEqual(tally(outcomes), { Held: 50 })
    assert.strictEqual((yield* levelOf(key))?.reserved, 3)
  }),

  "still answers Held after the units were sold": Effect.gen(function* () {
    const inventory = yield* Inventory
    const key = yield* stocked(1)
    const order = yield* held(key, 1)
    yield* inventory.commit([{ orderId: order, epoch: 1, keys: [key] }])
    const outcomes = yield* inventory.reserve([request(order, [[key, 1]])])
    assert.deepStrictEqual(outcomes, [{ _tag: "Held" }])
    assert.deepStrictEqual(yield* levelOf(key), { received: 1, reserved: 0, sold: 1 })
  })
}

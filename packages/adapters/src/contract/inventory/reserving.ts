import { Inventory } from "@doorbuster/core/inventory/Inventory"
import type { StockStrategy } from "@doorbuster/core/inventory/StockStrategy"
import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { freshOrder, freshOrders } from "../fresh.ts"
import { atOnce, tagOf, tally } from "../outcomes.ts"
import type { Promises } from "../suite.ts"
import {
  freshKey,
  freshPair,
  held,
  levelOf,
  receive,
  request,
  stocked,
  strategies
} from "./fixtures.ts"

const race = (strategy: StockStrategy, perBatch: number) =>
  Effect.gen(function* () {
    const inventory = yield* Inventory
    const key = yield* stocked(10)
    yield* inventory.setStrategy(key, strategy)
    const buyers = yield* freshOrders(50)
    const batches = Array.from({ length: 50 / perBatch }, (_, i) =>
      buyers.slice(i * perBatch, (i + 1) * perBatch)
    )
    const outcomes = yield* atOnce(batches, (batch) =>
      inventory.reserve(batch.map((buyer) => request(buyer, [[key, 1]])))
    )
    assert.deepStrictEqual(tally(outcomes), { Held: 10, OutOfStock: 40 })
    assert.deepStrictEqual(yield* levelOf(key), { received: 10, reserved: 10, sold: 0 })
  })

/** Many buyers of a few units, one by one and in batches, for each strategy. */
export const racing: Promises<Inventory> = Object.fromEntries(
  strategies.flatMap((strategy) => [
    [`never sells more than it has to 50 at once: ${strategy}`, race(strategy, 1)],
    [`never sells more than it has to 10 batches at once: ${strategy}`, race(strategy, 5)]
  ])
)

export const switching: Promises<Inventory> = {
  "never sells more than it has while the strategy changes": Effect.gen(function* () {
    const inventory = yield* Inventory
    const key = yield* stocked(10)
    const buyers = yield* freshOrders(50)
    const outcomes = yield* atOnce([...buyers.entries()], ([i, buyer]) =>
      Effect.andThen(
        inventory.setStrategy(key, strategies[i % strategies.length] ?? "atomic"),
        inventory.reserve([request(buyer, [[key, 1]])])
      )
    )
    assert.deepStrictEqual(tally(outcomes), { Held: 10, OutOfStock: 40 })
    assert.deepStrictEqual(yield* levelOf(key), { received: 10, reserved: 10, sold: 0 })
  })
}

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
    assert.deepStrictEqual(
      rows.map(({ expiresAt, key, orderId, quantity, returned, state }) => ({
        expiresAt,
        key,
        orderId,
        quantity,
        returned,
        state
      })),
      [
        {
          expiresAt: request(order, []).expiresAt,
          key: b,
          orderId: order,
          quantity: 3,
          returned: 0,
          state: "held"
        }
      ]
    )
    assert.strictEqual((yield* inventory.reservations(order, [a, b])).length, 2)
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

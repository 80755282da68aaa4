import { Inventory } from "@doorbuster/core/inventory/Inventory"
import type { StockKey } from "@doorbuster/core/inventory/StockKey"
import {
  choose,
  defaultChoice,
  type StrategyChoice
} from "@doorbuster/core/inventory/StockStrategy"
import type { OrderId } from "@doorbuster/core/order/OrderId"
import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { freshOrders } from "../fresh.ts"
import { atOnce, tally } from "../outcomes.ts"
import type { Promises } from "../suite.ts"
import { choices, levelOf, request, stocked } from "./fixtures.ts"

/** Many buyers of a few units: exactly as many get one as there are, so every unit is found. */
const race = (choice: StrategyChoice, perBatch: number) =>
  Effect.gen(function* () {
    const inventory = yield* Inventory
    const key = yield* stocked(10)
    yield* inventory.setStrategy(key, choice)
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

/** Buyers of two units each, of which some lie apart. */
const raceForPairs = (choice: StrategyChoice) =>
  Effect.gen(function* () {
    const inventory = yield* Inventory
    const key = yield* stocked(11)
    yield* inventory.setStrategy(key, choice)
    const outcomes = yield* atOnce(yield* freshOrders(12), (buyer) =>
      inventory.reserve([request(buyer, [[key, 2]])])
    )
    assert.deepStrictEqual(tally(outcomes), { Held: 5, OutOfStock: 7 })
    assert.deepStrictEqual(yield* levelOf(key), { received: 11, reserved: 10, sold: 0 })
  })

/** Many buyers of a few units, one by one and in batches, for each strategy. */
export const racing: Promises<Inventory> = Object.fromEntries(
  choices.flatMap((choice) => [
    [`sells exactly what it has to 50 at once: ${choice.strategy}`, race(choice, 1)],
    [`sells exactly what it has to 10 batches at once: ${choice.strategy}`, race(choice, 5)],
    [`sells all pairs that it has to 12 at once: ${choice.strategy}`, raceForPairs(choice)]
  ])
)

const at = <A>(items: ReadonlyArray<A>, i: number): A => items[i % items.length] as A

/** Another strategy and another number of segments for every second buyer, or a rebalancing. */
const disturb = Effect.fnUntraced(function* (key: StockKey, i: number) {
  const inventory = yield* Inventory
  if (i % 2 === 0) return yield* inventory.setStrategy(key, at(choices, i / 2))
  if (i % 5 === 0) return yield* inventory.setStrategy(key, choose("segmented", 2 + (i % 4)))
  if (i % 3 === 0) yield* inventory.rebalance(key)
})

const refOf = (orderId: OrderId, key: StockKey) => ({ orderId, epoch: 1, keys: [key] })

/** Buys; then pays, or leaves what was held to somebody else. */
const live = Effect.fnUntraced(function* (key: StockKey, orderId: OrderId, pays: boolean) {
  const inventory = yield* Inventory
  const outcomes = yield* inventory.reserve([request(orderId, [[key, 1]])])
  if (outcomes[0]?._tag === "Held") {
    const ref = refOf(orderId, key)
    if (pays) yield* inventory.commit([ref])
    else yield* inventory.release([{ ...ref, as: "released" }])
  }
  return outcomes
})

export const switching: Promises<Inventory> = {
  "sells exactly what it has while strategies change and units are moved": Effect.gen(function* () {
    const inventory = yield* Inventory
    const key = yield* stocked(10)
    const buyers = yield* freshOrders(50)
    const outcomes = yield* atOnce([...buyers.entries()], ([i, buyer]) =>
      Effect.andThen(disturb(key, i), inventory.reserve([request(buyer, [[key, 1]])]))
    )
    assert.deepStrictEqual(tally(outcomes), { Held: 10, OutOfStock: 40 })
    assert.deepStrictEqual(yield* levelOf(key), { received: 10, reserved: 10, sold: 0 })
  }),

  "loses and makes no unit while everything changes at once": Effect.gen(function* () {
    const inventory = yield* Inventory
    const key = yield* stocked(30)
    const buyers = yield* freshOrders(40)
    const outcomes = yield* atOnce([...buyers.entries()], ([i, buyer]) =>
      Effect.andThen(disturb(key, i), live(key, buyer, i % 2 === 0))
    )
    const paid = outcomes.filter(({ _tag }, i) => _tag === "Held" && i % 2 === 0).length
    assert.deepStrictEqual(yield* levelOf(key), { received: 30, reserved: 0, sold: paid })
    const rest = yield* inventory.reserve([
      request(at(yield* freshOrders(1), 0), [[key, 30 - paid]])
    ])
    assert.deepStrictEqual(rest, [{ _tag: "Held" }])
    yield* inventory.setStrategy(key, defaultChoice)
    assert.deepStrictEqual(yield* levelOf(key), { received: 30, reserved: 30 - paid, sold: paid })
  })
}

import { Inventory } from "@doorbuster/core/inventory/Inventory"
import type { StockKey } from "@doorbuster/core/inventory/StockKey"
import type { OrderId } from "@doorbuster/core/order/OrderId"
import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { freshOrder, freshOrders } from "../fresh.ts"
import { atOnce, tagOf, tally } from "../outcomes.ts"
import type { Promises } from "../suite.ts"
import { freshKey, held, levelOf, request, stocked } from "./fixtures.ts"

const ref = (orderId: OrderId, keys: ReadonlyArray<StockKey>, epoch = 1) => ({
  orderId,
  epoch,
  keys
})
const letGo = (orderId: OrderId, keys: ReadonlyArray<StockKey>, epoch = 1) => ({
  ...ref(orderId, keys, epoch),
  as: "released" as const
})
const expire = (orderId: OrderId, keys: ReadonlyArray<StockKey>, epoch = 1) => ({
  ...ref(orderId, keys, epoch),
  as: "expired" as const
})

/** One state, however many segments the line came from. */
const stateOf = Effect.fnUntraced(function* (order: OrderId, key: StockKey) {
  const inventory = yield* Inventory
  const rows = yield* inventory.reservations(order, [key])
  return [...new Set(rows.map(({ state }) => state))]
})

export const committing: Promises<Inventory> = {
  "sells what was held, once": Effect.gen(function* () {
    const inventory = yield* Inventory
    const key = yield* stocked(5)
    const order = yield* held(key, 2)
    const twice = [ref(order, [key]), ref(order, [key])]
    assert.deepStrictEqual(tally(yield* inventory.commit(twice)), { Committed: 2 })
    assert.deepStrictEqual(tally(yield* inventory.commit(twice)), { Committed: 2 })
    assert.deepStrictEqual(yield* levelOf(key), { received: 5, reserved: 0, sold: 2 })
    assert.deepStrictEqual(yield* stateOf(order, key), ["committed"])
  }),

  "sells once, however many commit at once": Effect.gen(function* () {
    const inventory = yield* Inventory
    const key = yield* stocked(5)
    const order = yield* held(key, 2)
    const outcomes = yield* atOnce(Array.from({ length: 30 }), () =>
      inventory.commit([ref(order, [key])])
    )
    assert.deepStrictEqual(tally(outcomes), { Committed: 30 })
    assert.deepStrictEqual(yield* levelOf(key), { received: 5, reserved: 0, sold: 2 })
  }),

  "sells nothing that was never held": Effect.gen(function* () {
    const inventory = yield* Inventory
    const key = yield* stocked(5)
    const order = yield* freshOrder
    assert.deepStrictEqual(yield* inventory.commit([ref(order, [key])]), [{ _tag: "NotHeld" }])
    assert.deepStrictEqual(yield* levelOf(key), { received: 5, reserved: 0, sold: 0 })
  }),

  "sells nothing that was released or has expired": Effect.gen(function* () {
    const inventory = yield* Inventory
    const key = yield* stocked(5)
    const [released, expired] = [yield* held(key, 1), yield* held(key, 1)]
    yield* inventory.release([letGo(released, [key]), expire(expired, [key])])
    const outcomes = yield* inventory.commit([ref(released, [key]), ref(expired, [key])])
    assert.deepStrictEqual(tally(outcomes), { NotHeld: 2 })
    assert.deepStrictEqual(yield* levelOf(key), { received: 5, reserved: 0, sold: 0 })
  })
}

export const releasing: Promises<Inventory> = {
  "puts the units back on sale, once": Effect.gen(function* () {
    const inventory = yield* Inventory
    const key = yield* stocked(5)
    const [order, other] = [yield* held(key, 2), yield* held(key, 3)]
    const twice = [letGo(order, [key]), letGo(order, [key])]
    assert.deepStrictEqual(tally(yield* inventory.release(twice)), { Released: 2 })
    assert.deepStrictEqual(tally(yield* inventory.release(twice)), { Released: 2 })
    assert.deepStrictEqual(yield* levelOf(key), { received: 5, reserved: 3, sold: 0 })
    assert.deepStrictEqual(yield* stateOf(order, key), ["released"])
    assert.deepStrictEqual(yield* stateOf(other, key), ["held"])
  }),

  "tells expiry from release": Effect.gen(function* () {
    const inventory = yield* Inventory
    const key = yield* stocked(5)
    const order = yield* held(key, 2)
    assert.deepStrictEqual(yield* inventory.release([expire(order, [key])]), [{ _tag: "Released" }])
    assert.deepStrictEqual(yield* stateOf(order, key), ["expired"])
    assert.deepStrictEqual(yield* inventory.release([letGo(order, [key])]), [{ _tag: "Released" }])
    assert.deepStrictEqual(yield* stateOf(order, key), ["expired"])
    assert.strictEqual((yield* levelOf(key))?.reserved, 0)
  }),

  "refuses a reserve that comes after the release": Effect.gen(function* () {
    const inventory = yield* Inventory
    const key = yield* stocked(5)
    const order = yield* held(key, 2)
    yield* inventory.release([letGo(order, [key])])
    const late = request(order, [[key, 2]])
    assert.deepStrictEqual(tally(yield* inventory.reserve([late, late])), { ReservationClosed: 2 })
    assert.strictEqual((yield* levelOf(key))?.reserved, 0)
  }),

  "leaves a tombstone where nothing was reserved": Effect.gen(function* () {
    const inventory = yield* Inventory
    const [key, order] = [yield* stocked(5), yield* freshOrder]
    assert.deepStrictEqual(yield* inventory.release([letGo(order, [key])]), [{ _tag: "Released" }])
    const [late] = yield* inventory.reserve([request(order, [[key, 2]])])
    assert.strictEqual(tagOf(late), "ReservationClosed")
    const [higher] = yield* inventory.reserve([request(order, [[key, 2]], 2)])
    assert.strictEqual(tagOf(higher), "ReservationClosed")
    assert.strictEqual((yield* levelOf(key))?.reserved, 0)
  }),

  "leaves a tombstone even where the stock is unknown": Effect.gen(function* () {
    const inventory = yield* Inventory
    const [key, order] = [yield* freshKey, yield* freshOrder]
    assert.deepStrictEqual(yield* inventory.release([letGo(order, [key])]), [{ _tag: "Released" }])
    const [late] = yield* inventory.reserve([request(order, [[key, 1, 5]])])
    assert.strictEqual(tagOf(late), "ReservationClosed")
  }),

  "lets a race of reserve and release end with nothing held": Effect.gen(function* () {
    const inventory = yield* Inventory
    const key = yield* stocked(20)
    const orders = yield* freshOrders(20)
    const reserves = orders.map((order) => inventory.reserve([request(order, [[key, 1]])]))
    const releases = orders.map((order) => inventory.release([letGo(order, [key])]))
    yield* Effect.all([...reserves, ...releases], { concurrency: "unbounded" })
    assert.deepStrictEqual(yield* levelOf(key), { received: 20, reserved: 0, sold: 0 })
  }),

  "does not take back what is sold": Effect.gen(function* () {
    const inventory = yield* Inventory
    const key = yield* stocked(5)
    const order = yield* held(key, 2)
    yield* inventory.commit([ref(order, [key])])
    assert.deepStrictEqual(yield* inventory.release([letGo(order, [key])]), [
      { _tag: "AlreadyCommitted" }
    ])
    assert.deepStrictEqual(yield* levelOf(key), { received: 5, reserved: 0, sold: 2 })
    assert.deepStrictEqual(yield* stateOf(order, key), ["committed"])
  }),

  "lets exactly one of commit and release win a race": Effect.gen(function* () {
    const inventory = yield* Inventory
    const key = yield* stocked(20)
    const orders = yield* Effect.forEach(Array.from({ length: 20 }), () => held(key, 1))
    const commits = atOnce(orders, (order) => inventory.commit([ref(order, [key])]))
    const releases = atOnce(orders, (order) => inventory.release([letGo(order, [key])]))
    const [sold, freed] = yield* Effect.all([commits, releases], { concurrency: "unbounded" })
    const won = sold.filter(({ _tag }) => _tag === "Committed").length
    assert.deepStrictEqual(
      orders
        .map((_, i) => [tagOf(sold[i]), tagOf(freed[i])].join())
        .filter((pair) => pair !== "Committed,AlreadyCommitted" && pair !== "NotHeld,Released"),
      []
    )
    assert.deepStrictEqual(yield* levelOf(key), { received: 20, reserved: 0, sold: won })
  })
}

export const fencing: Promises<Inventory> = {
  "lets an earlier owner change nothing once a later one has written": Effect.gen(function* () {
    const inventory = yield* Inventory
    const key = yield* stocked(5)
    const order = yield* held(key, 2, 1)
    yield* inventory.fence([{ orderId: order, epoch: 3 }])
    const before = yield* levelOf(key)
    for (const epoch of [1, 2]) {
      const zombie = yield* inventory.commit([ref(order, [key], epoch)])
      assert.deepStrictEqual(zombie, [{ _tag: "Superseded" }])
      const again = yield* inventory.release([letGo(order, [key], epoch)])
      assert.deepStrictEqual(again, [{ _tag: "Superseded" }])
      const late = yield* inventory.reserve([request(order, [[key, 2]], epoch)])
      assert.deepStrictEqual(late, [{ _tag: "Superseded" }])
    }
    assert.deepStrictEqual(yield* levelOf(key), before)
    assert.deepStrictEqual(yield* stateOf(order, key), ["held"])
    assert.deepStrictEqual(yield* inventory.commit([ref(order, [key], 3)]), [{ _tag: "Committed" }])
  }),

  "fences an order that has reserved nothing yet": Effect.gen(function* () {
    const inventory = yield* Inventory
    const [key, order] = [yield* stocked(5), yield* freshOrder]
    yield* inventory.fence([{ orderId: order, epoch: 2 }])
    const zombie = yield* inventory.reserve([request(order, [[key, 2]], 1)])
    assert.deepStrictEqual(zombie, [{ _tag: "Superseded" }])
    assert.strictEqual((yield* levelOf(key))?.reserved, 0)
    assert.deepStrictEqual(yield* inventory.commit([ref(order, [key], 2)]), [{ _tag: "NotHeld" }])
    const owner = yield* inventory.reserve([request(order, [[key, 2]], 2)])
    assert.deepStrictEqual(owner, [{ _tag: "Held" }])
  }),

  "never lowers a fence": Effect.gen(function* () {
    const inventory = yield* Inventory
    const [key, order] = [yield* stocked(5), yield* freshOrder]
    const fences = [5, 2].map((epoch) => ({ orderId: order, epoch }))
    yield* inventory.fence(fences)
    yield* inventory.fence([{ orderId: order, epoch: 3 }])
    const zombie = yield* inventory.reserve([request(order, [[key, 2]], 4)])
    assert.deepStrictEqual(zombie, [{ _tag: "Superseded" }])
  }),

  "takes a write as a fence: what a later owner did, an earlier one cannot undo": Effect.gen(
    function* () {
      const inventory = yield* Inventory
      const key = yield* stocked(5)
      const [order, closed] = [yield* held(key, 2, 4), yield* freshOrder]
      const zombie = yield* inventory.release([letGo(order, [key], 3)])
      assert.deepStrictEqual(zombie, [{ _tag: "Superseded" }])
      yield* inventory.release([letGo(closed, [key], 4)])
      const late = yield* inventory.reserve([request(closed, [[key, 1]], 3)])
      assert.deepStrictEqual(late, [{ _tag: "Superseded" }])
      assert.deepStrictEqual(yield* levelOf(key), { received: 5, reserved: 2, sold: 0 })
    }
  ),

  "lets no zombie slip through a race with its successor": Effect.gen(function* () {
    const inventory = yield* Inventory
    const key = yield* stocked(40)
    const orders = yield* freshOrders(20)
    yield* atOnce(orders, (order) =>
      Effect.all(
        [
          inventory.reserve([request(order, [[key, 1]], 1)]),
          Effect.andThen(
            inventory.fence([{ orderId: order, epoch: 2 }]),
            inventory.release([letGo(order, [key], 2)])
          )
        ],
        { concurrency: "unbounded" }
      )
    )
    assert.deepStrictEqual(yield* levelOf(key), { received: 40, reserved: 0, sold: 0 })
  })
}

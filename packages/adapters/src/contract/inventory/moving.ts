import { Inventory, type Movement } from "@doorbuster/core/inventory/Inventory"
import type { StockKey } from "@doorbuster/core/inventory/StockKey"
import type { OrderId } from "@doorbuster/core/order/OrderId"
import { nextUuid, type Uuid } from "@doorbuster/core/Uuid"
import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { freshOrder, freshOrders } from "../fresh.ts"
import { atOnce, tagOf, tally } from "../outcomes.ts"
import type { Promises } from "../suite.ts"
import { freshKey, freshPair, held, levelOf, receive, request, stocked } from "./fixtures.ts"

const movement = (movementId: Uuid, key: StockKey, quantity: number): Movement => ({
  movementId,
  key,
  quantity,
  kind: quantity > 0 ? "receipt" : "write_off",
  reason: "contract",
  occurredAt: 0
})

export const moving: Promises<Inventory> = {
  "makes a stock row by the first receipt": Effect.gen(function* () {
    const key = yield* freshKey
    assert.strictEqual(yield* levelOf(key), undefined)
    assert.deepStrictEqual(yield* receive(key, 7), [{ _tag: "Moved", replayed: false }])
    assert.deepStrictEqual(yield* levelOf(key), { received: 7, reserved: 0, sold: 0 })
  }),

  "moves units once per id, in a batch as well as one after the other": Effect.gen(function* () {
    const inventory = yield* Inventory
    const [key, id] = [yield* freshKey, yield* nextUuid]
    const twin = movement(id, key, 5)
    assert.deepStrictEqual(yield* inventory.move([twin, twin]), [
      { _tag: "Moved", replayed: false },
      { _tag: "Moved", replayed: true }
    ])
    assert.deepStrictEqual(yield* inventory.move([twin]), [{ _tag: "Moved", replayed: true }])
    assert.strictEqual((yield* levelOf(key))?.received, 5)
  }),

  "moves units once for 30 twins at once": Effect.gen(function* () {
    const inventory = yield* Inventory
    const [key, id] = [yield* freshKey, yield* nextUuid]
    const twins = Array.from({ length: 30 }, () => movement(id, key, 5))
    const outcomes = yield* atOnce(twins, (twin) => inventory.move([twin]))
    assert.deepStrictEqual(tally(outcomes), { Moved: 30 })
    assert.strictEqual(outcomes.filter((o) => o._tag === "Moved" && !o.replayed).length, 1)
    assert.strictEqual((yield* levelOf(key))?.received, 5)
  }),

  "refuses an id that was used for another movement": Effect.gen(function* () {
    const inventory = yield* Inventory
    const [key, other, id] = [yield* freshKey, yield* freshKey, yield* nextUuid]
    yield* inventory.move([movement(id, key, 5)])
    const outcomes = yield* inventory.move([movement(id, key, 6), movement(id, other, 5)])
    assert.deepStrictEqual(tally(outcomes), { MovementReused: 2 })
    assert.strictEqual((yield* levelOf(key))?.received, 5)
    assert.strictEqual((yield* levelOf(other))?.received ?? 0, 0)
  }),

  "writes off nothing that is held or sold": Effect.gen(function* () {
    const inventory = yield* Inventory
    const key = yield* stocked(10)
    const sold = yield* held(key, 3)
    yield* inventory.commit([{ orderId: sold, epoch: 1, keys: [key] }])
    yield* held(key, 4)
    const [tooMuch, fits] = [yield* nextUuid, yield* nextUuid]
    assert.deepStrictEqual(yield* inventory.move([movement(tooMuch, key, -4)]), [
      { _tag: "OutOfStock", key, available: 3 }
    ])
    assert.deepStrictEqual(yield* inventory.move([movement(fits, key, -3)]), [
      { _tag: "Moved", replayed: false }
    ])
    assert.deepStrictEqual(yield* levelOf(key), { received: 7, reserved: 4, sold: 3 })
  }),

  "writes off nothing where there is no stock": Effect.gen(function* () {
    const inventory = yield* Inventory
    const [key, id] = [yield* freshKey, yield* nextUuid]
    assert.deepStrictEqual(yield* inventory.move([movement(id, key, -1)]), [
      { _tag: "OutOfStock", key, available: 0 }
    ])
  }),

  "moves a batch in the order given": Effect.gen(function* () {
    const inventory = yield* Inventory
    const key = yield* freshKey
    const ids = [yield* nextUuid, yield* nextUuid, yield* nextUuid] as const
    const outcomes = yield* inventory.move([
      movement(ids[0], key, 5),
      movement(ids[1], key, -6),
      movement(ids[2], key, -2)
    ])
    assert.deepStrictEqual(outcomes.map(tagOf), ["Moved", "OutOfStock", "Moved"])
    assert.strictEqual((yield* levelOf(key))?.received, 3)
  }),

  "loses no unit between write-offs and reserves at once": Effect.gen(function* () {
    const inventory = yield* Inventory
    const key = yield* stocked(10)
    const buyers = yield* freshOrders(15)
    const ids = yield* Effect.forEach(buyers, () => nextUuid)
    const [sales, losses] = yield* Effect.all(
      [
        atOnce(buyers, (buyer) => inventory.reserve([request(buyer, [[key, 1]])])),
        atOnce(ids, (id) => inventory.move([movement(id, key, -1)]))
      ],
      { concurrency: "unbounded" }
    )
    const taken = tally(sales)["Held"] ?? 0
    const lost = tally(losses)["Moved"] ?? 0
    assert.strictEqual(taken + lost, 10)
    assert.deepStrictEqual(tally(losses)["OutOfStock"] ?? 0, 15 - lost)
    assert.deepStrictEqual(yield* levelOf(key), { received: 10 - lost, reserved: taken, sold: 0 })
  })
}

const soldTo = Effect.fnUntraced(function* (key: StockKey, quantity: number) {
  const inventory = yield* Inventory
  const order = yield* held(key, quantity)
  yield* inventory.commit([{ orderId: order, epoch: 1, keys: [key] }])
  return order
})

const back = (returnId: Uuid, orderId: OrderId, key: StockKey, quantity: number) => ({
  returnId,
  orderId,
  lines: [{ key, quantity }]
})

export const returning: Promises<Inventory> = {
  "puts sold units on sale again, once per return": Effect.gen(function* () {
    const inventory = yield* Inventory
    const key = yield* stocked(5)
    const order = yield* soldTo(key, 4)
    const twin = back(yield* nextUuid, order, key, 3)
    assert.deepStrictEqual(tally(yield* inventory.giveBack([twin, twin])), { Returned: 2 })
    assert.deepStrictEqual(tally(yield* inventory.giveBack([twin])), { Returned: 1 })
    assert.deepStrictEqual(yield* levelOf(key), { received: 5, reserved: 0, sold: 1 })
    const rows = yield* inventory.reservations(order, [key])
    assert.deepStrictEqual([...new Set(rows.map(({ state }) => state))], ["committed"])
    assert.strictEqual(
      rows.reduce((units, { returned }) => units + returned, 0),
      3
    )
  }),

  "takes back no more than was sold, whatever the number of returns": Effect.gen(function* () {
    const inventory = yield* Inventory
    const key = yield* stocked(5)
    const order = yield* soldTo(key, 4)
    const ids = yield* Effect.forEach(Array.from({ length: 20 }), () => nextUuid)
    const outcomes = yield* atOnce(ids, (id) => inventory.giveBack([back(id, order, key, 1)]))
    assert.deepStrictEqual(tally(outcomes), { Returned: 4, ExceedsSold: 16 })
    assert.deepStrictEqual(yield* levelOf(key), { received: 5, reserved: 0, sold: 0 })
  }),

  "decides the returns of a batch in the order given": Effect.gen(function* () {
    const inventory = yield* Inventory
    const key = yield* stocked(5)
    const order = yield* soldTo(key, 4)
    const ids = [yield* nextUuid, yield* nextUuid, yield* nextUuid] as const
    const outcomes = yield* inventory.giveBack([
      back(ids[0], order, key, 3),
      back(ids[1], order, key, 2),
      back(ids[2], order, key, 1)
    ])
    assert.deepStrictEqual(outcomes, [
      { _tag: "Returned" },
      { _tag: "ExceedsSold", key },
      { _tag: "Returned" }
    ])
    assert.strictEqual((yield* levelOf(key))?.sold, 0)
  }),

  "takes back all lines of a return or none": Effect.gen(function* () {
    const inventory = yield* Inventory
    const [a, b] = yield* freshPair
    yield* receive(a, 5)
    yield* receive(b, 5)
    const order = yield* freshOrder
    yield* inventory.reserve([
      request(order, [
        [a, 2],
        [b, 2]
      ])
    ])
    yield* inventory.commit([{ orderId: order, epoch: 1, keys: [a, b] }])
    const lines = [
      { key: a, quantity: 2 },
      { key: b, quantity: 3 }
    ]
    const outcomes = yield* inventory.giveBack([
      { returnId: yield* nextUuid, orderId: order, lines }
    ])
    assert.deepStrictEqual(outcomes, [{ _tag: "ExceedsSold", key: b }])
    assert.strictEqual((yield* levelOf(a))?.sold, 2)
    assert.strictEqual((yield* levelOf(b))?.sold, 2)
  }),

  "takes back nothing from an order that was not sold to": Effect.gen(function* () {
    const inventory = yield* Inventory
    const key = yield* stocked(5)
    const [holder, stranger] = [yield* held(key, 2), yield* freshOrder]
    yield* soldTo(key, 2)
    const outcomes = yield* inventory.giveBack([
      back(yield* nextUuid, holder, key, 1),
      back(yield* nextUuid, stranger, key, 1)
    ])
    assert.deepStrictEqual(tally(outcomes), { ExceedsSold: 2 })
    assert.deepStrictEqual(yield* levelOf(key), { received: 5, reserved: 2, sold: 2 })
  })
}

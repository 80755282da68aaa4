import { Inventory } from "@doorbuster/core/inventory/Inventory"
import type { StockKey } from "@doorbuster/core/inventory/StockKey"
import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { freshOrder, freshOrders } from "../fresh.ts"
import { atOnce, tagOf, tally } from "../outcomes.ts"
import type { Promises } from "../suite.ts"
import { freshKey, levelOf, receive, request } from "./fixtures.ts"

const freshCoupon = Effect.map(freshKey, (key) => `coupon:${key}` as StockKey)

const use = Effect.fnUntraced(function* (key: StockKey, quantity: number, allowance: number) {
  const inventory = yield* Inventory
  const order = yield* freshOrder
  const [outcome] = yield* inventory.reserve([request(order, [[key, quantity, allowance]])])
  return { order, outcome }
})

export const allowing: Promises<Inventory> = {
  "makes the row of a coupon or a limit by its first use": Effect.gen(function* () {
    const coupon = yield* freshCoupon
    const { outcome } = yield* use(coupon, 2, 5)
    assert.strictEqual(tagOf(outcome), "Held")
    assert.deepStrictEqual(yield* levelOf(coupon), { received: 5, reserved: 2, sold: 0 })
  }),

  "grants no use beyond the allowance, not even the first": Effect.gen(function* () {
    const coupon = yield* freshCoupon
    const { outcome } = yield* use(coupon, 6, 5)
    assert.deepStrictEqual(outcome, {
      _tag: "OutOfStock",
      key: coupon,
      requested: 6,
      available: 5
    })
    assert.strictEqual((yield* levelOf(coupon))?.reserved ?? 0, 0)
  }),

  "grants 10 uses to 50 buyers who are the first, all at once": Effect.gen(function* () {
    const inventory = yield* Inventory
    const coupon = yield* freshCoupon
    const buyers = yield* freshOrders(50)
    const outcomes = yield* atOnce(buyers, (buyer) =>
      inventory.reserve([request(buyer, [[coupon, 1, 10]])])
    )
    assert.deepStrictEqual(tally(outcomes), { Held: 10, OutOfStock: 40 })
    assert.deepStrictEqual(yield* levelOf(coupon), { received: 10, reserved: 10, sold: 0 })
  }),

  "brings a changed allowance into force, up and down": Effect.gen(function* () {
    const coupon = yield* freshCoupon
    yield* use(coupon, 3, 3)
    assert.strictEqual(tagOf((yield* use(coupon, 1, 3)).outcome), "OutOfStock")
    assert.strictEqual(tagOf((yield* use(coupon, 1, 10)).outcome), "Held")
    assert.deepStrictEqual(yield* levelOf(coupon), { received: 10, reserved: 4, sold: 0 })
    assert.strictEqual(tagOf((yield* use(coupon, 1, 6)).outcome), "Held")
    assert.deepStrictEqual(yield* levelOf(coupon), { received: 6, reserved: 5, sold: 0 })
  }),

  "takes no use away that was granted before the allowance fell": Effect.gen(function* () {
    const inventory = yield* Inventory
    const coupon = yield* freshCoupon
    const { order } = yield* use(coupon, 3, 5)
    const { outcome } = yield* use(coupon, 1, 2)
    assert.deepStrictEqual(outcome, {
      _tag: "OutOfStock",
      key: coupon,
      requested: 1,
      available: 0
    })
    const committed = yield* inventory.commit([{ orderId: order, epoch: 1, keys: [coupon] }])
    assert.deepStrictEqual(tally(committed), { Committed: 1 })
    assert.strictEqual((yield* levelOf(coupon))?.sold, 3)
  }),

  "frees the use of an order that was released": Effect.gen(function* () {
    const inventory = yield* Inventory
    const coupon = yield* freshCoupon
    const { order } = yield* use(coupon, 1, 1)
    assert.strictEqual(tagOf((yield* use(coupon, 1, 1)).outcome), "OutOfStock")
    yield* inventory.release([{ orderId: order, epoch: 1, keys: [coupon], as: "released" }])
    assert.strictEqual(tagOf((yield* use(coupon, 1, 1)).outcome), "Held")
  }),

  "takes goods and coupon use together or not at all": Effect.gen(function* () {
    const inventory = yield* Inventory
    const goods = yield* freshKey
    const coupon = yield* freshCoupon
    yield* receive(goods, 10)
    const buyers = yield* freshOrders(20)
    const outcomes = yield* atOnce(buyers, (buyer) =>
      inventory.reserve([
        request(buyer, [
          [goods, 1],
          [coupon, 1, 4]
        ])
      ])
    )
    assert.deepStrictEqual(tally(outcomes), { Held: 4, OutOfStock: 16 })
    assert.strictEqual((yield* levelOf(goods))?.reserved, 4)
    assert.strictEqual((yield* levelOf(coupon))?.reserved, 4)
  })
}

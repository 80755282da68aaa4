/**
 * Goal: the simulated stock waits, sees and refuses where Postgres would, while units are reserved.
 * Method: sessions on one server; one is left with an open transaction, another one's statement
 * is watched before and after the first one ends.
 */
import { assert, describe, test } from "vitest"
import * as call from "./inventoryCalls.ts"
import { coupon, id, open, order } from "./inventorySessions.ts"

const isTaken = ({ outcome }: { readonly outcome: unknown }) =>
  (outcome as ReadonlyArray<{ readonly state?: string }>)[0]?.state === "taken"

describe("a reserve", () => {
  test("that waits for the last units finds them taken", () => {
    const { level, one, other } = open()
    assert.isTrue(isTaken(one.run(...call.take(order(1, "A", 2)))))
    const late = other.run(...call.take(order(2, "A", 2)))
    assert.isUndefined(late.outcome)
    one.commit()
    assert.strictEqual(late.outcome, "40001: the stock was taken meanwhile")
    assert.deepStrictEqual(level("A"), [3, 2, 0])
  })

  test("that waits for units which are not taken in the end gets them", () => {
    const { level, one, other } = open()
    one.run(...call.take(order(1, "A", 2)))
    const late = other.run(...call.take(order(2, "A", 2)))
    one.rollback()
    assert.isTrue(isTaken(late))
    other.commit()
    assert.deepStrictEqual(level("A"), [3, 2, 0])
  })

  test("of what is sold out reads past every lock", () => {
    const { one, other } = open()
    one.run(...call.lock("A"))
    const { outcome } = other.run(...call.take(order(1, "A", 4)))
    assert.deepInclude((outcome as ReadonlyArray<unknown>)[0], { sku: "A", available: 3 })
  })

  test("gets units that were given up while it waited for their row", () => {
    const { level, one, other } = open()
    one.run(...call.take(order(1, "A", 2)))
    one.commit()
    one.run(...call.settle("released", order(1, "A")))
    const late = other.run(...call.hold([order(2, "A", 3)]))
    assert.isUndefined(late.outcome)
    one.commit()
    assert.deepStrictEqual(late.outcome, [{ hold: "" }])
    other.commit()
    assert.deepStrictEqual(level("A"), [3, 3, 0])
  })

  test("of an order that was here before reads past every lock", () => {
    const { one, other } = open()
    one.run(...call.take(order(1, "A")))
    one.commit()
    one.run(...call.lock("A"))
    const { outcome } = other.run(...call.take(order(1, "A")))
    assert.deepInclude((outcome as ReadonlyArray<unknown>)[0], { order_id: id(1), state: "held" })
  })

  test("is read back line by line in the order of the keys", () => {
    const { one } = open()
    const lines = ["B", "A"].map((key) => ({ key, quantity: 2 }))
    one.run(...call.take({ ...order(1, "A"), lines }))
    const { outcome } = one.run(...call.reservations({ ...order(1, "A"), lines }))
    const row = {
      segment: 0,
      order_id: id(1),
      quantity: 2,
      returned: 0,
      state: "held",
      expires_at: Date.UTC(2100, 0)
    }
    assert.deepStrictEqual(outcome, [
      { sku: "A", ...row },
      { sku: "B", ...row }
    ])
  })

  test("judges a version by the row it has waited for", () => {
    const { one, other } = open()
    one.run(...call.hold([order(1, "A")], [0]))
    const late = other.run(...call.hold([order(2, "A")], [0]))
    assert.isUndefined(late.outcome)
    one.commit()
    assert.strictEqual(late.outcome, "40001: the stock was taken meanwhile")
    assert.deepStrictEqual(other.run(...call.hold([order(2, "A")], [1])).outcome, [{ hold: "" }])
  })

  test("does not count on a row that somebody else has made", () => {
    const { level, one, other } = open()
    one.run(...call.take(coupon(1, 5)))
    const late = other.run(...call.take(coupon(2, 5)))
    assert.isUndefined(late.outcome)
    one.commit()
    assert.strictEqual(late.outcome, "40001: a stock row was made meanwhile")
    assert.deepStrictEqual(level("coupon:C"), [5, 1, 0])
  })

  test("makes the row itself when its maker has given up", () => {
    const { level, one, other } = open()
    one.run(...call.take(coupon(1, 5)))
    const late = other.run(...call.take(coupon(2, 7)))
    one.rollback()
    assert.isTrue(isTaken(late))
    other.commit()
    assert.deepStrictEqual(level("coupon:C"), [7, 1, 0])
  })

  test("brings an allowance into force, never below what is taken, and notes each change", () => {
    const { level, one, tables } = open()
    for (const [i, allowance] of [5, 9, 3].entries()) one.run(...call.take(coupon(i, allowance)))
    one.commit()
    const { outcome } = one.run(...call.hold([coupon(3, 2)]))
    assert.strictEqual(outcome, "40001: the stock was taken meanwhile")
    const moved = [...tables.movements.rows()].filter(({ sku }) => sku === "coupon:C")
    assert.deepStrictEqual(
      moved.map(({ quantity }) => quantity),
      [5, 4, -6]
    )
    assert.deepStrictEqual(level("coupon:C"), [3, 3, 0])
  })

  test("waits for its twin on another key, and gives way to it", () => {
    const { level, one, other } = open()
    one.run(...call.take(order(1, "A")))
    const twin = other.run(...call.take(order(1, "B")))
    assert.isUndefined(twin.outcome)
    one.commit()
    assert.strictEqual(twin.outcome, "40001: a twin of an order came first")
    assert.deepStrictEqual(level("B"), [3, 0, 0])
  })

  test("goes on from a fence that was raised, but not with an epoch below it", () => {
    const { one, other } = open()
    one.run(...call.fence(order(1, "A", 1, 2)))
    const zombie = other.run(...call.take(order(1, "A", 1, 1)))
    assert.isUndefined(zombie.outcome)
    one.commit()
    assert.strictEqual(zombie.outcome, "40001: a twin of an order came first")
    assert.isTrue(isTaken(other.run(...call.take(order(1, "A", 1, 2)))))
  })
})

/**
 * Goal: the simulated stock waits, sees and refuses where Postgres would, while reservations
 * end and units come.
 * Method: sessions on one server; one is left with an open transaction, another one's statement
 * is watched before and after the first one ends.
 */
import { assert, describe, test } from "vitest"
import * as call from "./inventoryCalls.ts"
import { id, open, order } from "./inventorySessions.ts"

describe("a settlement", () => {
  test("waits for a reserve that is under way, and releases it", () => {
    const { level, one, other } = open()
    one.run(...call.take(order(1, "A", 2)))
    const release = other.run(...call.settle("released", order(1, "A")))
    assert.isUndefined(release.outcome)
    one.commit()
    assert.deepStrictEqual(release.outcome, [{ found_as: ["held"] }])
    other.commit()
    assert.deepStrictEqual(level("A"), [3, 0, 0])
  })

  test("that knows none of the keys waits for the fence, and settles no part", () => {
    const { one, other } = open()
    one.run(...call.take(order(1, "A")))
    const release = other.run(...call.settle("expired", { ...order(1, "A"), lines: [] }))
    assert.isUndefined(release.outcome)
    one.commit()
    assert.match(String(release.outcome), /^22023: the keys given do not name the whole/)
  })

  test("leaves a tombstone that a reserve under way meets behind it", () => {
    const { level, one, other } = open()
    one.run(...call.settle("released", { ...order(1, "A"), lines: [] }))
    const late = other.run(...call.take(order(1, "A")))
    assert.isUndefined(late.outcome)
    one.commit()
    assert.strictEqual(late.outcome, "40001: a twin of an order came first")
    assert.deepStrictEqual(level("A"), [3, 0, 0])
  })

  test("by a zombie waits for the takeover and changes nothing", () => {
    const { level, one, other } = open()
    one.run(...call.take(order(1, "A", 2)))
    one.commit()
    one.run(...call.fence(order(1, "A", 2, 2)))
    const commit = other.run(...call.settle("committed", order(1, "A", 2, 1)))
    assert.isUndefined(commit.outcome)
    one.commit()
    assert.deepStrictEqual(commit.outcome, [{ found_as: ["superseded"] }])
    other.commit()
    assert.deepStrictEqual(level("A"), [3, 2, 0])
  })

  test("locks a fence, too, that was set while it waited for stock", () => {
    const { one, other, third } = open()
    one.run(...call.lock("A"))
    const commit = other.run(...call.settle("committed", order(1, "A")))
    third.run(...call.fence(order(1, "A")))
    third.commit()
    one.commit()
    assert.deepStrictEqual(commit.outcome, [{ found_as: ["open"] }])
    const takeover = third.run(...call.fence(order(1, "A", 1, 2)))
    assert.isUndefined(takeover.outcome)
    other.commit()
    assert.deepStrictEqual(takeover.outcome, [])
  })

  test("raises the version of the stock, and the fence when a later owner repeats it", () => {
    const { one } = open()
    one.run(...call.take(order(1, "A")))
    one.run(...call.settle("committed", order(1, "A")))
    assert.match(String(one.run(...call.hold([order(2, "A")], [1])).outcome), /^40001/)
    one.run(...call.take(order(1, "A")))
    one.run(...call.settle("committed", order(1, "A")))
    assert.deepStrictEqual(one.run(...call.hold([order(2, "A")], [2])).outcome, [{ hold: "" }])
    one.run(...call.settle("committed", order(1, "A", 1, 7)))
    const zombie = one.run(...call.settle("committed", order(1, "A", 1, 6)))
    assert.deepStrictEqual(zombie.outcome, [{ found_as: ["superseded"] }])
  })

  test("waits for its opposite and then finds what that has made of the order", () => {
    const { level, one, other } = open()
    one.run(...call.take(order(1, "A", 2)))
    one.commit()
    one.run(...call.settle("committed", order(1, "A")))
    const release = other.run(...call.settle("released", order(1, "A")))
    assert.isUndefined(release.outcome)
    one.commit()
    assert.deepStrictEqual(release.outcome, [{ found_as: ["committed"] }])
    other.commit()
    assert.deepStrictEqual(level("A"), [3, 0, 2])
  })
})

describe("writers", () => {
  test("of a first receipt wait for each other, and the second is a unique violation", () => {
    const { level, one, other } = open()
    one.run(...call.move(id(903), "N", 3))
    const late = other.run(...call.move(id(904), "N", 4))
    assert.isUndefined(late.outcome)
    one.commit()
    assert.match(String(late.outcome), /^23505: .*"stock_pkey"/)
    assert.deepStrictEqual(level("N"), [3, 0, 0])
  })

  test("of one movement wait for each other behind their own stock rows", () => {
    const { level, one, other } = open()
    one.run(...call.move(id(903), "A", 3))
    const twin = other.run(...call.move(id(903), "B", 3))
    assert.isUndefined(twin.outcome)
    one.commit()
    assert.match(String(twin.outcome), /^23505: .*"movements_pkey"/)
    assert.deepStrictEqual(level("B"), [3, 0, 0])
  })

  test("lock rows in the order of their keys, whatever the order they are named in", () => {
    const { one, other, third } = open()
    one.run(...call.lock("A"))
    const late = other.run(...call.lock("B", "A"))
    assert.isUndefined(late.outcome)
    assert.deepStrictEqual(third.run(...call.lock("B")).outcome, [{}])
  })

  test("lock fences in the order of their ids", () => {
    const { one, other, third } = open()
    one.run(...call.fence(order(1, "A"), order(2, "A")))
    one.commit()
    one.run(...call.fence(order(1, "A", 1, 2)))
    const none = [order(2, "A"), order(1, "A")].map((each) => ({ ...each, lines: [] }))
    for (const write of [call.settle("committed", ...none), call.fence(...none)]) {
      assert.isUndefined(other.run(...write).outcome)
      assert.deepStrictEqual(third.run(...call.fence(order(2, "A", 1, 2))).outcome, [])
      for (const session of [other, third]) session.rollback()
    }
  })

  test("who lock keys crosswise are told apart by the deadlock check", async () => {
    const { one, other } = open()
    one.run(...call.lock("A"))
    other.run(...call.lock("B"))
    const first = one.run(...call.lock("B"))
    const second = other.run(...call.lock("A"))
    assert.isUndefined(first.outcome ?? second.outcome)
    await new Promise<void>((resolve) => void setTimeout(resolve, 100))
    const outcomes = [first.outcome, second.outcome]
    assert.sameDeepMembers(outcomes, ["40P01: deadlock detected", [{}]])
  })

  test("are refused by a constraint before they wait for anybody", () => {
    const { one, other } = open()
    one.run(...call.lock("A"))
    const { outcome } = other.run(...call.giveBack(id(905), order(1, "A")))
    assert.match(String(outcome), /^23514: .*"sold_is_not_negative"/)
  })

  test("are refused what would oversell, by the constraint that stands first", () => {
    const { one } = open()
    const { outcome } = one.run(...call.move(id(903), "A", -4))
    assert.match(String(outcome), /^23514: .*"stock".*"never_oversold"/)
    const returned = one.run(...call.giveBack(id(905), order(1, "A")))
    assert.match(String(returned.outcome), /^23514: .*"sold_is_not_negative"/)
  })
})

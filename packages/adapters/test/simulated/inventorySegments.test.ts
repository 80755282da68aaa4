/**
 * Goal: the simulated stock waits, sees and refuses where Postgres would, while units of a key lie
 * on several rows and while batches queue in front of one.
 * Method: sessions on one server; one is left with an open transaction, another one's statement
 * is watched before and after the first one ends.
 */
import { assert, describe, test } from "vitest"
import * as call from "./inventoryCalls.ts"
import { open as opened, order } from "./inventorySessions.ts"
import type { SimulatedSession } from "./SimulatedSession.ts"

const rowsOf = (session: SimulatedSession, key: string) => {
  const { outcome } = session.run(...call.levels(key))
  return (outcome as ReadonlyArray<Record<string, unknown>>).map((row) => [
    row["received"],
    row["reserved"],
    row["sold"]
  ])
}

/** What a take answers: that all was taken, or what it saw. */
const firstOf = (outcome: unknown) => (outcome as ReadonlyArray<unknown>)[0]

/** Three units of `A`, one on each of three rows. */
const open = () => {
  const sessions = opened()
  sessions.one.run(...call.choose("A", "segmented", 3))
  sessions.one.commit()
  return sessions
}

describe("a key on several rows", () => {
  test("is held row by row, and each row is waited for by itself", () => {
    const { one, other, third } = open()
    one.run(...call.holdOn(order(1, "A"), { 1: 1 }))
    assert.deepStrictEqual(other.run(...call.holdOn(order(2, "A"), { 2: 1 })).outcome, [
      { hold: "" }
    ])
    const late = third.run(...call.holdOn(order(3, "A"), { 1: 1 }))
    assert.isUndefined(late.outcome)
    one.commit()
    assert.strictEqual(late.outcome, "40001: the stock was taken meanwhile")
  })

  test("is locked in the order of its rows, whatever the order they are named in", () => {
    const { one, other, third } = open()
    one.run(...call.holdOn(order(1, "A"), { 0: 1 }))
    assert.isUndefined(other.run(...call.lock("A")).outcome)
    assert.deepStrictEqual(third.run(...call.holdOn(order(3, "A"), { 2: 1 })).outcome, [
      { hold: "" }
    ])
  })

  test("is settled past the rows that its reservation does not lie on", () => {
    const { one, other } = open()
    one.run(...call.holdOn(order(1, "A", 2), { 1: 1, 2: 1 }))
    one.commit()
    one.run(...call.holdOn(order(2, "A"), { 0: 1 }))
    const { outcome } = other.run(...call.settle("committed", order(1, "A")))
    assert.deepStrictEqual(outcome, [{ found_as: ["held"] }])
    other.commit()
    one.commit()
    assert.deepStrictEqual(rowsOf(one, "A"), [
      [1, 1, 0],
      [1, 0, 1],
      [1, 0, 1]
    ])
  })

  test("is settled behind a reserve under way, whatever row that has taken", () => {
    const { one, other, third } = open()
    one.run(...call.holdOn(order(1, "A"), { 2: 1 }))
    const release = other.run(...call.settle("released", order(1, "A")))
    assert.isUndefined(release.outcome)
    // It waits for the row and not for the fence: the rows in front of it are its own already.
    assert.isUndefined(third.run(...call.holdOn(order(3, "A"), { 0: 1 })).outcome)
    one.commit()
    assert.deepStrictEqual(release.outcome, [{ found_as: ["held"] }])
    other.commit()
    assert.deepStrictEqual(rowsOf(one, "A")[2], [1, 0, 0])
  })

  test("is laid out anew behind a reserve under way, without the units that it has taken", () => {
    const { one, other } = open()
    one.run(...call.holdOn(order(1, "A"), { 1: 1 }))
    const choice = other.run(...call.choose("A", "atomic", 1))
    assert.isUndefined(choice.outcome)
    one.commit()
    assert.deepStrictEqual(choice.outcome, [{ choose: "" }])
    other.commit()
    assert.deepStrictEqual(rowsOf(one, "A"), [
      [2, 0, 0],
      [1, 1, 0],
      [0, 0, 0]
    ])
  })

  test("is evened out over the rows that are in use", () => {
    const { one } = open()
    one.run(...call.holdOn(order(1, "A"), { 0: 1 }))
    one.run(...call.settle("released", order(1, "A")))
    one.run(...call.choose("A", "segmented", 2))
    one.run(...call.rebalance("A"))
    assert.deepStrictEqual(rowsOf(one, "A"), [
      [2, 0, 0],
      [1, 0, 0],
      [0, 0, 0]
    ])
  })

  test("has no more rows than its strategy says", () => {
    const { one } = open()
    const { outcome } = one.run(...call.choose("A", "atomic", 2))
    assert.match(String(outcome), /^23514: .*"segments_fit_strategy"/)
  })
})

describe("a queue in front of a key", () => {
  test("lets one through at a time, in the order in which they came", () => {
    const { level, one, other, third } = opened()
    one.run(...call.takeBehind({ queue: "A" }, order(1, "A")))
    const second = other.run(...call.takeBehind({ queue: "A" }, order(2, "A", 2)))
    const last = third.run(...call.takeBehind({ queue: "A" }, order(3, "A")))
    assert.isUndefined(second.outcome ?? last.outcome)
    one.commit()
    assert.deepInclude(firstOf(second.outcome), { state: "taken" })
    assert.isUndefined(last.outcome)
    other.commit()
    assert.deepInclude(firstOf(last.outcome), { sku: "A", available: 0 })
    assert.deepStrictEqual(level("A"), [3, 3, 0])
  })

  test("is nobody's hindrance at another key", () => {
    const { one, other } = opened()
    one.run(...call.takeBehind({ queue: "A" }, order(1, "A")))
    const { outcome } = other.run(...call.takeBehind({ queue: "B" }, order(2, "B")))
    assert.deepInclude(firstOf(outcome), { state: "taken" })
  })
})

describe("a reserve behind locks", () => {
  test("waits even for what it will refuse, and judges what it then finds", () => {
    const { one, other } = opened()
    one.run(...call.take(order(1, "A", 3)))
    const late = other.run(...call.takeBehind({ locks: true }, order(2, "A")))
    assert.isUndefined(late.outcome)
    one.rollback()
    assert.deepInclude(firstOf(late.outcome), { state: "taken" })
  })
})

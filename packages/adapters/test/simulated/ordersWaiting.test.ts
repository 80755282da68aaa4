/**
 * Goal: the simulated orders wait, see and refuse where Postgres would.
 * Method: two sessions on one server; one is left with an open transaction, the other's statement
 * is watched before and after the first one ends.
 */
import { assert, describe, test } from "vitest"
import * as call from "./ordersCalls.ts"
import { begin, idsIn } from "./ordersSessions.ts"

describe("an opening with a key that somebody is just claiming", () => {
  test("waits, and then finds in a new statement to whom it has lost", () => {
    const { one, other, rowsOf } = begin()
    one.run(...call.open({ n: 1, key: "k", fingerprint: "first" }))
    const late = other.run(...call.open({ n: 2, key: "k" }, { n: 3 }))
    assert.isUndefined(late.outcome)
    one.commit()
    assert.deepStrictEqual(idsIn(late.outcome), [3])
    other.commit()
    assert.deepStrictEqual(rowsOf(...call.losers(2, "k")), [
      { opened: false, holder: call.id(1), fingerprint: "first", status: null, body: null }
    ])
  })

  test("has the key if the other one is rolled back", () => {
    const { one, other } = begin()
    one.run(...call.open({ n: 1, key: "k" }))
    const late = other.run(...call.open({ n: 2, key: "k" }))
    one.rollback()
    assert.deepStrictEqual(idsIn(late.outcome), [2])
  })

  test("claims keys in sorted order and so never crosswise", () => {
    const { one, other, timers } = begin()
    one.run(...call.open({ n: 1, key: "a" }))
    const late = other.run(...call.open({ n: 3, key: "b" }, { n: 2, key: "a" }))
    assert.isUndefined(late.outcome)
    const next = one.run(...call.open({ n: 4, key: "b" }))
    assert.deepStrictEqual(idsIn(next.outcome), [4])
    one.commit()
    assert.deepStrictEqual(idsIn(late.outcome), [])
    assert.lengthOf(timers, 0)
  })

  test("gives a key that is used twice in one batch to the first", () => {
    const { one } = begin()
    const { outcome } = one.run(...call.open({ n: 2, key: "k" }, { n: 1, key: "k" }))
    assert.deepStrictEqual(idsIn(outcome), [2])
  })

  test("claims no key for a saga that stands", () => {
    const { one, other } = begin()
    one.run(...call.open({ n: 1, key: "k" }))
    one.commit()
    assert.deepStrictEqual(one.run(...call.open({ n: 1, key: "other" })).outcome, [])
    assert.deepStrictEqual(idsIn(other.run(...call.open({ n: 2, key: "other" })).outcome), [2])
  })

  test("has a key that the other one frees", () => {
    const { one, other } = begin()
    one.run(...call.open({ n: 1, key: "k" }))
    one.commit()
    one.run(...call.close(1, "k", null))
    const late = other.run(...call.open({ n: 2, key: "k" }))
    assert.isUndefined(late.outcome)
    one.commit()
    assert.deepStrictEqual(idsIn(late.outcome), [2])
  })
})

describe("a claim", () => {
  const threeFree = () => {
    const all = begin()
    all.one.run(...call.open({ n: 3 }, { n: 1 }, { n: 2 }))
    all.one.commit()
    return all
  }

  test("skips what somebody else holds, which does not count towards its limit", () => {
    const { one, other } = threeFree()
    one.run(...call.lockSagas(1))
    assert.deepStrictEqual(idsIn(other.run(...call.lockFree(2)).outcome), [2, 3])
  })

  test("locks no more than its limit", () => {
    const { one, other } = threeFree()
    assert.deepStrictEqual(idsIn(one.run(...call.lockFree(1)).outcome), [1])
    assert.deepStrictEqual(idsIn(other.run(...call.lockFree(3)).outcome), [2, 3])
  })

  test("leaves alone what a lease was taken for behind its back", () => {
    const { one, other, rowsOf } = threeFree()
    assert.deepStrictEqual(idsIn(one.run(...call.lockFree(3)).outcome), [1, 2, 3])
    other.run(...call.lease("worker", 1000))
    other.commit()
    assert.deepStrictEqual(one.run(...call.claim("heir", 1, 2, 3)).outcome, [])
    one.commit()
    assert.strictEqual(rowsOf(...call.saga(1))[0]?.["epoch"], 1)
  })

  test("goes by the server's clock at the beginning of its transaction", () => {
    const { clock, one, other } = threeFree()
    one.run(...call.lease("worker", 1000))
    one.commit()
    assert.deepStrictEqual(idsIn(one.run(...call.lockFree(3)).outcome), [])
    clock.now += 1000
    assert.deepStrictEqual(idsIn(one.run(...call.lockFree(3)).outcome), [])
    assert.deepStrictEqual(idsIn(other.run(...call.lockFree(3)).outcome), [1, 2, 3])
  })

  test("takes a saga from who would park it at the same time", () => {
    const { one, other, rowsOf } = threeFree()
    one.run(...call.lockFree(1))
    const late = other.run(...call.park(1, 1))
    assert.deepStrictEqual(idsIn(one.run(...call.claim("heir", 1)).outcome), [1])
    assert.isUndefined(late.outcome)
    one.commit()
    assert.deepStrictEqual(late.outcome, [])
    other.commit()
    const [saga] = rowsOf(...call.saga(1))
    assert.deepStrictEqual([saga?.["owner"], saga?.["epoch"], saga?.["attempts"]], ["heir", 2, 0])
  })

  test("of a worker's own sagas skips those that somebody writes to or that it runs", () => {
    const { one, other } = threeFree()
    one.run(...call.lockSagas(1))
    assert.deepStrictEqual(idsIn(other.run(...call.reclaim("worker", 2)).outcome), [3])
    assert.deepStrictEqual(idsIn(other.run(...call.reclaim("stranger")).outcome), [])
  })

  test("keeps a saga that its dead owner hands over meanwhile", () => {
    const { one, other, rowsOf } = threeFree()
    one.run(...call.lockFree(1))
    const late = other.run(...call.handOver("worker"))
    one.run(...call.claim("heir", 1))
    one.commit()
    assert.deepStrictEqual(late.outcome, [])
    other.commit()
    assert.deepStrictEqual(
      [1, 2].map((n) => rowsOf(...call.saga(n))[0]?.["owner"]),
      ["heir", null]
    )
  })
})

describe("a request to cancel", () => {
  const placed = () => {
    const all = begin()
    all.one.run(...call.open({ n: 1 }))
    all.one.run(...call.create(1, null))
    all.one.commit()
    all.one.run(...call.lockSagas(1))
    all.one.run(...call.capture(1))
    return all
  }

  test("behind the checkout's lock sees the order that was paid while it waited", () => {
    const { one, other } = placed()
    assert.isUndefined(other.run(...call.lockCheckout(1)).outcome)
    one.commit()
    assert.deepStrictEqual(other.run(...call.requestCancel(1)).outcome, [])
  })

  test("without that lock judges the order by what it saw before it waited", () => {
    const { one, other } = placed()
    const late = other.run(...call.requestCancel(1))
    assert.isUndefined(late.outcome)
    one.commit()
    assert.deepStrictEqual(idsIn(late.outcome), [1])
  })

  test("finds no open checkout where it was closed meanwhile", () => {
    const { one, other } = placed()
    const late = other.run(...call.lockCheckout(1))
    one.run(...call.close(1, "none", null))
    one.commit()
    assert.deepStrictEqual(late.outcome, [])
  })
})

describe("orders", () => {
  test("with one reference wait for each other, and the second is refused", () => {
    const { one, other } = begin()
    one.run(...call.create(1, "ref"))
    const late = other.run(...call.create(2, "ref"))
    assert.isUndefined(late.outcome)
    one.commit()
    assert.match(`${late.outcome}`, /^23505: /)
  })

  test("with one reference wait for each other, and the second stands alone in the end", () => {
    const { one, other, rowsOf } = begin()
    one.run(...call.create(1, "ref"))
    const late = other.run(...call.create(2, "ref"))
    one.rollback()
    assert.deepStrictEqual(late.outcome, [])
    other.commit()
    assert.lengthOf(rowsOf(...call.order(1)), 0)
    assert.strictEqual(rowsOf(...call.order(2))[0]?.["external_ref"], "ref")
  })

  test("are read in their newest version by who waited for their lock", () => {
    const { one, other } = begin()
    one.run(...call.create(1, null))
    one.commit()
    one.run(...call.capture(1))
    const late = other.run(...call.lockOrders(1))
    assert.isUndefined(late.outcome)
    one.commit()
    const row = { order_id: call.id(1), state: "paid", saga_epoch: 1, last_seq: 2 }
    assert.deepStrictEqual(late.outcome, [{ ...row, refunded_total: "0" }])
  })

  test("are locked in the order of their sagas' ids, whatever was asked for first", () => {
    const { one, other } = begin()
    one.run(...call.open({ n: 1 }, { n: 2 }))
    one.commit()
    one.run(...call.lockSagas(1))
    const late = other.run(...call.lockSagas(2, 1))
    assert.deepStrictEqual(idsIn(one.run(...call.lockSagas(2)).outcome), [2])
    one.commit()
    assert.deepStrictEqual(idsIn(late.outcome), [1, 2])
  })

  test("that are locked crosswise end in a deadlock, which who waited first finds", () => {
    const { one, other, timers } = begin()
    one.run(...call.open({ n: 1 }, { n: 2 }))
    one.commit()
    one.run(...call.lockSagas(1))
    other.run(...call.lockSagas(2))
    const early = one.run(...call.lockSagas(2))
    const late = other.run(...call.lockSagas(1))
    timers[0]?.()
    assert.match(`${early.outcome}`, /^40P01: /)
    assert.deepStrictEqual(idsIn(late.outcome), [1])
  })
})

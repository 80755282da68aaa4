/** Verdicts on histories: of stocks that are right, of mutated ones, and against the definition. */
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { checkSku } from "../../src/history/checkSku.ts"
import { type Operation, verbs } from "../../src/history/Operation.ts"
import { bruteForce } from "./bruteForce.ts"
import { asRecorded, happen, type Plan, sale } from "./simulated.ts"

const statesMax = 50_000
const check = (operations: ReadonlyArray<Operation>) =>
  checkSku(asRecorded(operations), 0, statesMax).failure

const plan = (span: number) =>
  fc.record<Plan>({
    op: fc.constantFrom(...verbs),
    qty: fc.integer({ min: 1, max: 3 }),
    call: fc.integer({ min: 0, max: span }),
    wait: fc.integer({ min: 0, max: 6 }),
    rest: fc.integer({ min: 0, max: 6 }),
    fate: fc.constantFrom("answered", "answered", "answered", "lost", "never")
  })

/** Changes answers here and there: such a history may be right or wrong. */
const garbled = (operations: ReadonlyArray<Operation>, changes: ReadonlyArray<number>) =>
  operations.map((operation, index): Operation => {
    const change = changes[index] ?? 0
    if (change === 0 || operation.unknown) return operation
    if (operation.op === "read") return { ...operation, val: (operation.val ?? 0) + change }
    return change > 0
      ? { ...operation, ok: !operation.ok }
      : { ...operation, qty: operation.qty + 1 }
  })

const changes = fc.array(fc.constantFrom(0, 0, 0, 0, 1, -1), { maxLength: 7 })

describe("a history is accepted", () => {
  test("when it is one of a stock that is right, lost answers included", () => {
    fc.assert(
      fc.property(fc.array(plan(60), { maxLength: 60 }), (plans) => {
        expect(check(happen(plans))).toBeNull()
      }),
      { numRuns: 400 }
    )
  })

  test("exactly when some order of its events explains it", () => {
    const verdicts = { right: 0, wrong: 0 }
    const supply = plan(2).map((it): Plan => ({ ...it, op: "receive", fate: "answered" }))
    const dense = fc.array(plan(8), { minLength: 3, maxLength: 6 })
    fc.assert(
      fc.property(supply, dense, changes, (first, plans, change) => {
        const history = garbled(happen([{ ...first, qty: first.qty + 2 }, ...plans]), change)
        const isRight = bruteForce(history)
        verdicts[isRight ? "right" : "wrong"]++
        expect(check(history)?.verdict ?? "linearizable").toBe(
          isRight ? "linearizable" : "not_linearizable"
        )
      }),
      { numRuns: 6_000 }
    )
    expect(verdicts.right).toBeGreaterThan(1_000)
    expect(verdicts.wrong).toBeGreaterThan(1_000)
  })

  test.each([
    ["units one by one", 1, 4_000],
    ["units that run out", 1, 150],
    ["several units at a time", 5, 300]
  ])("when it is long and 64 clients are busy at once: %s", (_, qtyMax, stock) => {
    const history = sale(7, 20_000, 64, qtyMax, stock)
    expect(history).toHaveLength(20_001)
    expect(check(history)).toBeNull()
  })
})

/** Clients one after the other: there is only one order. */
const inTurn = (...operations: ReadonlyArray<Partial<Operation>>) =>
  operations.map((operation, index): Operation => {
    const base = { client: index, sku: "A", qty: 1, ok: true, val: null, unknown: false }
    const times = { callNs: BigInt(2 * index), retNs: BigInt(2 * index + 1) }
    return { ...base, op: "reserve", ...times, ...operation }
  })

const receive = (qty: number) => ({ op: "receive", qty }) as const
const read = (val: number) => ({ op: "read", qty: 0, val }) as const
const refused = { ok: false }

describe("a history is rejected", () => {
  test("when one unit is sold too often, however many buy at once", () => {
    const rush = Array.from({ length: 200 }, (_, index) => ({
      callNs: BigInt(10 + (index % 7)),
      retNs: BigInt(20 + index),
      ok: index < 101
    }))
    const failure = check(inTurn(receive(100), ...rush))
    expect(failure).toMatchObject({ verdict: "not_linearizable", explained: 101 })
    expect(failure?.operation).toMatchObject({ line: 102, op: "reserve" })
    expect(failure?.why).toBe(
      "reserve of 1 by client 101 (line 102) was answered ok at 120 ns, " +
        "although at most 0 were available"
    )
    expect(check(inTurn(receive(101), ...rush))).toBeNull()
  })

  test("when an update is lost", () => {
    const failure = check(inTurn(receive(5), {}, {}, read(4)))
    expect(failure?.why).toContain("said 4 available at 7 ns, although exactly 3 were available")
    expect(failure?.stock).toEqual({ available: [3, 3], reserved: [2, 2], sold: [0, 0] })
  })

  test("when a read is stale, and not when a reservation was under way with it", () => {
    const history = inTurn(receive(5), {}, read(5))
    expect(check(history)?.verdict).toBe("not_linearizable")
    const slow = history.map((it, index) => (index === 1 ? { ...it, retNs: 100n } : it))
    expect(check(slow)).toBeNull()
  })

  test.each([
    ["a buyer is refused while there is stock", [receive(2), {}, refused], "at least 1 were"],
    [
      "more is released than was reserved",
      [receive(2), { op: "release" }],
      "at most 0 were reserved"
    ],
    [
      "more is sold than was reserved",
      [receive(2), {}, { op: "commit", qty: 2 }],
      "at most 1 were"
    ],
    [
      "more is given back than was sold",
      [receive(2), {}, { op: "give_back" }],
      "at most 0 were sold"
    ],
    [
      "a release is refused that was due",
      [receive(1), {}, { op: "release", ok: false }],
      "at least 1"
    ],
    ["more is taken off sale than there is", [receive(1), receive(-2)], "at most 1 were available"],
    ["a delivery is refused", [{ ...receive(1), ok: false }], "never refused"]
  ] as const)("when %s", (_, operations, why) => {
    const failure = check(inTurn(...(operations as ReadonlyArray<Partial<Operation>>)))
    expect(failure?.verdict).toBe("not_linearizable")
    expect(failure?.why).toContain(why)
  })

  test("by name of the first answer that cannot be, with what was before it explained", () => {
    const history = inTurn(receive(1), {}, refused, { op: "release" }, refused, {}, {})
    const failure = check(history)
    expect(failure).toMatchObject({ operations: 7, explained: 4, operation: { line: 5 } })
  })

  test.each(["oversold", "lost", "stale"] as const)("when a simulated sale is %s once", (how) => {
    const rejected = fc.sample(fc.integer({ min: 1, max: 1_000_000 }), { numRuns: 40, seed: 3 })
    for (const seed of rejected) {
      const right = sale(seed, 60, 1, 1, 30)
      const at = right.findLastIndex(({ ok, op }) => op === "reserve" && ok)
      const last = right.findLastIndex(({ op }) => op === "read")
      const wrong = right.map((it, index): Operation => {
        if (how === "oversold") return index === 0 ? { ...it, qty: it.qty - 1 } : it
        if (how === "lost") return index === at ? { ...it, qty: it.qty + 1 } : it
        return index === last ? { ...it, val: (it.val ?? 0) + 1 } : it
      })
      if (how === "lost" && last < at) continue
      expect(check(wrong)?.verdict, `seed ${seed}`).toBe("not_linearizable")
    }
  })
})

describe("a lost answer", () => {
  const lost = { ok: false, retNs: null, unknown: true }

  test("may have taken effect much later, and once", () => {
    expect(check(inTurn(receive(1), lost, read(1), read(0)))).toBeNull()
    expect(check(inTurn(receive(1), lost, read(0), {}))?.operation).toMatchObject({ line: 4 })
    expect(check(inTurn(receive(2), lost, read(1), read(0)))?.operation).toMatchObject({ line: 4 })
  })

  test("may never have taken effect", () => {
    expect(check(inTurn(receive(1), lost, {}, read(0)))).toBeNull()
  })

  test("did not take effect before it was called", () => {
    expect(check(inTurn(receive(1), refused, lost))?.operation).toMatchObject({ line: 2 })
  })

  test("of a read says nothing", () => {
    expect(check(inTurn(receive(1), { ...read(7), ...lost }))).toBeNull()
  })
})

describe("when the limit is reached", () => {
  test("the verdict is undecided, never a guess", () => {
    const hard = sale(1, 400, 64, 5, 900)
    const { failure } = checkSku(asRecorded(hard), 0, 10)
    expect(failure).toMatchObject({ verdict: "undecided", operation: null })
    expect(failure?.why).toContain("nor was it shown that there is none")
  })
})

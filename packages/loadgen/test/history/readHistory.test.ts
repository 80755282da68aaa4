import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { encode, type Operation } from "../../src/history/Operation.ts"
import { readHistory } from "../../src/history/readHistory.ts"
import { historyFile, historyPlace } from "../support/historyFile.ts"

const operation: Operation = {
  client: 7,
  callNs: 1_764_115_200_000_000_001n,
  retNs: 1_764_115_200_000_000_002n,
  op: "reserve",
  sku: "CUP",
  qty: 1,
  ok: true,
  val: null,
  unknown: false
}

const line = (changes: Readonly<Record<string, unknown>> = {}) =>
  JSON.stringify({
    client: "ann",
    call_ns: 1,
    ret_ns: 2,
    op: "reserve",
    sku: "CUP",
    qty: 1,
    ok: true,
    val: null,
    unknown: false,
    ...changes
  })

/** The lines that fit, and then the one in question. */
const refusal = (...lines: ReadonlyArray<string>) =>
  Effect.flatMap(historyFile(...lines), (file) => Effect.flip(readHistory(file)))

describe("a history file", () => {
  it.effect("brings back what was written, to the nanosecond", () =>
    Effect.gen(function* () {
      const lost: Operation = { ...operation, client: "b", retNs: null, ok: false, unknown: true }
      const read: Operation = { ...operation, client: 8, op: "read", qty: 0, val: 3, sku: "A\nB" }
      const all = [operation, lost, read]
      const history = yield* readHistory(yield* historyFile(...all.map(encode)))
      assert.deepStrictEqual(
        [...history.values()].flat().map((recorded) => recorded.operation),
        all
      )
      assert.deepStrictEqual(history.get("A\nB"), [{ line: 3, operation: read }])
    })
  )

  it.effect("may have its nanoseconds as text, and what is null left out", () =>
    Effect.gen(function* () {
      const { callNs, retNs } = operation
      const file = yield* historyFile(
        `{"client":7,"call_ns":"${callNs}","ret_ns":"${retNs}","op":"reserve","sku":"CUP",` +
          '"qty":1,"ok":true}',
        '{"client":8,"call_ns":5,"unknown":true,"op":"read","sku":"CUP"}'
      )
      const [first, second] = (yield* readHistory(file)).get("CUP") ?? []
      assert.deepStrictEqual(first?.operation, operation)
      assert.isNull(second?.operation.retNs)
    })
  )

  it.effect.each([
    ["no JSON", "{", null],
    ["a list", "[1]", null],
    ["an empty line", "", null],
    ["a field that there is not", line({ quantity: 1 }), "quantity"],
    ["a client that is none", line({ client: 1.5 }), "client"],
    ["an operation that there is not", line({ op: "buy" }), "op"],
    ["no SKU", line({ sku: "" }), "sku"],
    ["half a unit", line({ qty: 0.5 }), "qty"],
    ["no units", line({ qty: 0 }), "qty"],
    ["units of a read", line({ op: "read", qty: 2 }), "qty"],
    ["a delivery of nothing", line({ op: "receive", qty: 0 }), "qty"],
    ["no answer that is known", line({ ok: null }), "ok"],
    ["a value in words", line({ op: "read", qty: 0, val: "3" }), "val"],
    ["half a nanosecond", line({ call_ns: 0.5 }), "call_ns"],
    ["a time in words", line({ ret_ns: "soon" }), "ret_ns"],
    ["a return before the call", line({ ret_ns: 0 }), "ret_ns"],
    ["no return of what is known", line({ ret_ns: null }), "ret_ns"],
    ["a maybe", line({ unknown: "maybe" }), "unknown"]
  ] as const)("with %s is refused with the line and the field", ([, wrong, field]) =>
    Effect.gen(function* () {
      const error = yield* refusal(line(), wrong)
      if (error._tag !== "HistoryInvalid") return assert.fail(error.message)
      assert.deepInclude(error, { line: 2, field })
      assert.match(error.message, /history\.ndjson, line 2: \w+/)
    })
  )

  it.effect("in which a client does two things at once is refused", () =>
    Effect.gen(function* () {
      const error = yield* refusal(
        line({ call_ns: 10, ret_ns: 20 }),
        line({ call_ns: 30, ret_ns: 40 }),
        line({ call_ns: 19, ret_ns: 25 })
      )
      assert.deepInclude(error, { line: 3, field: "call_ns" })
      assert.match(error.message, /client ann was still at its operation of line 1 on CUP/)
    })
  )

  it.effect("is fine where it does so with two SKUs, or after an unknown operation", () =>
    Effect.gen(function* () {
      const file = yield* historyFile(
        line({ call_ns: 10, ret_ns: 20 }),
        line({ call_ns: 20, ret_ns: null, unknown: true }),
        line({ call_ns: 21, ret_ns: 30 }),
        line({ call_ns: 10, ret_ns: 20, sku: "POT" }),
        line({ client: 1, call_ns: 15, ret_ns: 25 })
      )
      assert.strictEqual((yield* readHistory(file)).size, 2)
    })
  )

  it.effect("that is empty or not there is told as such", () =>
    Effect.gen(function* () {
      assert.match((yield* refusal()).message, /no operation in the file/)
      const nowhere = yield* Effect.flip(readHistory(yield* historyPlace))
      assert.match(nowhere.message, /cannot be read: there is no such file/)
    })
  )
})

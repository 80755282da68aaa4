/**
 * Goal: the simulated statements write what the SQL says where the contract does not look.
 * Method: single statements, of which some have inputs that the adapters never send.
 */
import { assert, test } from "vitest"
import * as call from "./ordersCalls.ts"
import { begin, idsIn } from "./ordersSessions.ts"

test("a worker that hands over has no lease any more", () => {
  const { one } = begin()
  one.run(...call.lease("worker", 60_000))
  one.commit()
  one.run(...call.handOver("worker"))
  one.run(...call.open({ n: 1 }))
  one.commit()
  assert.deepStrictEqual(idsIn(one.run(...call.lockFree(1)).outcome), [1])
})

test("a key is answered and freed for the saga that holds it only", () => {
  const { one, rowsOf } = begin()
  one.run(...call.open({ n: 1, key: "k" }, { n: 2 }, { n: 3 }))
  one.run(...call.close(2, "k", [201, "{}"]))
  one.run(...call.close(3, "k", null))
  one.commit()
  const [key] = rowsOf(...call.losers(1, "k"))
  assert.deepStrictEqual([key?.["holder"], key?.["status"]], [call.id(1), null])
})

test("a saga that fails keeps its payload, and one that is done does not", () => {
  const { one, rowsOf } = begin()
  one.run(...call.open({ n: 1, key: "k" }, { n: 2, key: "l" }))
  const [statement, parameters = []] = call.close(1, "k", null)
  one.run(statement, parameters.with(3, '{"failed"}'))
  one.run(...call.close(2, "l", null))
  one.commit()
  const ends = [1, 2].map((n) => rowsOf(...call.saga(n))[0])
  assert.deepStrictEqual(
    ends.map((saga) => [saga?.["state"], saga?.["payload"]]),
    [
      ["failed", "{}"],
      ["done", ""]
    ]
  )
})

test("a statement changes a row only once, by the first of its inputs", () => {
  const { one, rowsOf } = begin()
  one.run(...call.open({ n: 1, key: "k" }))
  const [statement, parameters = []] = call.close(1, "k", null)
  const twice = parameters.map((list, at) =>
    at < 5 ? `${list}`.replace(/^\{(.*)\}$/, "{$1,$1}") : list
  )
  one.run(statement, twice.with(1, "{7,8}"))
  one.commit()
  assert.strictEqual(rowsOf(...call.saga(1))[0]?.["epoch"], 7)
})

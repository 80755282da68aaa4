import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { alternate } from "../../src/bench/rounds.ts"

const broken = [{ name: "stock.conserved", count: 1, key: "hot", left: "1", right: "2" }]

describe("rounds of subject and reference", () => {
  const watched = (turns: Array<string>) => (name: string) => ({
    name,
    seconds: 0,
    run: Effect.sync(() => turns.push(name))
  })
  const options = { rounds: 3, onTime: () => Effect.void }

  it.effect("take turns, and every other round runs backwards", () =>
    Effect.gen(function* () {
      const turns: Array<string> = []
      const contender = watched(turns)
      const found = yield* alternate([contender("store"), contender("pgbench")], options)
      assert.deepStrictEqual(turns, [
        ...["store", "pgbench"],
        ...["pgbench", "store"],
        ...["store", "pgbench"]
      ])
      assert.deepStrictEqual(found.get("store"), [1, 4, 5])
    })
  )

  it.effect("end at once, without a figure, when a turn has broken an invariant", () =>
    Effect.gen(function* () {
      const turns: Array<string> = []
      const contender = watched(turns)
      const late = (turn: number) => (turn === 4 ? broken : [])
      const store = { ...contender("store"), broken: late }
      const error = yield* Effect.flip(alternate([store, contender("pgbench")], options))
      assert.deepInclude(error, { _tag: "FigureVoid", run: "store", round: 2, broken })
      assert.lengthOf(turns, 4)
    })
  )
})

/** Whole stories of demand, second by second, and what the policy makes of each. */
import { AutopilotSettings } from "@doorbuster/core/edge/heat/AutopilotSettings"
import { emptySketch, type HeatEntry } from "@doorbuster/core/edge/heat/HeatSketch"
import {
  type DueSwitch,
  due,
  promotedChoice,
  unwatched,
  watch
} from "@doorbuster/core/edge/heat/heatPolicy"
import type { StockKey } from "@doorbuster/core/inventory/StockKey"
import * as Effect from "effect/Effect"
import fc from "fast-check"
import { assert, describe, test } from "vitest"

const defaults = Effect.runSync(Effect.service(AutopilotSettings))
const settings: AutopilotSettings = {
  ...defaults,
  promoteAt: 100,
  promoteAfterMs: 3000,
  demoteBelow: 25,
  demoteAfterMs: 10_000,
  hotKeysMax: 2
}

const sku = (name: string) => name as StockKey

type Demand = Readonly<Record<string, number>>

const sketchOf = (entries: ReadonlyArray<HeatEntry>) => ({ ...emptySketch(64), entries })

const exact = (demand: Demand) =>
  sketchOf(Object.entries(demand).map(([key, count]) => ({ key, count, error: 0 })))

/** Plays one beat per second; every switch that is due is made at once. */
const play = (
  seconds: ReadonlyArray<Demand>,
  alreadyPromoted: ReadonlyArray<StockKey> = []
): ReadonlyArray<string> => {
  const promoted = new Set(alreadyPromoted)
  const told: Array<string> = []
  let watched = unwatched
  for (const [second, demand] of seconds.entries()) {
    const reading = { at: second * 1000, sketch: exact(demand), promoted: new Set(promoted) }
    watched = watch(watched, reading, settings)
    for (const { _tag, key } of due(watched, reading, settings)) {
      if (_tag === "Promote") promoted.add(key)
      else promoted.delete(key)
      told.push(`${second} s: ${_tag} ${key}`)
    }
  }
  return told
}

const during = (seconds: number, demand: Demand): ReadonlyArray<Demand> =>
  new Array(seconds).fill(demand)

describe("a key is promoted", () => {
  test("when its demand stays at the threshold long enough, and once", () => {
    assert.deepStrictEqual(play(during(20, { A: 100 })), ["3 s: Promote A"])
  })
  test("not for a rush that is over before", () => {
    assert.deepStrictEqual(play([...during(3, { A: 5000 }), ...during(20, {})]), [])
  })
  test("not when its demand dips in between, because the time starts anew", () => {
    const dip = [...during(3, { A: 500 }), { A: 99 }, ...during(3, { A: 500 }), { A: 99 }]
    assert.deepStrictEqual(play([...dip, ...dip]), [])
  })
  test("not for demand that the sketch cannot vouch for", () => {
    const sketch = sketchOf([{ key: "A", count: 1000, error: 950 }])
    const at = (ms: number) => ({ at: ms, sketch, promoted: new Set<StockKey>() })
    let watched = unwatched
    for (let ms = 0; ms < 20_000; ms += 1000) {
      watched = watch(watched, at(ms), settings)
      assert.deepStrictEqual(due(watched, at(ms), settings), [])
    }
  })
  test("before others that are less hot, while there is room", () => {
    const told = play(during(20, { A: 200, B: 900, C: 500 }))
    assert.deepStrictEqual(told, ["3 s: Promote B", "3 s: Promote C"])
  })
})

describe("a promoted key is demoted", () => {
  test("when its demand stays below the lower threshold long enough", () => {
    const told = play([...during(5, { A: 300 }), ...during(30, { A: 24 })])
    assert.deepStrictEqual(told, ["3 s: Promote A", "15 s: Demote A"])
  })
  test("also when nobody asks for it any more, and when another process had promoted it", () => {
    assert.deepStrictEqual(play(during(30, {}), [sku("A")]), ["10 s: Demote A"])
  })
  test("not while its demand is between the thresholds, however long", () => {
    const told = play([...during(5, { A: 300 }), ...during(600, { A: 26 })])
    assert.deepStrictEqual(told, ["3 s: Promote A"])
  })
  test("not when the heat comes back in time, because the time starts anew", () => {
    const pause = [...during(9, {}), { A: 50 }]
    const told = play([...during(5, { A: 300 }), ...pause, ...pause, ...pause])
    assert.deepStrictEqual(told, ["3 s: Promote A"])
  })
})

test("whatever the demand, a key's switches alternate and lie apart by both times", () => {
  const second = fc.record({ A: fc.constantFrom(0, 24, 26, 99, 100, 5000), B: fc.nat(300) })
  fc.assert(
    fc.property(fc.array(second, { maxLength: 200 }), (seconds) => {
      const told = play(seconds)
      const ofA = told.filter((line) => line.endsWith(" A"))
      for (const [i, line] of ofA.entries()) {
        assert.include(line, i % 2 === 0 ? "Promote" : "Demote")
        const before = ofA[i - 1]
        if (before === undefined) continue
        const apart = Number.parseInt(line, 10) - Number.parseInt(before, 10)
        assert.isAtLeast(apart, i % 2 === 0 ? 3 : 10)
      }
    }),
    { numRuns: 200 }
  )
})

test("switches that are not made stay due", () => {
  const reading = (at: number) => ({
    at,
    sketch: exact({ A: 100 }),
    promoted: new Set<StockKey>()
  })
  let watched = unwatched
  const tags: Array<ReadonlyArray<DueSwitch["_tag"]>> = []
  for (let at = 0; at <= 5000; at += 1000) {
    watched = watch(watched, reading(at), settings)
    tags.push(due(watched, reading(at), settings).map(({ _tag }) => _tag))
  }
  assert.deepStrictEqual(tags, [[], [], [], ["Promote"], ["Promote"], ["Promote"]])
})

test("few processes queue before one row, many get one each", () => {
  const choice = (processes: number) => promotedChoice(processes, settings)
  assert.deepStrictEqual(choice(1), { strategy: "queued", segments: 1 })
  assert.deepStrictEqual(choice(3), { strategy: "queued", segments: 1 })
  assert.deepStrictEqual(choice(4), { strategy: "segmented", segments: 4 })
  assert.deepStrictEqual(choice(5000), { strategy: "segmented", segments: 256 })
})

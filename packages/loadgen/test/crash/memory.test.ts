/** Every boundary of every scenario over memory stores, and every second crash of some of them. */
import { faultModes } from "@doorbuster/adapters/faults/ProcessFaults"
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { describe } from "vitest"
import { caseFromText, scenarios } from "../../src/crash/CrashCase.ts"
import { crashMatrix } from "../../src/crash/CrashMatrix.ts"
import type { ScenarioReport } from "../../src/crash/CrashReport.ts"
import { inMemory } from "../../src/crash/Player.ts"
import type { Scenario } from "../../src/crash/Scenario.ts"
import { memory, memoryThreads, type Terrain } from "../../src/crash/Terrain.ts"

const calm = { first: null, second: null }

const played = Effect.fnUntraced(function* (scenario: Scenario, pairs: boolean) {
  const only = { scenario, faulted: null }
  const { grounds } = yield* crashMatrix({ terrains: [memory], pairs, only })
  const report = grounds[0]?.scenarios[0]
  assert.isDefined(report)
  assert.deepStrictEqual(report.failures, [])
  assert.deepStrictEqual(report.unreached, [], "each process was hit where it was to be hit")
  return report
})

const isWhole = ({ boundaries, effects, singles }: ScenarioReport) => {
  assert.isAtLeast(effects, 3)
  assert.strictEqual(boundaries, effects * faultModes.length)
  assert.strictEqual(singles, boundaries)
}

describe.each(scenarios)("$name", (scenario) => {
  it.live("survives a crash at every boundary", () => Effect.map(played(scenario, false), isWhole))
})

const twice = new Set(["checkout-approved", "checkout-free", "ship-retried", "refund-in-full"])

describe.each(scenarios.filter(({ name }) => twice.has(name)))("$name, twice", (scenario) => {
  it.live("survives a second crash at every boundary of its recovery", () =>
    Effect.gen(function* () {
      const report = yield* played(scenario, true)
      isWhole(report)
      assert.isAbove(report.pairs, report.singles)
    })
  )
})

it.live("the same case makes the same calls each time", () =>
  Effect.gen(function* () {
    const only = yield* caseFromText("checkout-answered-late/10:after/5:before")
    const matrix = crashMatrix({ terrains: [memory], pairs: true, only })
    const withoutTime = Effect.map(matrix, ({ grounds }) => grounds[0]?.scenarios)
    const first = yield* withoutTime
    assert.deepStrictEqual(yield* withoutTime, first)
    assert.strictEqual(first?.[0]?.pairs, 1)
    assert.deepStrictEqual(first?.[0]?.unreached, [])
  })
)

it.live("a call has the same name by its number and by its kind", () =>
  Effect.gen(function* () {
    const hitsOf = Effect.fnUntraced(function* (name: string) {
      const only = yield* caseFromText(name)
      const { broken, calls, heirCalls } = yield* inMemory(only.scenario, only.faulted ?? calm)
      assert.deepStrictEqual(broken, [])
      return { calls, heirCalls }
    })
    const byNumber = yield* hitsOf("checkout-approved/7:after")
    assert.strictEqual(byNumber.calls.length, 7)
    assert.isAbove(byNumber.heirCalls.length, 0)
    assert.deepStrictEqual(yield* hitsOf("checkout-approved/Payments.send#1:after"), byNumber)
  })
)

it.live("what is reported does not depend on the threads that play", () =>
  Effect.gen(function* () {
    const only = yield* caseFromText("ship")
    const reportOn = (terrain: Terrain) =>
      Effect.map(
        crashMatrix({ terrains: [terrain], pairs: true, only }),
        ({ grounds }) => grounds[0]?.scenarios
      )
    const here = yield* reportOn(memory)
    assert.isAbove(here?.[0]?.pairs ?? 0, 50)
    assert.deepStrictEqual(yield* reportOn(yield* memoryThreads(2)), here)
  })
)

it.live("a play that breaks off is a finding like any other, under its name", () =>
  Effect.gen(function* () {
    const { scenario } = yield* caseFromText("ship")
    const finals = () => {
      throw new TypeError("no end is foreseen")
    }
    const only = { scenario: { ...scenario, finals }, faulted: null }
    const report = yield* crashMatrix({ terrains: [memory], pairs: true, only })
    const [failure] = report.grounds[0]?.scenarios[0]?.failures ?? []
    assert.deepStrictEqual([failure?.scenario, failure?.hits], ["ship", []])
    assert.include(failure?.broken[0]?.left, "no end is foreseen")
    assert.isFalse(report.ok)
  })
)

/** An older run of a refund took the place of the one that had taken it over: it was stuck. */
it.live.each(["checkout-amount-differs/1:lost/15:after"])("%s, which failed once, holds", (name) =>
  Effect.gen(function* () {
    const only = yield* caseFromText(name)
    const report = yield* crashMatrix({ terrains: [memory], pairs: true, only })
    assert.isTrue(report.ok)
    assert.strictEqual(report.pairs, 1)
  })
)

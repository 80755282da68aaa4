import type { FaultKind } from "@doorbuster/loadgen/simulation/FaultKind"
import { faultsOn, scenarioOf } from "@doorbuster/loadgen/simulation/Scenario"
import { type Shrinking, shrink } from "@doorbuster/loadgen/simulation/shrink"
import type { SeedOutcome } from "@doorbuster/loadgen/simulation/simulateSeed"
import { describe, expect, test } from "vitest"

const seed = 7
const on = faultsOn(scenarioOf(seed))
const [, culprit, , , accomplice] = on as ReadonlyArray<FaultKind>

const outcomeOf = (...broken: ReadonlyArray<string>): SeedOutcome => ({
  seed,
  narrowing: {},
  violations: broken.map((invariant) => ({ invariant, subject: "an order", detail: "1 | 2" })),
  checkouts: 0,
  simulatedMs: 0,
  faults: {},
  coverage: { transitions: [], errors: [], faults: [] },
  traceHash: "",
  events: 0,
  lastEvents: []
})

type Part = Parameters<Shrinking["play"]>[1]

const found = "paid.goods"
const failed = outcomeOf(found, "told.same_total")

/** A store whose promise breaks where `isBroken` says so; every part that was tried. */
const store = (isBroken: (part: Part) => boolean, other = "liveness") => {
  const tried: Array<Part> = []
  const play: Shrinking["play"] = (played, part) => {
    expect(played).toBe(seed)
    tried.push(part)
    return isBroken(part) ? outcomeOf("told.refused", found) : outcomeOf(other)
  }
  return { play, tried }
}

describe("a failing run", () => {
  test("is shrunk to the faults and the buyers that it takes", () => {
    const needs = [culprit, accomplice]
    const { play, tried } = store(
      ({ checkouts, faults }) =>
        checkouts > 20 && needs.every((kind) => faults.includes(kind as FaultKind))
    )
    const shrunk = shrink(failed, { play, triesMax: 100 })
    expect(on.length).toBeGreaterThan(10)
    expect(shrunk.narrowing).toEqual({ faults: needs, checkouts: 25 })
    expect(shrunk.outcome.violations.map(({ invariant }) => invariant)).toContain(found)
    expect(shrunk.tries).toBe(tried.length)
    expect(shrunk.tries).toBeLessThan(2 * on.length)
  })

  test("that takes no fault at all is shrunk to none", () => {
    const { play } = store(() => true)
    const { narrowing } = shrink(failed, { play, triesMax: 100 })
    expect(narrowing).toEqual({ faults: [], checkouts: 10 })
  })

  test("stays whole where every part of it breaks another promise, or none", () => {
    const { play } = store(() => false)
    const { narrowing, outcome } = shrink(failed, { play, triesMax: 100 })
    expect(narrowing).toEqual({ faults: on, checkouts: scenarioOf(seed).checkouts })
    expect(outcome).toBe(failed)
  })

  test("is given up on after so many tries, with the smallest part found by then", () => {
    const { play, tried } = store(({ faults }) => faults.includes(culprit as FaultKind))
    const { narrowing, tries } = shrink(failed, { play, triesMax: 3 })
    expect([tries, tried.length]).toEqual([3, 3])
    expect(narrowing.faults).toContain(culprit)
    expect(narrowing.faults.length).toBeLessThan(on.length)
    expect(narrowing.faults.length).toBeGreaterThan(1)
  })

  test("that was narrowed already is never played with more than it had", () => {
    const { play, tried } = store(() => false)
    const narrowing = { faults: on.slice(0, 3), checkouts: 30 }
    const shrunk = shrink({ ...failed, narrowing }, { play, triesMax: 100 })
    expect(shrunk.narrowing).toEqual(narrowing)
    expect(tried.length).toBeGreaterThan(3)
    for (const { checkouts, faults } of tried) {
      expect(checkouts).toBeLessThanOrEqual(30)
      expect(on.slice(0, 3)).toEqual(expect.arrayContaining([...faults]))
    }
  })
})

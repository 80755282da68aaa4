/**
 * Goal: the store keeps its promises in every world, and a world is the same whenever it is played.
 * Method: seeds that once failed, seeds that nobody has seen, and one seed played in several ways.
 */
import { playHere } from "@doorbuster/loadgen/simulation/playHere"
import { regressions } from "@doorbuster/loadgen/simulation/regressions"
import { faultsOn, scenarioOf } from "@doorbuster/loadgen/simulation/Scenario"
import { type Simulation, seedsFrom, simulate } from "@doorbuster/loadgen/simulation/simulate"
import { simulateSeed } from "@doorbuster/loadgen/simulation/simulateSeed"
import * as Effect from "effect/Effect"
import { describe, expect, test } from "vitest"

const firstSeed = Number(process.env["SIMULATION_SEED"] ?? Math.floor(Math.random() * 2 ** 32))

const some: Simulation = {
  seed: 1,
  runs: 2,
  jobs: 2,
  narrowing: {},
  wallMsMax: Number.POSITIVE_INFINITY,
  failuresMax: 3,
  onProgress: () => {}
}

const played = async (options: Partial<Simulation>) => {
  const { failures, report } = await Effect.runPromise(simulate({ ...some, ...options }))
  return { report, failures: failures.map(({ seed, violations }) => ({ seed, violations })) }
}

describe("the store keeps every promise", () => {
  test("in the worlds in which it once broke one", async () => {
    const plays = regressions()
    const { failures, report } = await played({ plays, runs: plays.length })
    expect(failures).toEqual([])
    expect(report.runs).toBeGreaterThan(1)
    expect(report.runs).toBe(plays.length)
  })

  test(`in a dozen worlds that nobody has seen (SIMULATION_SEED=${firstSeed})`, {
    timeout: 240_000
  }, async () => {
    const runs = 12
    const { failures, report } = await played({ seed: firstSeed, runs })
    expect(failures).toEqual([])
    expect(report.runs).toBe(runs)
    expect(report.least.checkouts).toBeGreaterThanOrEqual(200)
    expect(report.least.faults).toBeGreaterThanOrEqual(5)
    expect(report.least.simulated_minutes).toBeGreaterThanOrEqual(30)
  })
})

describe("a seed", () => {
  const narrowing = { checkouts: 40 }

  test("gives the same run twice in one process, event by event", () => {
    const lines: Array<string> = []
    const first = simulateSeed(7, { narrowing, keep: (line) => lines.push(line) })
    const again: Array<string> = []
    const second = simulateSeed(7, { narrowing, keep: (line) => again.push(line) })
    expect(lines.length).toBeGreaterThan(1_000)
    expect(again).toEqual(lines)
    expect(second).toEqual(first)
    expect(simulateSeed(8, { narrowing }).traceHash).not.toBe(first.traceHash)
  })

  test("gives the same run on one thread, on two, and here", async () => {
    const few = { seed: 7, runs: 3, narrowing }
    const { report: one } = await played({ ...few, jobs: 1 })
    const { report: two } = await played({ ...few, jobs: 2 })
    const { report: here } = playHere({ ...some, ...few }, {})
    const reals = { jobs: 0, wall_seconds: 0, checkouts_per_second: 0, speedup: 0 }
    expect({ ...two, ...reals }).toEqual({ ...one, ...reals })
    expect({ ...here, ...reals }).toEqual({ ...one, ...reals })
    expect(one.runs).toBe(3)
  })

  test("can be narrowed to some of its faults, and to few buyers", () => {
    const seed = [...seedsFrom(1, 100)].find((candidate) => {
      const on = faultsOn(scenarioOf(candidate))
      return on.includes("db_refused") && on.includes("answer_lost") && !on.includes("crash")
    }) as number
    const whole = scenarioOf(seed)
    const faults = ["db_refused", "answer_lost", "crash"] as const
    const part = scenarioOf(seed, { faults, checkouts: 40 })
    expect(faultsOn(part)).toEqual(["db_refused", "answer_lost"])
    expect(part).toEqual({ ...whole, checkouts: 40, rates: part.rates })
    expect(part.rates.db_refused).toBe(whole.rates.db_refused)
    const outcome = simulateSeed(seed, { narrowing: { faults, checkouts: 40 } })
    expect(Object.keys(outcome.faults).sort()).toEqual(["answer_lost", "db_refused"])
    expect(outcome.checkouts).toBeGreaterThanOrEqual(40)
    expect(outcome.checkouts).toBeLessThan(whole.checkouts)
  })
})

test("seeds follow the first one, around the end of the numbers", () => {
  expect([...seedsFrom(2 ** 32 - 2, 4)]).toEqual([2 ** 32 - 2, 2 ** 32 - 1, 0, 1])
})

test("no run begins when the time is over", async () => {
  const { report } = await played({ runs: 50, wallMsMax: 0, narrowing: { checkouts: 1 } })
  expect(report.runs).toBeLessThanOrEqual(some.jobs)
})

/**
 * Goal: there are worlds with one gate for all, and worlds with a line, and their faults happen.
 * Method: scenarios of many seeds, and short plays of some that have what is looked for.
 */
import { gateFaults, queueFaults } from "@doorbuster/loadgen/simulation/FaultKind"
import { faultsOn, scenarioOf } from "@doorbuster/loadgen/simulation/Scenario"
import { seedsFrom } from "@doorbuster/loadgen/simulation/simulate"
import { simulateSeed } from "@doorbuster/loadgen/simulation/simulateSeed"
import { describe, expect, test } from "vitest"

const scenarios = [...seedsFrom(1, 200)].map((seed) => scenarioOf(seed))
const gateKinds = Object.keys(gateFaults)
const queueKinds = Object.keys(queueFaults)

test("a world has the faults of what it has, and no others", () => {
  for (const scenario of scenarios) {
    const on: ReadonlyArray<string> = faultsOn(scenario)
    if (!scenario.isGateShared) expect(gateKinds.filter((kind) => on.includes(kind))).toEqual([])
    if (scenario.queue === null) expect(queueKinds.filter((kind) => on.includes(kind))).toEqual([])
    if (scenario.isGateShared) expect(scenario.isGated).toBe(true)
  }
  for (const kind of [...gateKinds, ...queueKinds]) {
    expect(scenarios.some((scenario) => (faultsOn(scenario) as Array<string>).includes(kind))).toBe(
      true
    )
  }
})

const played = (seed: number) => {
  const lines: Array<string> = []
  const outcome = simulateSeed(seed, {
    narrowing: { checkouts: 40 },
    keep: (line) => lines.push(line)
  })
  expect(outcome.violations).toEqual([])
  return { outcome, text: lines.join("\n") }
}

const seedWith = (
  isWanted: (scenario: (typeof scenarios)[number], on: ReadonlyArray<string>) => boolean
) => {
  const found = scenarios.find((scenario) => isWanted(scenario, faultsOn(scenario)))
  if (found === undefined) throw new Error("no seed has that")
  return found.seed
}

describe("one gate for all processes", () => {
  test("is asked, told, flushed and restarted, and the store keeps its promises", () => {
    const kinds = ["gate_flushed", "gate_lost_writes", "gate_unreachable", "gate_delay"]
    const seed = seedWith(
      ({ isGateShared }, on) => isGateShared && kinds.every((kind) => on.includes(kind))
    )
    const { outcome, text } = played(seed)
    expect(text).toContain(" gate.set")
    expect(text).toContain(" gate.publish")
    expect(Object.keys(outcome.faults).filter((kind) => kinds.includes(kind))).not.toEqual([])
  })
})

describe("a line", () => {
  test("is joined, served and lost, and everybody is told what came of it", () => {
    const seed = seedWith(
      ({ queue }, on) => queue !== null && on.includes("queue_lost") && on.includes("crash")
    )
    const { outcome, text } = played(seed)
    for (const step of ["join", "take", "find", "settle"]) expect(text).toContain(` queue.${step}`)
    expect(outcome.faults.queue_lost).toBeGreaterThan(0)
    expect(outcome.checkouts).toBeGreaterThanOrEqual(40)
  })

  test("is the same run twice", () => {
    const seed = seedWith(({ isGateShared, queue }) => queue !== null && isGateShared)
    expect(played(seed).outcome).toEqual(played(seed).outcome)
  })
})

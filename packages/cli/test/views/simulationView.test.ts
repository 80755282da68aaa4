import { Tally } from "@doorbuster/loadgen/simulation/SimulationReport"
import type { SeedOutcome } from "@doorbuster/loadgen/simulation/simulateSeed"
import { describe, expect, test } from "vitest"
import { simulationJson, simulationView } from "../../src/views/simulationView.ts"

const failed: SeedOutcome = {
  seed: 9,
  narrowing: { checkouts: 300 },
  violations: [{ invariant: "paid.goods", subject: "order 1", detail: "paid | 0 committed" }],
  checkouts: 300,
  simulatedMs: 1_860_000,
  faults: { crash: 2, db_reply_lost: 1 },
  coverage: { transitions: ["paid × Ship"], errors: [], faults: [] },
  traceHash: "00000000000000aa",
  events: 20,
  lastEvents: Array.from({ length: 20 }, (_, event) => `${event} store1 does it`)
}
const narrowing = { faults: ["crash"], checkouts: 25 } as const
const shrunk = { narrowing, outcome: { ...failed, narrowing }, tries: 12 }

const reportOf = (...outcomes: ReadonlyArray<SeedOutcome>) => {
  const tally = new Tally()
  for (const outcome of outcomes) tally.add(outcome)
  return tally.report(9, 2, 1_000)
}

describe("a failing run", () => {
  const again = "store simulate --seed 9 --runs 1 --checkouts 300"
  const smaller = "store simulate --seed 9 --runs 1 --checkouts 25 --faults crash"

  test("is told with the promise, both sides, the last events, and how to repeat it", () => {
    const text = simulationView(reportOf(failed), [failed], shrunk)
    expect(text).toContain("seed 9 breaks a promise\npaid.goods  order 1\n  paid | 0 committed")
    expect(text).toContain("\n  19 store1 does it\n")
    expect(text).toContain(`smallest part found, in 12 tries:\n  ${smaller}\n`)
    expect(text).toContain(`\nagain: ${again}\n`)
    expect(text).toContain("1 of 1 run broke a promise")
  })

  test("is the same in JSON", () => {
    const { failures, violations } = simulationJson(reportOf(failed), [failed], shrunk)
    expect(violations).toBe(1)
    expect(failures).toMatchObject([
      { seed: 9, replay: again, shrunk: { replay: smaller, tries: 12, checkouts: 25 } }
    ])
  })

  test("that takes no fault is repeated with none", () => {
    const calm = { ...failed, narrowing: { faults: [], checkouts: 10 } }
    const { failures } = simulationJson(reportOf(calm), [calm], null)
    expect(failures[0]?.replay).toBe(
      "store simulate --seed 9 --runs 1 --checkouts 10 --faults none"
    )
  })
})

test("runs that all held say so, and name what was not met", () => {
  const held = { ...failed, violations: [], narrowing: {} }
  const text = simulationView(reportOf(held), [], null)
  expect(text).toContain("all promises held in 1 run")
  expect(text).toMatch(/state × event\s+\d\.\d %\s+\(1 of \d+\)/)
  expect(text).toContain("state × event not met: nothing × Place, pending_payment × Capture")
  expect(text).not.toContain("again:")
})

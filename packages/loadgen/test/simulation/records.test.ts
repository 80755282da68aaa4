/** What a run writes down about itself. */
import { readFileSync } from "node:fs"
import { coverageFigures } from "@doorbuster/loadgen/simulation/coverageFigures"
import { EventTrace } from "@doorbuster/loadgen/simulation/EventTrace"
import { faults } from "@doorbuster/loadgen/simulation/FaultKind"
import { Timeline } from "@doorbuster/loadgen/simulation/Timeline"
import { describe, expect, test } from "vitest"

describe("the coverage", () => {
  const nothing = coverageFigures({
    transitions: new Set(),
    errors: new Set(),
    faults: new Set()
  })
  const transitions = nothing.state_event.missing
  const errors = nothing.error_tag.missing
  const faults = nothing.step_fault.missing

  test("names everything that can be met while nothing was", () => {
    expect(transitions).toContain("paid × Ship")
    expect(transitions).toContain("canceled × Ship")
    expect(transitions).not.toContain("canceled × Cancel")
    expect(errors).toContain("SoldOut")
    expect(faults).toContain("payments.recordCapture × db_reply_lost")
    expect(faults).not.toContain("payments.recordCapture × db_lock_timeout")
    for (const { covered, missing, of, percent } of Object.values(nothing)) {
      expect([covered, percent]).toEqual([0, 0])
      expect(new Set(missing).size).toBe(of)
    }
  })

  test("is whole when all of it was met, and does not count what it does not know", () => {
    const figures = coverageFigures({
      transitions: new Set([...transitions, "paid × Elsewhere"]),
      errors: new Set([...errors, "Surprise"]),
      faults: new Set([...faults, "worker × sleep"])
    })
    for (const { covered, missing, of, percent } of Object.values(figures)) {
      expect([covered, percent, missing]).toEqual([of, 100, []])
    }
  })

  test("names the one that is missing, and rounds its percentage down", () => {
    const { step_fault } = coverageFigures({
      transitions: new Set(),
      errors: new Set(),
      faults: new Set(faults.filter((entry) => entry !== "worker × two_owners"))
    })
    expect(step_fault.missing).toEqual(["worker × two_owners"])
    expect(step_fault.covered).toBe(step_fault.of - 1)
    const percent = (100 * step_fault.covered) / step_fault.of
    expect(step_fault.percent).toBeLessThanOrEqual(percent)
    expect(step_fault.percent).toBeGreaterThan(percent - 0.1)
  })
})

describe("the trace", () => {
  const tell = (count: number, first = 0) => {
    let ms = 0
    const kept: Array<string> = []
    const trace = new EventTrace(
      () => ms,
      (line) => kept.push(line)
    )
    for (let i = first; i < first + count; i++) {
      ms = i * 10
      trace.note("store1", `does ${i}`)
    }
    return { kept, trace }
  }

  test.each([0, 1, 63, 64, 65, 200])("keeps the last events of %i, in order", (count) => {
    const { kept, trace } = tell(count)
    expect(trace.last).toEqual(kept.slice(-64))
    expect([trace.events, kept.length]).toEqual([count, count])
    expect(kept.at(-1)).toBe(
      count === 0 ? undefined : `${count * 10 - 10} store1 does ${count - 1}`
    )
  })

  test("has a hash of every event, that tells orders apart", () => {
    const { trace } = tell(200)
    expect(tell(200).trace.digest).toBe(trace.digest)
    expect(tell(199).trace.digest).not.toBe(trace.digest)
    expect(tell(199, 1).trace.digest).not.toBe(trace.digest)
    const both = ["a", "b"].map((_, at, all) => {
      const { trace: one } = tell(0)
      for (const who of at === 0 ? all : all.toReversed()) one.note(who, "starts")
      return one.digest
    })
    expect(both[0]).not.toBe(both[1])
    expect(both[0]).toMatch(/^[0-9a-f]{16}$/)
  })
})

describe("a figure over time", () => {
  const timeline = new Timeline()
  const changes = [
    [10, 5n],
    [20, 3n],
    [20, 0n],
    [30, 7n]
  ] as const
  for (const [at, value] of changes) timeline.set(at, value)

  test.each([
    ["between two changes", 12, 15, [5n]],
    ["over several changes", 12, 35, [5n, 3n, 0n, 7n]],
    ["up to the moment of a change", 25, 30, [0n, 7n]],
    ["from the moment of several changes on", 20, 25, [5n, 3n, 0n]],
    ["at the moment of several changes", 20, 20, [5n, 3n, 0n]],
    ["after the last change", 40, 50, [7n]],
    ["from before the first change on", 0, 12, [5n]],
    ["before there was any", 0, 5, []]
  ] as const)("is known %s", (_, from, to, values) => {
    expect(timeline.between(from, to)).toEqual(values)
  })

  test("is unknown where nothing was written down", () => {
    expect(new Timeline().between(0, 10)).toEqual([])
  })
})

test("every kind of fault is on the page about reliability, in the same words", () => {
  const page = readFileSync(new URL("../../../../docs/reliability.md", import.meta.url), "utf8")
  const [section = ""] = /^## The faults$[\s\S]*?(?=^## )/m.exec(page) ?? []
  const rows = Array.from(section.matchAll(/^\|[^|]*\| `([a-z_]+)` \| (.+) \|$/gm), (row) => [
    row[1],
    row[2]
  ])
  const kinds = Object.entries(faults).map(([kind, { about }]) => [kind, about])
  expect(rows).toEqual(kinds)
})

import { stripVTControlCharacters } from "node:util"
import { type CrashFailure, crashReport, groundReport } from "@doorbuster/loadgen/crash/CrashReport"
import { expect, test } from "vitest"
import { crashMatrixView } from "../../src/views/crashMatrixView.ts"

const scenario = {
  name: "checkout-approved",
  title: "a checkout, approved",
  effects: 12,
  irregular: 0,
  boundaries: 48,
  plays: 1_187,
  singles: 48,
  pairs: 1_138,
  unreached: [],
  failures: []
}

const failure: CrashFailure = {
  ground: "memory",
  scenario: "checkout-approved",
  hits: [
    { process: "first", place: "8", call: "Payments.send", mode: "after" },
    { process: "second", place: "3", call: "Inventory.reserve", mode: "before" }
  ],
  broken: [{ invariant: "paid.once", key: "order-1", left: "applied: 2", right: "1" }],
  replay: 'store simulate --crash-matrix --only "checkout-approved/8:after/3:before"'
}

const viewOf = (failures: ReadonlyArray<CrashFailure>) =>
  crashMatrixView(crashReport([groundReport("memory", [{ ...scenario, failures }], 9_000)]))

test("a matrix that holds is told with its numbers", () => {
  const text = viewOf([])
  expect(text).toContain("memory: 48 single crashes and 1,138 pairs at 48 boundaries in 9.0 s")
  expect(text).toContain("every promise was kept in 1,187 plays")
})

test("a failure names the calls, both sides, and the command that plays it again", () => {
  const text = viewOf([failure])
  expect(text).toContain("the first process, after call 8 (Payments.send), then")
  expect(text).toContain("the second process, before call 3 (Inventory.reserve)")
  expect(text).toMatch(/paid\.once +order-1 +applied: 2 +1/)
  expect(text).toContain(failure.replay)
  expect(text).toContain("1 of 1,187 plays broke a promise")
})

const missed = {
  ...scenario,
  name: "checkout-answered-late-overdue",
  irregular: 3,
  singles: 46,
  pairs: 0,
  unreached: ["Payments.send#2:after", "Payments.send#2:lost"].map((call) => ({
    name: `checkout-answered-late-overdue/${call}`,
    why: "the first process came to 1 of these calls in its last play"
  }))
}

test("what was not played is told, and is not among what was", () => {
  const report = crashReport([groundReport("postgres", [missed], 9_000)])
  const text = crashMatrixView(report)
  expect(text).toContain(
    "checkout-answered-late-overdue/Payments.send#2:after was not played: the first process came"
  )
  expect(text).toContain("46 single crashes at 48 boundaries in 9.0 s, 2 never reached")
  expect(text).toContain("3 further calls come in some undisturbed runs only: not tried")
})

test("several scenarios have a sum, and fit into a terminal", () => {
  const many = Array.from({ length: 29 }, () => ({ ...missed, pairs: 5_000, unreached: [] }))
  const report = crashReport([groundReport("memory", [...many, scenario], 9_000)])
  const text = crashMatrixView(report)
  expect(text).toMatch(/30 scenarios +360 +1,440 +1,382 +146,138 +holds/)
  const widest = Math.max(...text.split("\n").map((line) => stripVTControlCharacters(line).length))
  expect(widest).toBeLessThanOrEqual(80)
})

test("many failures are shown in part, and counted whole", () => {
  const text = viewOf(Array.from({ length: 12 }, () => failure))
  expect(text).toContain("... and 2 more; --json lists all")
  expect(text).toContain("12 of 1,187 plays broke a promise")
})

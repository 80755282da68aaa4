import { type CrashFailure, crashReport, groundReport } from "@doorbuster/loadgen/crash/CrashReport"
import { expect, test } from "vitest"
import { crashMatrixView } from "../../src/views/crashMatrixView.ts"

const scenario = {
  name: "checkout-approved",
  title: "a checkout, approved",
  effects: 12,
  boundaries: 48,
  plays: 1_187,
  singles: 48,
  pairs: 1_138,
  missed: 0,
  failures: []
}

const failure: CrashFailure = {
  ground: "memory",
  scenario: "checkout-approved",
  hits: [
    { process: "first", number: 8, call: "Payments.send", mode: "after" },
    { process: "second", number: 3, call: "Inventory.reserve", mode: "before" }
  ],
  broken: [{ invariant: "paid.once", key: "order-1", left: "applied: 2", right: "1" }],
  replay: 'store simulate --crash-matrix --only "checkout-approved/8:after/3:before"'
}

const viewOf = (failures: ReadonlyArray<CrashFailure>) =>
  crashMatrixView(crashReport([groundReport("memory", [{ ...scenario, failures }], 9_000)]))

test("a matrix that holds is told with its numbers", () => {
  const text = viewOf([])
  expect(text).toContain("memory: 48 single crashes and 1,138 pairs in 9.0 s")
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

test("many failures are shown in part, and counted whole", () => {
  const text = viewOf(Array.from({ length: 12 }, () => failure))
  expect(text).toContain("... and 2 more; --json lists all")
  expect(text).toContain("12 of 1,187 plays broke a promise")
})

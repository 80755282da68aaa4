import { expect, test } from "vitest"
import { runJson } from "./support/runStore.ts"

test("store demo sells exactly its units through a crash, and proves it", {
  timeout: 180_000
}, async () => {
  const { code, json } = await runJson(["demo"])
  expect(json.promises.filter((it: { kept: boolean }) => !it.kept)).toEqual([])
  expect(json.ok).toBe(true)
  expect(json.sale).toMatchObject({
    buyers: 2_000,
    told_yes: 100,
    told_sold_out: 1_900,
    without_answer: 0,
    paid_orders: 100,
    sold: 100,
    oversold: 0,
    stranded: 0
  })
  // The crash came in the middle: some were told yes before it, and others were cut short.
  expect(json.crash.winners_before).toBeGreaterThanOrEqual(40)
  expect(json.crash.winners_before).toBeLessThan(100)
  expect(json.crash.sagas_cut_short).toBeGreaterThan(0)
  expect(json.invariants.length).toBeGreaterThan(10)
  expect(json.replay).toMatchObject({ orders: 142, matches: true })
  expect(code).toBe(0)
})

import { readFileSync } from "node:fs"
import { join } from "node:path"
import { afterEach, describe, expect, test } from "vitest"
import { temporaryFolder } from "./support/places.ts"
import { runJson, runStore } from "./support/runStore.ts"

let clean: Array<() => unknown> = []
afterEach(() => {
  for (const step of clean.toReversed()) step()
  clean = []
})

const folder = () => {
  const { path, remove } = temporaryFolder()
  clean.push(remove)
  return path
}

const seven = ["simulate", "--seed", "7", "--checkouts", "40"]

describe("store simulate", () => {
  test("plays seeds, and says what they came to", async () => {
    const { code, json } = await runJson([...seven, "--runs", "2"])
    expect(code).toBe(0)
    expect(json).toMatchObject({ seed: 7, runs: 2, violations: 0, failures: [] })
    expect(json.checkouts).toBeGreaterThanOrEqual(80)
    expect(json.simulated_hours).toBeGreaterThanOrEqual(1)
    expect(json.speedup).toBeGreaterThan(1)
    expect(json.trace_hash).toMatch(/^[0-9a-f]{16}$/)
    expect(json.faults.db_deadlock).toBeGreaterThan(0)
    const counts = Object.values(json.faults as Record<string, number>)
    expect(json.faults_total).toBe(counts.reduce((sum, count) => sum + count, 0))
    for (const figure of ["state_event", "error_tag", "step_fault"]) {
      const { covered, missing, of } = json.coverage[figure]
      expect(covered).toBeGreaterThan(0)
      expect(covered + missing.length).toBe(of)
    }
  })

  test("repeats a seed to the last event, and tells every event on request", async () => {
    const at = folder()
    const run = async (...args: ReadonlyArray<string>) => {
      const file = join(at, `${args.join(" ")}.txt`)
      const { json } = await runJson([...seven, "--runs", "1", "--trace", file, ...args])
      return { json, text: readFileSync(file, "utf8") }
    }
    const first = await run()
    const again = await run("--jobs", "1")
    expect(again.text).toBe(first.text)
    expect(again.json.trace_hash).toBe(first.json.trace_hash)
    // The first line names the seed; each of the others is an event.
    const [title, ...events] = first.text.trimEnd().split("\n")
    expect(title).toBe("seed 7")
    expect(events.length).toBe(first.json.events)
    expect(events[0]).toBe("0 store1.1 starts")
    const calm = await run("--faults", "none")
    expect(calm.text).not.toBe(first.text)
    expect([calm.json.faults_total, calm.json.violations]).toEqual([0, 0])
  })

  test("writes a history of the stock that a correct store can have", async () => {
    const file = join(folder(), "stock.ndjson")
    await runJson([...seven, "--runs", "2", "--history", file])
    const { code, json } = await runJson(["check", "--history", file])
    expect([code, json.verdict]).toEqual([0, "linearizable"])
    expect(json.operations).toBeGreaterThan(100)
    const skus = readFileSync(file, "utf8").match(/"sku":"\d+(?=\/)/g)
    expect(new Set(skus)).toEqual(new Set(['"sku":"7', '"sku":"8']))
  })

  test("refuses a fault that there is not, and names those that there are", async () => {
    const { code, json } = await runJson([...seven, "--faults", "crash,earthquake"])
    expect([code, json.error.code]).toEqual([2, "usage_refused"])
    expect(json.error.message).toContain('there is no fault "earthquake"')
    expect(json.error.message).toContain("db_delay, db_refused, db_reply_lost")
  })

  test("refuses what cannot be meant", async () => {
    const told = async (...args: ReadonlyArray<string>) => {
      const { code, json } = await runJson(["simulate", ...args])
      return [code, json.error.code]
    }
    expect(await told("--only", "ship")).toEqual([2, "usage"])
    expect(await told("--crash-matrix", "--runs", "2")).toEqual([2, "usage"])
    expect(await told("--runs", "1", "--trace", "/no/such/folder/trace.txt")).toEqual([
      2,
      "usage_refused"
    ])
  })
})

describe("store simulate --crash-matrix", () => {
  test("plays one case", async () => {
    const only = "checkout-amount-differs/1:lost/15:after"
    const { code, json } = await runJson(["simulate", "--crash-matrix", "--only", only])
    expect(code).toBe(0)
    // Once undisturbed, to count the boundaries, and then the case.
    expect(json).toMatchObject({ ok: true, plays: 2, singles: 0, pairs: 1, failed: 0 })
    expect(json.grounds).toMatchObject([{ ground: "memory", missed: 0 }])
  })

  test("exits 7 where the crash never happened, and so nothing was tried", async () => {
    const never = await runJson(["simulate", "--crash-matrix", "--only", "ship/999:before"])
    expect([never.code, never.json.grounds[0].missed]).toEqual([7, 1])
  })

  test("refuses a case that there is not, and names the scenarios", async () => {
    const { code, stderr } = await runStore(["simulate", "--crash-matrix", "--only", "sail"])
    expect(code).toBe(2)
    expect(stderr).toContain('there is no case "sail": expected one of the scenarios')
    expect(stderr).toContain("refund-in-full")
  })
})

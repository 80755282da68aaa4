import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterEach, describe, expect, test } from "vitest"
import { firstWeek, fixture } from "./support/fixture.ts"
import { serverPlace, temporaryFolder } from "./support/places.ts"
import { runJson, runStore } from "./support/runStore.ts"

const histories = fileURLToPath(new URL("../../../fixtures/histories", import.meta.url))
const sample = (name: string) => join(histories, `${name}.ndjson`)

let clean: Array<() => unknown> = []
afterEach(async () => {
  for (const step of clean.toReversed()) await step()
  clean = []
})

const folder = () => {
  const { path, remove } = temporaryFolder()
  clean.push(remove)
  return path
}

const written = (...lines: ReadonlyArray<string>) => {
  const file = join(folder(), "history.ndjson")
  writeFileSync(file, `${lines.join("\n")}\n`)
  return file
}

describe("store check --history", () => {
  test("accepts a history that can be explained, without a store", async () => {
    const { code, json } = await runJson(["check", "--history", sample("flash-sale")])
    expect(code).toBe(0)
    const report = { ok: true, verdict: "linearizable", operations: 11, skus: 1, failures: [] }
    expect(json).toMatchObject(report)
    const { stdout } = await runStore(["check", "--history", sample("flash-sale")])
    expect(stdout).toContain("linearizable: a correct store can have given every answer")
  })

  test("exits 3 for one that cannot, and names the answer and the stock then", async () => {
    const { code, json } = await runJson(["check", "--history", sample("oversold")])
    expect(code).toBe(3)
    expect(json).toMatchObject({ ok: false, verdict: "not_linearizable" })
    expect(json.failures).toMatchObject([
      { sku: "DOORBUSTER", explained: 4, operation: { line: 5 }, stock: { available: [0, 0] } }
    ])
    const { code: textCode, stdout } = await runStore(["check", "--history", sample("oversold")])
    expect(textCode).toBe(3)
    expect(stdout).toContain("was answered ok at 1764115200000100000 ns, although at most 0 were")
    expect(stdout).toMatch(/stock then\s+available 0, reserved 2, sold 0/)
  })

  test("begins with the units that --start says", async () => {
    const args = ["check", "--history", sample("oversold"), "--start", "1"]
    const { code, json } = await runJson(args)
    expect([code, json.verdict]).toEqual([0, "linearizable"])
  })

  test("exits 7 when it cannot decide", async () => {
    // Ever more units, of which some fit together to what was read: too many ways to try.
    const line = (client: number, call: number, ret: number, rest: string) =>
      `{"client":${client},"call_ns":${call},"ret_ns":${ret},${rest},"sku":"A","ok":true}`
    const units = Array.from({ length: 24 }, (_, index) => 100_003 + 2 * index * index * index)
    const receipts = units.map((qty, index) => line(index, 0, 100, `"op":"receive","qty":${qty}`))
    const sum = units.slice(0, 12).reduce((total, qty) => total + qty, 0)
    const reads = [1, 3].map((off, index) =>
      line(100 + index, 10, 90, `"op":"read","val":${sum + off}`)
    )
    const { code, json } = await runJson(["check", "--history", written(...receipts, ...reads)])
    expect([code, json.verdict]).toEqual([7, "undecided"])
  })

  test("refuses a wrong line with its number, its field and the reason", async () => {
    const [first = ""] = readFileSync(sample("oversold"), "utf8").split("\n")
    const { code, json } = await runJson([
      "check",
      "--history",
      written(first, first.replace('"qty":2', '"qty":"2"'))
    ])
    expect(code).toBe(1)
    expect(json.error).toMatchObject({ code: "history_invalid", line: 2, field: "qty" })
    expect(json.error.message).toContain("line 2: qty: a whole number of units is needed")
  })

  test("tells what is missing or cannot be meant", async () => {
    const told = async (...args: ReadonlyArray<string>) => {
      const { code, json } = await runJson(["check", ...args])
      return [code, json.error.code]
    }
    expect(await told("--history", "/no/such.ndjson")).toEqual([1, "history_unreadable"])
    expect(await told("--history", sample("oversold"), "--grace", "1")).toEqual([2, "usage"])
    expect(await told("--start", "1")).toEqual([2, "usage"])
  })
})

describe("store replay --history", () => {
  test("writes what its buyers were told, sold out included", { timeout: 120_000 }, async () => {
    const place = await serverPlace()
    clean.push(place.remove)
    const file = join(folder(), "replay.ndjson")
    await runJson(["seed", fixture, "--stock", "20", ...place.args])
    await runJson(["replay", fixture, ...firstWeek, "--history", file, ...place.args])
    const { code, json } = await runJson(["check", "--history", file])
    expect(json.failures).toEqual([])
    expect([code, json.verdict]).toEqual([0, "linearizable"])
    expect(json.skus).toBeGreaterThan(1_000)
    const refused = /"op":"reserve".*"ok":false,"val":null,"unknown":false/g
    const text = readFileSync(file, "utf8")
    expect(text.match(refused)?.length).toBeGreaterThan(50)
    // One unit less on every shelf, and somebody was told a yes that cannot have been.
    const short = text.replaceAll('"op":"receive",', '"op":"receive","short":1,')
    writeFileSync(
      file,
      short
        .replaceAll(/"short":1,("sku":"[^"]*"),"qty":20/g, '$1,"qty":19')
        .replaceAll('"short":1,', "")
    )
    const verdict = await runJson(["check", "--history", file])
    expect([verdict.code, verdict.json.verdict]).toEqual([3, "not_linearizable"])
  })
})

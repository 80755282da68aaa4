import { readFileSync } from "node:fs"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import pg from "pg"
import { afterEach, describe, expect, test } from "vitest"
import { type Place, serverPlace } from "./support/places.ts"
import { outcomeOf, runJson, startStore } from "./support/runStore.ts"

let clean: Array<() => Promise<unknown>> = []
afterEach(async () => {
  for (const step of clean.toReversed()) await step()
  clean = []
})

const opened = async () => {
  const place = await serverPlace()
  clean.push(place.remove)
  return place
}

/** Databases that a bench of this process has made, and has not dropped. */
const scratchOf = async (place: Place, pid: number | undefined) => {
  const client = new pg.Client({ connectionString: place.flags["database-url"] ?? "" })
  await client.connect()
  try {
    const found = await client.query("select datname from pg_database where datname like $1", [
      `doorbuster_bench_${pid}_%`
    ])
    return found.rows
  } finally {
    await client.end()
  }
}

const quick = ["--rounds", "1", "--seconds", "1", "--warmup", "0"]

describe("store bench", { timeout: 180_000 }, () => {
  test("prints its figures as one document, and draws them", async () => {
    const place = await opened()
    const plot = join(place.flags["data-dir"] ?? "", "bench.svg")
    const only = ["--only", "lone", "--plot", plot]
    const { code, json } = await runJson(["bench", "checkout", ...quick, ...only, ...place.args])
    expect(code).toBe(0)
    expect(json.results).toHaveLength(1)
    expect(json.results[0]).toMatchObject({
      name: "checkout.lone",
      per_second: expect.any(Number),
      reference: expect.any(String),
      reference_per_second: expect.any(Number),
      ratio: expect.any(Number),
      rounds: [{ per_second: expect.any(Number) }],
      per_order: { rows: expect.any(Number), wal_bytes: expect.any(Number) }
    })
    expect(json.server).toMatchObject({ fsync: "on" })
    expect(readFileSync(plot, "utf8")).toMatch(/^<svg [\s\S]*checkout\.lone[\s\S]*<\/svg>\n$/)
  })

  test("asks a store that serves, and a bare server beside it", async () => {
    const place = await opened()
    const only = ["--only", "product", "--only", "checkout", "--connections", "4"]
    const { code, json } = await runJson(["bench", "http", ...quick, ...only, ...place.args])
    expect(json.error).toBeUndefined()
    expect(code).toBe(0)
    expect(json.results.map(({ name }: { name: string }) => name)).toEqual([
      "http.checkout",
      "http.product"
    ])
    expect(json.results[0].paid_per_second).toBeGreaterThan(0)
    expect(json.results[1].ratio).toBeGreaterThan(0)
  })

  test("that is interrupted leaves no database behind", async () => {
    const place = await opened()
    const child = startStore(["bench", "stock", "--processes", "2", ...place.args])
    const outcome = outcomeOf(child)
    while ((await scratchOf(place, child.pid)).length < 2) await sleep(50)
    child.kill("SIGINT")
    expect((await outcome).code).toBe(130)
    expect(await scratchOf(place, child.pid)).toEqual([])
  })
})

test("a bench on a role that may make no database says what it needs", async () => {
  const place = await opened()
  const url = new URL(place.flags["database-url"] ?? "")
  const client = new pg.Client({ connectionString: url.href })
  await client.connect()
  const role = `bench_${url.pathname.slice(1)}`
  await client.query(`create role "${role}" login`)
  clean.push(async () => {
    await client.query(`drop role "${role}"`)
    await client.end()
  })
  url.username = role
  const args = ["bench", "checkout", ...quick, "--database-url", url.href]
  const { code, json } = await runJson(args)
  expect(code).toBe(1)
  expect(json.error).toMatchObject({ code: "bench_refused" })
  expect(json.error.message).toContain("CREATEDB")
})

import { setTimeout as sleep } from "node:timers/promises"
import { afterEach, describe, expect, test } from "vitest"
import { digestOfFirstWeek, firstWeek, fixture } from "./support/fixture.ts"
import { type Place, places, serverPlace } from "./support/places.ts"
import { outcomeOf, runJson, runStore, startStore } from "./support/runStore.ts"
import { startServing } from "./support/serving.ts"

let clean: Array<() => Promise<unknown>> = []
afterEach(async () => {
  for (const step of clean.toReversed()) await step()
  clean = []
})

const seeded = async (makePlace: () => Promise<Place>, ...stock: ReadonlyArray<string>) => {
  const place = await makePlace()
  clean.push(place.remove)
  const { code, json } = await runJson(["seed", fixture, ...stock, ...place.args])
  expect(code).toBe(0)
  expect(json).toMatchObject({ products: 3_651, listed: 3_503, services: 14 })
  return place
}

const replayed = (place: Place, ...options: ReadonlyArray<string>) =>
  runJson(["replay", fixture, ...firstWeek, ...options, ...place.args])

/** Starting takes about a second, the week about two. */
const someTimeMs = () => 900 + Math.round(Math.random() * 2_000)

describe.each(places)("store replay on %s", (_, makePlace) => {
  test("killed again and again ends like one that was left alone, and the checks hold", {
    timeout: 180_000
  }, async () => {
    const place = await seeded(makePlace)
    const delays = [someTimeMs(), someTimeMs(), someTimeMs()]
    for (const delay of delays) {
      const child = startStore(["replay", fixture, ...firstWeek, ...place.args])
      const gone = outcomeOf(child)
      await sleep(delay)
      child.kill("SIGKILL")
      await gone
    }
    const told = `killed after ${delays.join(", ")} ms`
    const { code, json } = await replayed(place)
    expect(
      json.comparison?.filter((it: { equal: boolean }) => !it.equal),
      told
    ).toEqual([])
    expect(json, told).toMatchObject({ matches: true, state_digest: digestOfFirstWeek })
    expect(code, told).toBe(0)
    expect((await runStore(["check", ...place.args])).code, told).toBe(0)
  })
})

describe("store replay", () => {
  test("over HTTP ends like one in process, and another one in process finds all done", {
    timeout: 180_000
  }, async () => {
    const place = await seeded(serverPlace)
    const serving = await startServing(place)
    clean.push(() => serving.stop())
    const { code, json } = await replayed(place, "--url", serving.ready.url)
    expect(json).toMatchObject({ matches: true, refused: [], state_digest: digestOfFirstWeek })
    expect(code).toBe(0)
    const again = await replayed(place)
    expect(again.json).toMatchObject({ matches: true, state_digest: digestOfFirstWeek })
  })

  test("exits 1 with both sides of each figure where the books differ from the file", async () => {
    const place = await seeded(serverPlace, "--stock", "20")
    const { code, json } = await replayed(place)
    expect(code).toBe(1)
    expect(json.matches).toBe(false)
    expect(json.refused[0]).toMatchObject({ kind: expect.any(String), code: expect.any(String) })
    const orders = json.comparison.find((it: { figure: string }) => it.figure === "orders")
    expect(orders).toMatchObject({ file: "611", equal: false })
    expect(Number(orders.store)).toBe(json.orders)
    const { code: textCode, stdout } = await runStore([
      "replay",
      fixture,
      ...firstWeek,
      ...place.args
    ])
    expect(textCode).toBe(1)
    expect(stdout).toMatch(/orders\s+611\s+\d+\s+differs/)
    expect(stdout).toContain("the store's books do not match the file")
  })

  test("against a server that is not there exits 6 within seconds and says so", async () => {
    const place = await seeded(serverPlace, "--stock", "0")
    const begun = performance.now()
    const { code, json } = await replayed(place, "--url", "http://127.0.0.1:1")
    expect(code).toBe(6)
    expect(json.error).toMatchObject({ code: "target_unreachable" })
    expect(json.error.message).toContain("http://127.0.0.1:1 does not answer")
    expect(performance.now() - begun).toBeLessThan(20_000)
  })

  test("of a time that ends before it begins is a usage error", async () => {
    for (const to of ["2010-12-02", "2010-12-01"]) {
      const { code, json } = await runJson(["replay", fixture, "--from", "2010-12-02", "--to", to])
      expect([code, json.error.code]).toEqual([2, "usage"])
      expect(json.error.message).toContain("later than --from")
    }
  })

  test("tells what is missing: the file, the seed, a day, a URL", async () => {
    const place = await serverPlace()
    clean.push(place.remove)
    const failing = async (...args: ReadonlyArray<string>) => {
      const { code, json } = await runJson([...args, ...place.args])
      return [code, json.error?.code]
    }
    expect(await failing("replay", "/no/such/file.csv")).toEqual([1, "trace_unreadable"])
    expect(await failing("replay", fixture, ...firstWeek)).toEqual([1, "not_migrated"])
    expect(await failing("replay", fixture, "--from", "2010-13-01")).toEqual([2, "usage"])
    expect(await failing("seed", fixture, "--stock", "many")).toEqual([2, "usage"])
    expect(await failing("seed", fixture, "--stock", "0")).toEqual([0, undefined])
    expect(await failing("replay", fixture, ...firstWeek, "--url", "here")).toEqual([
      2,
      "usage_refused"
    ])
  })
})

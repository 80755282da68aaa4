import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { type Place, serverPlace } from "./support/places.ts"
import { runJson, runStore } from "./support/runStore.ts"
import { makeSampleStore } from "./support/sampleStore.ts"

describe("stock strategy and rebalance", () => {
  let place: Place
  beforeAll(async () => {
    place = await serverPlace()
    await makeSampleStore(place, "bought")
  })
  afterAll(() => place.remove())

  const json = (...args: ReadonlyArray<string>) => runJson([...args, ...place.args])
  const stockOf = async (sku: string) => (await json("stock", "show", sku)).json.stock[0]

  test("lay units out and back, and tells how it is", async () => {
    const before = await stockOf("TEAPOT")
    const spread = await json("stock", "strategy", "TEAPOT", "segmented", "--segments", "3")
    expect(spread).toMatchObject({ code: 0, json: { strategy: "segmented", segments: 3 } })
    const sum = (of: string) =>
      spread.json.stock.reduce((units: number, row: Record<string, number>) => units + row[of]!, 0)
    expect(spread.json.stock).toHaveLength(3)
    for (const figure of ["received", "reserved", "sold", "available"]) {
      expect(sum(figure)).toBe(before[figure])
    }
    const [shown, rebalanced] = await Promise.all([
      json("stock", "strategy", "TEAPOT"),
      json("stock", "rebalance", "TEAPOT")
    ])
    expect(shown.json).toEqual(spread.json)
    expect(rebalanced.json).toEqual(spread.json)
    const { stdout } = await runStore([...["stock", "strategy", "TEAPOT", "atomic"], ...place.args])
    expect(stdout).toMatch(/^strategy\s+atomic\n/)
    expect(await stockOf("TEAPOT")).toMatchObject({ available: before.available })
  })

  test("refuse what cannot be meant, and change nothing", async () => {
    const refusals = [
      [["strategy", "CUP", "queued", "--segments", "3"], 2, "usage_refused"],
      [["strategy", "CUP", "segmented", "--segments", "257"], 2, "usage"],
      [["strategy", "coupon:SPRING", "segmented"], 2, "usage_refused"],
      [["strategy", "SPOON", "queued"], 1, "unknown_stock"],
      [["rebalance", "SPOON"], 1, "unknown_stock"]
    ] as const
    const said = await Promise.all(refusals.map(([args]) => json("stock", ...args)))
    for (const [i, [args, code, error]] of refusals.entries()) {
      const expected = { code, json: { error: { code: error } } }
      expect(said[i], args.join(" ")).toMatchObject(expected)
    }
    const { json: unchanged } = await json("stock", "strategy", "CUP")
    expect(unchanged).toMatchObject({ strategy: "atomic", segments: 1, stock: [{ sku: "CUP" }] })
  })
})

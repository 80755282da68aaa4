/** More buyers than units, over several processes, by every strategy, and while it changes. */
import { setTimeout as sleep } from "node:timers/promises"
import { afterAll, beforeAll, expect, test } from "vitest"
import { type Place, serverPlace } from "../support/places.ts"
import { runJson } from "../support/runStore.ts"
import { type Serving, startServing } from "../support/serving.ts"
import { Cleanup } from "./support/Cleanup.ts"
import { Crowd, guests } from "./support/Crowd.ts"
import { note } from "./support/note.ts"
import { expectChecked, expectExact, sellTheRest } from "./support/saleEnd.ts"
import { saleSize } from "./support/saleSize.ts"
import { openStore, restock } from "./support/saleStore.ts"

const { buyers, processes, units } = saleSize
const timeout = 120_000 + buyers * 60

const choices: ReadonlyArray<readonly [name: string, ...flags: Array<string>]> = [
  ["pessimistic"],
  ["optimistic"],
  ["atomic"],
  ["segmented", "--segments", "4"],
  ["queued"]
]
const skuOf = (name: string) => `SALE-${name.toUpperCase()}`
/** Everybody pays, but some not at once: there is always something under way. */
const mix = "approve=4,late=1,timeout_after=1,twice=1"
const switched = skuOf("switched")

const cleanup = new Cleanup()
let place: Place
let serving: Serving
beforeAll(async () => {
  place = cleanup.keep(await serverPlace(), (it) => it.remove())
  const shelves = choices.map(([name]) => [skuOf(name), units])
  await openStore(place, { ...Object.fromEntries(shelves), [switched]: 0 })
  const flags = ["--workers", `${processes}`, "--provider-mix", mix]
  // What an operator chooses is left alone by the autopilot, except for `atomic`.
  const env = { STORE_STOCK_AUTOPILOT: "off" }
  serving = cleanup.keep(await startServing(place, flags, { env }), (it) => it.stop())
}, 120_000)
afterAll(() => cleanup.run(), 60_000)

const store = async (...args: ReadonlyArray<string>) => {
  const { code, json, stderr } = await runJson([...args, ...place.args])
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" })
  return json
}

test.each(choices)(
  "%s: as many have a unit as there are units, and have paid",
  {
    timeout
  },
  async (name, ...more) => {
    const { url } = serving.ready
    const sku = skuOf(name)
    await store("stock", "strategy", sku, name, ...more)
    const people = await guests(url, buyers)
    // The processes have read of the choice by then.
    await sleep(1_200)
    const crowd = new Crowd()
    await crowd.rush({ url, sku, buyers: people })
    expect({ ...crowd.tally, broken: crowd.broken }).toEqual({
      Won: units,
      SoldOut: buyers - units,
      broken: 0
    })
    await expectExact({ place, url, sku, crowd }, units)
  }
)

/** Units come in little by little, so that there are some to be had whatever happens meanwhile. */
const trickle = async (isOver: () => boolean): Promise<void> => {
  const some = Math.ceil(units / 20)
  for (let left = units; left > 0; ) {
    const now = isOver() ? left : Math.min(some, left)
    await restock(place, switched, now)
    left -= now
    await sleep(200)
  }
}

test("strategies may change, rows be evened out and a process be killed while all of it sells", {
  timeout: 2 * timeout
}, async () => {
  const { pids, url } = serving.ready
  const crowd = new Crowd()
  const sales: Array<Promise<void>> = []
  let isOver = false
  const receipts = trickle(() => isOver)
  for (const [name, ...more] of choices) {
    const people = await guests(url, Math.ceil(buyers / choices.length))
    sales.push(crowd.rush({ url, sku: switched, buyers: people, spreadMs: 3_000 }))
    await store("stock", "strategy", switched, name, ...more)
    if (name === "segmented") {
      process.kill(pids[0] ?? 0, "SIGKILL")
      await store("stock", "rebalance", switched)
    }
  }
  await Promise.all(sales)
  isOver = true
  await receipts
  const soldInTime = crowd.tally["Won"] ?? 0
  const end = { place, url, sku: switched, crowd }
  await sellTheRest(end)
  note(`${soldInTime} of ${units} units were sold while strategies changed`)
  await expectExact(end, units)
  await expectChecked(place)
})

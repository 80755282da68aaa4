/** A long sale: what the server holds on to does not grow with the requests it has answered. */
import { afterEach, expect, test } from "vitest"
import { freePort } from "../../../../test/servers/child.ts"
import { serverPlace } from "../support/places.ts"
import { startServing } from "../support/serving.ts"
import { shopper } from "../support/shopper.ts"
import { Cleanup } from "./support/Cleanup.ts"
import { Crowd } from "./support/Crowd.ts"
import { Inspector } from "./support/Inspector.ts"
import { note } from "./support/note.ts"
import { expectChecked, expectExact } from "./support/saleEnd.ts"
import { saleSize } from "./support/saleSize.ts"
import { openStore } from "./support/saleStore.ts"

const cleanup = new Cleanup()
afterEach(() => cleanup.run(), 60_000)

const sku = "ENDLESS"
const units = 200
const clients = 32
const megabyte = 2 ** 20
/** What caches of a fixed size and compiled code may add after the first part of a sale. */
const growthMax = 8 * megabyte

/** A session, a look at the product, an order, and the same order once more: four requests. */
const visit = async (url: string, crowd: Crowd): Promise<void> => {
  const buyer = await shopper(url)
  const page = await fetch(`${url}/products/${sku}`)
  await page.text()
  expect(page.status).toBe(200)
  await crowd.rush({ url, sku, buyers: [buyer] })
  await crowd.rush({ url, sku, buyers: [buyer] })
}

const visits = async (url: string, crowd: Crowd, requests: number): Promise<void> => {
  let left = Math.ceil(requests / 4)
  const one = async () => {
    while (left > 0) {
      left -= 1
      await visit(url, crowd)
      // Whoever was refused is of no interest any more: this process is to stay small as well.
      for (const [buyer, answer] of crowd.answers) {
        if (answer._tag === "SoldOut") crowd.answers.delete(buyer)
      }
    }
  }
  await Promise.all(Array.from({ length: clients }, one))
}

test("memory is as flat after a long sale as after its first part", {
  timeout: 120_000 + saleSize.requests * 30
}, async () => {
  const place = cleanup.keep(await serverPlace(), (it) => it.remove())
  await openStore(place, { [sku]: units })
  const port = await freePort()
  const env = { NODE_OPTIONS: `--inspect=127.0.0.1:${port}` }
  const serving = cleanup.keep(await startServing(place, [], { env }), (it) => it.stop())
  const { url } = serving.ready
  const inspector = await Inspector.open(port)
  cleanup.keep(inspector, async (it) => it.close())

  const crowd = new Crowd()
  const warmUp = Math.max(2_000, saleSize.requests / 5)
  await visits(url, crowd, warmUp)
  const before = await inspector.heapUsed()
  await visits(url, crowd, saleSize.requests)
  const growth = (await inspector.heapUsed()) - before
  const shown = (bytes: number) => `${(bytes / megabyte).toFixed(1)} MiB`
  note(`${shown(before)} after ${warmUp} requests`)
  note(`${shown(growth)} more after another ${saleSize.requests}`)
  expect(growth).toBeLessThan(growthMax)
  await expectExact({ place, url, sku, crowd }, units)
  await expectChecked(place)
})

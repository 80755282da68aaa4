/** A Redis Cluster of three masters loses one of them while a sale goes on behind it. */
import { afterEach, expect, test } from "vitest"
import { startRedisCluster } from "../../../../test/servers/redisCluster.ts"
import { serverPlace } from "../support/places.ts"
import { startServing } from "../support/serving.ts"
import { Cleanup } from "./support/Cleanup.ts"
import { Crowd, guests } from "./support/Crowd.ts"
import { counterBecomes, counterKey, untilGuarded } from "./support/gateCounter.ts"
import { note } from "./support/note.ts"
import { expectChecked, expectExact, sellsExactly, sellTheRest } from "./support/saleEnd.ts"
import { openStore, restock } from "./support/saleStore.ts"

const cleanup = new Cleanup()
afterEach(() => cleanup.run(), 60_000)

const sku = "FAILOVER"
const [early, amid, late] = [30, 20, 10]

test("a replica takes a dead master's place: no unit is sold twice, and none is lost", {
  timeout: 240_000
}, async () => {
  const cluster = cleanup.keep(await startRedisCluster(), (it) => it.stop())
  const place = cleanup.keep(await serverPlace(), (it) => it.remove())
  await openStore(place, { [sku]: early })
  const env = { REDIS_URL: cluster.url }
  const serving = await startServing(place, ["--workers", "2"], { env })
  const { url } = cleanup.keep(serving, (it) => it.stop()).ready

  const crowd = new Crowd()
  const people = await guests(url, 240)
  const sale = crowd.rush({ url, sku, buyers: people, spreadMs: 8_000 })
  await untilGuarded(cluster.url, sku)
  await cluster.killMasterOf(counterKey(sku))
  await restock(place, sku, amid)
  await sale

  const end = { place, url, sku, crowd }
  await sellTheRest(end)
  await restock(place, sku, late)
  const exactMs = await counterBecomes(cluster.url, sku, late)
  note(`after a failover: the gate was exact in ${exactMs} ms`)
  await sellsExactly(end, late)
  await expectExact(end, early + amid + late)
  expect(crowd.broken).toBe(0)
  await expectChecked(place)
})

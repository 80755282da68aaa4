/** A Redis that breaks in every way while a sale goes on behind it. */
import { setTimeout as sleep } from "node:timers/promises"
import { afterAll, beforeAll, expect, test } from "vitest"
import { redisCli } from "../../../../test/servers/redis.ts"
import {
  startThrowawayRedis,
  type ThrowawayRedis
} from "../../../../test/servers/throwawayRedis.ts"
import { startWire, type Wire } from "../../../../test/servers/Wire.ts"
import { type Place, serverPlace } from "../support/places.ts"
import { type Serving, startServing } from "../support/serving.ts"
import { Cleanup } from "./support/Cleanup.ts"
import { Crowd, guests } from "./support/Crowd.ts"
import { counterBecomes, untilGuarded } from "./support/gateCounter.ts"
import { note } from "./support/note.ts"
import { expectChecked, expectExact, sellsExactly, sellTheRest } from "./support/saleEnd.ts"
import { openStore, restock } from "./support/saleStore.ts"

const buyers = 240
const [early, amid, late] = [30, 20, 10]

interface Scene {
  readonly redis: ThrowawayRedis
  readonly wire: Wire
}

const faults: ReadonlyArray<readonly [what: string, happens: (scene: Scene) => Promise<void>]> = [
  [
    "is killed and comes back empty",
    async ({ redis }) => {
      await redis.kill()
      await sleep(1_000)
      await redis.restart()
    }
  ],
  [
    "is emptied",
    async ({ redis }) => {
      await redisCli("-p", `${redis.port}`, "FLUSHALL")
    }
  ],
  [
    "freezes for five seconds",
    async ({ redis }) => {
      redis.freeze()
      await sleep(5_000)
      redis.thaw()
    }
  ],
  [
    "comes back with older data",
    async ({ redis }) => {
      const dump = await redis.dump()
      await sleep(1_500)
      await redis.restart(dump)
    }
  ],
  [
    "drops its connections",
    async ({ redis }) => {
      await redisCli("-p", `${redis.port}`, "CLIENT", "KILL", "TYPE", "normal")
      await redisCli("-p", `${redis.port}`, "CLIENT", "KILL", "TYPE", "pubsub")
    }
  ],
  [
    "is not heard of any more, on connections that nobody has closed",
    async ({ wire }) => wire.cut()
  ]
]
const skuOf = (what: string) => `REDIS-${what.replaceAll(/\W/g, "-")}`.slice(0, 40)

const cleanup = new Cleanup()
let place: Place
let serving: Serving
let scene: Scene
beforeAll(async () => {
  place = cleanup.keep(await serverPlace(), (it) => it.remove())
  await openStore(place, Object.fromEntries(faults.map(([what]) => [skuOf(what), early])))
  const redis = cleanup.keep(await startThrowawayRedis(), (it) => it.stop())
  const wire = cleanup.keep(await startWire(redis.port), (it) => it.stop())
  scene = { redis, wire }
  const env = { REDIS_URL: `redis://127.0.0.1:${wire.port}` }
  serving = cleanup.keep(await startServing(place, ["--workers", "2"], { env }), (it) => it.stop())
}, 120_000)
afterAll(() => cleanup.run(), 60_000)

test.each(faults)(
  "a Redis that %s: no unit is sold twice, none is lost, no order either",
  {
    timeout: 180_000
  },
  async (what, happens) => {
    const { url } = serving.ready
    const sku = skuOf(what)
    const crowd = new Crowd()
    const people = await guests(url, buyers)
    const sale = crowd.rush({ url, sku, buyers: people, spreadMs: 6_000 })
    await untilGuarded(scene.redis.url, sku)
    const fault = happens(scene)
    await restock(place, sku, amid)
    await fault
    await sale
    const end = { place, url, sku, crowd }
    await sellTheRest(end)
    await restock(place, sku, late)
    const exactMs = await counterBecomes(scene.redis.url, sku, late)
    note(`after a Redis that ${what}: the gate was exact in ${exactMs} ms`)
    await sellsExactly(end, late)
    await expectExact(end, early + amid + late)
    // None of the store's own processes went away.
    expect(crowd.broken).toBe(0)
  }
)

test("the books agree with everything that was sold", { timeout: 60_000 }, async () => {
  await expectChecked(place)
})

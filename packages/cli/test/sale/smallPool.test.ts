/** Five connections to the database, and five hundred clients at once. */
import { setTimeout as sleep } from "node:timers/promises"
import pg from "pg"
import { afterAll, beforeAll, expect, test } from "vitest"
import { type Place, serverPlace } from "../support/places.ts"
import { type Serving, startServing } from "../support/serving.ts"
import { Cleanup } from "./support/Cleanup.ts"
import { Crowd, guests } from "./support/Crowd.ts"
import { note } from "./support/note.ts"
import { expectChecked, expectExact, sellsExactly, sellTheRest } from "./support/saleEnd.ts"
import { openStore, restock } from "./support/saleStore.ts"

const clients = 500
const units = 100
/** Longer than a request may take, so that requests of the stalled store have to be given up. */
const stallMs = 17_000

const cleanup = new Cleanup()
let place: Place
let serving: Serving
beforeAll(async () => {
  place = cleanup.keep(await serverPlace(), (it) => it.remove())
  await openStore(place, { CROWD: units, STALL: units })
  const env = { STORE_POOL_SIZE: "5" }
  serving = cleanup.keep(await startServing(place, [], { env }), (it) => it.stop())
}, 120_000)
afterAll(() => cleanup.run(), 60_000)

const connections = async (client: pg.Client): Promise<number> => {
  const { rows } = await client.query<{ count: number }>(
    `select count(*)::int from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`
  )
  return rows[0]?.count ?? 0
}

const consoleOf = async (): Promise<pg.Client> => {
  const client = new pg.Client({ connectionString: place.flags["database-url"] })
  await client.connect()
  return cleanup.keep(client, (it) => it.end())
}

test("a crowd of five hundred is served over five connections, none more", {
  timeout: 180_000
}, async () => {
  const { url } = serving.ready
  const client = await consoleOf()
  const crowd = new Crowd()
  let most = 0
  const watching = setInterval(async () => {
    most = Math.max(most, await connections(client))
  }, 50)
  const people = await guests(url, clients)
  await crowd.rush({ url, sku: "CROWD", buyers: people })
  clearInterval(watching)
  expect(most).toBeLessThanOrEqual(5)
  expect(crowd.broken).toBe(0)
  const end = { place, url, sku: "CROWD", crowd }
  await sellTheRest(end)
  await expectExact(end, units)
})

test("a database that stalls: everybody is told so in time, and is served when it moves again", {
  timeout: 240_000
}, async () => {
  const { url } = serving.ready
  const client = await consoleOf()
  const crowd = new Crowd()
  const people = await guests(url, clients)
  await client.query("begin; lock table inventory.stock in access exclusive mode")
  const sale = crowd.rush({ url, sku: "STALL", buyers: people })
  await sleep(stallMs)
  expect(crowd.answers.size).toBe(0)
  await client.query("commit")
  const movedAt = Date.now()
  while (crowd.answers.size === 0) await sleep(10)
  note(`served again ${Date.now() - movedAt} ms after the database moved again`)
  await sale
  note(`all had an answer after ${Date.now() - movedAt} ms: ${JSON.stringify(crowd.statuses)}`)
  expect(crowd.broken).toBe(0)
  expect(crowd.statuses[503] ?? 0).toBeGreaterThanOrEqual(clients)
  const end = { place, url, sku: "STALL", crowd }
  await sellTheRest(end)
  await restock(place, "STALL", 5)
  await sellsExactly(end, 5)
  await expectExact(end, units + 5)
  await expectChecked(place)
})

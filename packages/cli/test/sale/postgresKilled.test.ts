/** The database dies in the middle of a sale, and comes back. */
import { setTimeout as sleep } from "node:timers/promises"
import { afterEach, expect, test } from "vitest"
import { startThrowawayPostgres } from "../../../../test/servers/throwawayPostgres.ts"
import { temporaryFolder } from "../support/places.ts"
import { startServing } from "../support/serving.ts"
import { Cleanup } from "./support/Cleanup.ts"
import { Crowd, guests } from "./support/Crowd.ts"
import { note } from "./support/note.ts"
import { expectChecked, expectExact, sellTheRest } from "./support/saleEnd.ts"
import { openStore, restock } from "./support/saleStore.ts"

const cleanup = new Cleanup()
afterEach(() => cleanup.run(), 60_000)

const sku = "OUTAGE"
const [early, late] = [60, 40]
/** Everybody pays, but many not at once: there is always something under way. */
const mix = "approve=2,late=2,timeout_before=1,timeout_after=1,twice=1"

test("a Postgres that is killed: buyers are told to come again, and nothing promised is lost", {
  timeout: 240_000
}, async () => {
  const postgres = cleanup.keep(await startThrowawayPostgres(), (it) => it.stop())
  const { path, remove } = cleanup.keep(temporaryFolder(), async (it) => it.remove())
  const place = {
    flags: { "data-dir": path, "database-url": postgres.url },
    args: ["--data-dir", path, "--database-url", postgres.url],
    remove: async () => remove()
  }
  await openStore(place, { [sku]: early })
  const serving = await startServing(place, ["--workers", "2", "--provider-mix", mix])
  const { url } = cleanup.keep(serving, (it) => it.stop()).ready

  const crowd = new Crowd()
  const people = await guests(url, 300)
  const sale = crowd.rush({ url, sku, buyers: people, spreadMs: 6_000 })
  while ((crowd.tally["Won"] ?? 0) < early / 2) await sleep(10)
  await postgres.kill()
  await sleep(2_000)
  expect((await fetch(`${url}/readyz`)).status).toBe(503)
  expect((await fetch(`${url}/healthz`)).status).toBe(200)
  await postgres.restart()
  const backAt = Date.now()
  const answered = crowd.answers.size
  while (crowd.answers.size === answered) await sleep(10)
  note(`served again ${Date.now() - backAt} ms after the database was back`)
  await restock(place, sku, late)
  await sale
  note(`all had an answer after ${Date.now() - backAt} ms: ${JSON.stringify(crowd.statuses)}`)

  const end = { place, url, sku, crowd }
  await sellTheRest(end)
  await expectExact(end, early + late)
  expect(crowd.broken).toBe(0)
  expect(crowd.statuses[503] ?? 0).toBeGreaterThan(0)
  await expectChecked(place)
})

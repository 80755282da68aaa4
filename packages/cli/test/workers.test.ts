import { setTimeout as sleep } from "node:timers/promises"
import { afterEach, expect, test } from "vitest"
import { embeddedPlace, type Place, serverPlace } from "./support/places.ts"
import { runJson } from "./support/runStore.ts"
import { makeSampleStore } from "./support/sampleStore.ts"
import { type Serving, startServing } from "./support/serving.ts"
import { allPaid, ask, buy, type Shopper, shoppers } from "./support/shopper.ts"

let clean: Array<() => Promise<unknown>> = []
afterEach(async () => {
  for (const step of clean.toReversed()) await step()
  clean = []
})

const opened = async (makePlace: () => Promise<Place>) => {
  const place = await makePlace()
  clean.push(place.remove)
  return place
}

const served = async (place: Place, ...flags: ReadonlyArray<string>): Promise<Serving> => {
  const serving = await startServing(place, flags)
  clean.push(() => serving.stop())
  return serving
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** A fresh connection each time, so that it is not always the same worker that answers. */
const text = async (url: string) => (await fetch(url, { headers: { connection: "close" } })).text()

/** Asks until it is so; a vain wait ends with the test's own time. */
const until = async (holds: () => Promise<boolean>) => {
  while (!(await holds().catch(() => false))) await sleep(50)
}

/** Everybody buys one unit: who was told what. */
const rush = async (urls: ReadonlyArray<string>, buyers: ReadonlyArray<Shopper>, sku: string) => {
  const replies = await Promise.all(
    buyers.map((buyer, i) => buy(urls[i % urls.length] ?? "", buyer, sku))
  )
  const orders = replies.flatMap(({ json, status }, i) =>
    status === 201 ? [[json.order_id as string, buyers[i] as Shopper] as const] : []
  )
  return { orders, refused: replies.filter(({ json }) => json.code === "sold_out").length }
}

const audited = async (place: Place) => {
  const { code, json } = await runJson(["check", ...place.args])
  expect({ code, broken: json.broken ?? json.violations ?? [] }).toEqual({ code: 0, broken: [] })
}

test("several workers share the port, and go together on SIGTERM", {
  timeout: 120_000
}, async () => {
  const place = await opened(serverPlace)
  const serving = await startServing(place, ["--workers", "2"])
  const { pid, pids, url, workers } = serving.ready
  expect({ workers, processes: new Set([pid, ...pids]).size }).toEqual({ workers: 2, processes: 3 })
  expect((await fetch(`${url}/readyz`)).status).toBe(200)

  const { code, stderr, stdout } = await serving.stop()
  expect(code).toBe(0)
  expect(stdout.trim().split("\n")).toHaveLength(1)
  expect(stderr).toContain(`listening on ${url} with 2 workers`)
  expect([pid, ...pids].filter(isAlive)).toEqual([])
  await expect(fetch(`${url}/healthz`)).rejects.toThrow()
})

test("a worker that is killed is replaced, and any of them tells the metrics of all", {
  timeout: 120_000
}, async () => {
  const place = await opened(serverPlace)
  const { ready, stop } = await served(place, "--workers", "2")
  const places = async () =>
    [...(await text(`${ready.url}/metrics`)).matchAll(/^doorbuster_sagas_running\{(.*)\}/gm)].map(
      ([, labels]) => labels
    )
  expect(await places()).toEqual(['worker="1"', 'worker="2"'])
  const [victim = 0] = ready.pids
  process.kill(victim, "SIGKILL")
  await until(async () => (await places()).length === 1)
  await until(async () => (await places()).length === 2)
  const { code, stderr } = await stop()
  expect(code).toBe(0)
  expect(stderr).toContain("worker 1 is gone (SIGKILL)")
})

test("workers that cannot start are told of once, in the words of one of them", {
  timeout: 120_000
}, async () => {
  const place = await opened(serverPlace)
  const { ready } = await served(place)
  const args = ["serve", "--workers", "2", "--port", String(ready.port), ...place.args]
  const { code, json, stderr } = await runJson(args)
  expect(code).toBe(1)
  expect(json.error).toMatchObject({ code: "cannot_listen", port: ready.port })
  expect(stderr).not.toContain("error:")
})

test.each([
  [["--workers", "2"], "--workers above 1 needs a Postgres server"],
  [["--role", "web"], "--role web needs a Postgres server"]
])("the embedded database is for one process: %s is a usage error", async (flags, message) => {
  const place = await opened(embeddedPlace)
  const { code, json } = await runJson(["serve", "--port", "0", ...flags, ...place.args])
  expect(code).toBe(2)
  expect(json.error.message).toContain(message)
})

test("a line that several processes share is refused without a Redis", async () => {
  const place = await opened(serverPlace)
  const args = ["serve", "--port", "0", "--workers", "2", "--order-queue", ...place.args]
  const { code, json } = await runJson(args)
  expect(code).toBe(2)
  expect(json.error.message).toContain("REDIS_URL")
})

test("a worker that is killed in the middle of a sale loses nothing", {
  timeout: 180_000
}, async () => {
  const place = await opened(serverPlace)
  await makeSampleStore(place)
  const { ready } = await served(place, "--workers", "2", "--provider-mix", "late=1,approve=1")
  const buyers = await shoppers(ready.url, 130)
  const sale = rush([ready.url], buyers, "CUP")
  await sleep(150)
  process.kill(ready.pids[1] ?? 0, "SIGKILL")
  const { orders, refused } = await sale
  expect({ orders: orders.length, refused }).toEqual({ orders: 100, refused: 30 })
  await allPaid(ready.url, orders)
  await audited(place)
})

test("two servers on one Postgres: when one is killed, the other takes its sagas over", {
  timeout: 180_000
}, async () => {
  const place = await opened(serverPlace)
  await makeSampleStore(place)
  const mix = ["--provider-mix", "late=1"]
  const survivor = await served(place, ...mix)
  const victim = await served(place, ...mix)
  const buyers = await shoppers(survivor.ready.url, 60)
  const { orders } = await rush([victim.ready.url], buyers, "CUP")
  expect(orders).toHaveLength(60)
  process.kill(victim.ready.pid, "SIGKILL")
  await allPaid(survivor.ready.url, orders)
  await audited(place)
})

test("a web server takes over nobody's sagas; a worker does, and serves no shop", {
  timeout: 180_000
}, async () => {
  const place = await opened(serverPlace)
  await makeSampleStore(place)
  const mix = ["--provider-mix", "late=1"]
  const victim = await served(place, "--role", "web", ...mix)
  const buyers = await shoppers(victim.ready.url, 20)
  const { orders } = await rush([victim.ready.url], buyers, "CUP")
  process.kill(victim.ready.pid, "SIGKILL")
  const web = await served(place, "--role", "web", ...mix)
  const openSagas = async () => {
    const { json } = await runJson(["saga", "list", "--state", "open", ...place.args])
    return json.sagas.length
  }
  // The dead one's lease of ten seconds is over by then.
  await sleep(13_000)
  expect(await openSagas()).toBe(orders.length)

  const worker = await served(place, "--role", "worker", ...mix)
  await allPaid(web.ready.url, orders)
  const statuses = ["/healthz", "/readyz", "/metrics", "/products", "/docs", "/openapi.json"]
  const answers = statuses.map(async (path) => (await fetch(`${worker.ready.url}${path}`)).status)
  expect(await Promise.all(answers)).toEqual([200, 200, 200, 404, 404, 404])
  const refused = await ask(`${worker.ready.url}/sessions`, { method: "POST" })
  expect(refused).toMatchObject({ status: 404, json: { code: "not_found" } })
  await audited(place)
})

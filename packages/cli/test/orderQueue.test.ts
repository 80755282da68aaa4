import { setTimeout as sleep } from "node:timers/promises"
import { afterEach, expect, test } from "vitest"
import { startThrowawayRedis } from "../../../test/servers/throwawayRedis.ts"
import { embeddedPlace, type Place, serverPlace } from "./support/places.ts"
import { runJson } from "./support/runStore.ts"
import { makeSampleStore } from "./support/sampleStore.ts"
import { type Serving, startServing } from "./support/serving.ts"
import { allPaid, buy, buyInLine, type Reply, type Shopper, shoppers } from "./support/shopper.ts"

let clean: Array<() => Promise<unknown>> = []
afterEach(async () => {
  for (const step of clean.toReversed()) await step()
  clean = []
})

const sampleStore = async (makePlace: () => Promise<Place>) => {
  const place = await makePlace()
  clean.push(place.remove)
  await makeSampleStore(place)
  return place
}

const redisServer = async () => {
  const redis = await startThrowawayRedis()
  clean.push(redis.stop)
  return redis
}

const served = async (
  place: Place,
  flags: ReadonlyArray<string>,
  env: Readonly<Record<string, string>> = {}
): Promise<Serving> => {
  const serving = await startServing(place, ["--order-queue", ...flags], { env })
  clean.push(() => serving.stop())
  return serving
}

const audited = async (place: Place) => {
  const { code, stderr } = await runJson(["check", ...place.args])
  expect({ code, stderr }).toMatchObject({ code: 0 })
}

/** 100 cups for 130 people: exactly 100 have one, everybody was told. */
const expectExact = async (url: string, buyers: ReadonlyArray<Shopper>, replies: Array<Reply>) => {
  const tally: Record<string, number> = {}
  for (const { json, status } of replies) {
    const told = status === 201 ? "order" : String(json.code)
    tally[told] = (tally[told] ?? 0) + 1
  }
  expect(tally).toEqual({ order: 100, sold_out: 30 })
  const orders = replies.flatMap(({ json, status }, i) =>
    status === 201 ? [[json.order_id as string, buyers[i] as Shopper] as const] : []
  )
  expect(new Set(orders.map(([id]) => id)).size).toBe(100)
  await allPaid(url, orders)
}

const unitsOf = async (place: Place) => {
  const { json } = await runJson(["stock", "show", "CUP", ...place.args])
  return json.stock
}

test("in line without a Redis, exactly what is there is sold", { timeout: 180_000 }, async () => {
  const place = await sampleStore(embeddedPlace)
  const { ready } = await served(place, ["--drain-rate", "100"])
  const buyers = await shoppers(ready.url, 130)
  const replies = await Promise.all(buyers.map((buyer) => buyInLine(ready.url, buyer, "CUP")))
  await expectExact(ready.url, buyers, replies)
  expect(await unitsOf(place)).toMatchObject([{ received: 100, reserved: 0, sold: 100 }])
  await audited(place)
})

test("a worker that is killed while it holds orders loses none, and nobody waits in vain", {
  timeout: 240_000
}, async () => {
  const place = await sampleStore(serverPlace)
  const redis = await redisServer()
  const env = { REDIS_URL: redis.url }
  const { ready } = await served(place, ["--workers", "2", "--drain-rate", "40"], env)
  const buyers = await shoppers(ready.url, 130)
  const sale = Promise.all(buyers.map((buyer) => buyInLine(ready.url, buyer, "CUP")))
  await sleep(1_500)
  process.kill(ready.pids[0] ?? 0, "SIGKILL")
  await expectExact(ready.url, buyers, await sale)
  expect(await unitsOf(place)).toMatchObject([{ received: 100, reserved: 0, sold: 100 }])
  await audited(place)
})

test("a Redis that loses the line in the middle of a sale loses no order", {
  timeout: 240_000
}, async () => {
  const place = await sampleStore(serverPlace)
  const redis = await redisServer()
  const env = { REDIS_URL: redis.url }
  const { ready } = await served(place, ["--drain-rate", "40"], env)
  const buyers = await shoppers(ready.url, 130)
  const sale = Promise.all(buyers.map((buyer) => buyInLine(ready.url, buyer, "CUP")))
  await sleep(1_500)
  await redis.restart()
  const replies = await sale
  await expectExact(ready.url, buyers, replies)
  // Whoever sends the same request again has the same order.
  const [first] = replies.flatMap(({ json, status }, i) =>
    status === 201 ? [{ id: json.order_id, buyer: buyers[i] as Shopper }] : []
  )
  const again = await buy(ready.url, first?.buyer as Shopper, "CUP")
  expect(again).toMatchObject({ status: 201, json: { order_id: first?.id } })
  await audited(place)
})

test("a Redis that freezes, and comes back with an older line, sells nothing twice", {
  timeout: 240_000
}, async () => {
  const place = await sampleStore(serverPlace)
  const redis = await redisServer()
  const env = { REDIS_URL: redis.url }
  const { ready } = await served(place, ["--drain-rate", "40"], env)
  const buyers = await shoppers(ready.url, 130)
  const sale = Promise.all(buyers.map((buyer) => buyInLine(ready.url, buyer, "CUP")))
  await sleep(700)
  const dump = await redis.dump()
  await sleep(700)
  redis.freeze()
  await sleep(5_000)
  redis.thaw()
  await sleep(300)
  await redis.restart(dump)
  await expectExact(ready.url, buyers, await sale)
  await audited(place)
})

test("who takes requests need not place them: a worker does, when there is one", {
  timeout: 180_000
}, async () => {
  const place = await sampleStore(serverPlace)
  const env = { REDIS_URL: (await redisServer()).url }
  const { ready } = await served(place, ["--role", "web"], env)
  const [buyer] = await shoppers(ready.url, 1)
  const joined = await buy(ready.url, buyer as Shopper, "CUP")
  expect(joined.status).toBe(202)
  await served(place, ["--role", "worker"], env)
  const reply = await buyInLine(ready.url, buyer as Shopper, "CUP")
  expect(reply).toMatchObject({ status: 201, json: { state: "pending_payment" } })
})

test("a line without a Redis behind it says so with 503, and serves again when it is back", {
  timeout: 180_000
}, async () => {
  const place = await sampleStore(serverPlace)
  const redis = await redisServer()
  const { ready } = await served(place, [], { REDIS_URL: redis.url })
  const [buyer] = await shoppers(ready.url, 1)
  await redis.kill()
  const response = await fetch(`${ready.url}/checkout`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${buyer?.token}`,
      "content-type": "application/json",
      "idempotency-key": "while-it-is-away"
    },
    body: JSON.stringify({ currency: "EUR", lines: [{ sku: "CUP", quantity: 1 }] })
  })
  expect(response.status).toBe(503)
  expect(response.headers.get("retry-after")).toBe("1")
  await redis.restart()
  const reply = await buyInLine(ready.url, buyer as Shopper, "CUP")
  expect(reply.status).toBe(201)
})

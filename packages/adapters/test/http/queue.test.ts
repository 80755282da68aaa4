import { setTimeout as sleep } from "node:timers/promises"
import { Sku } from "@doorbuster/core/catalog/Sku"
import { Inventory } from "@doorbuster/core/inventory/Inventory"
import { ofSku } from "@doorbuster/core/inventory/StockKey"
import { SagaRunner } from "@doorbuster/core/saga/SagaRunner"
import { afterEach, assert, describe, it } from "@effect/vitest"
import { assertProblem, openShop, type Reply, type Shop, staffToken } from "./shop.ts"

let shops: Array<Shop> = []
afterEach(async () => {
  for (const shop of shops) await shop[Symbol.asyncDispose]()
  shops = []
})

const opened = async (...args: Parameters<typeof openShop>) => {
  const shop = await openShop(...args)
  shops.push(shop)
  return shop
}

/** So slow that after the first nobody's turn comes. */
const standing = { perSecond: 0.000_1 }
const swift = { perSecond: 100_000 }

const buy = (shop: Shop, token: string, sku: string, key: string, quantity = 1) => {
  const body = { currency: "EUR", lines: [{ sku, quantity }] }
  return shop.call("POST", "/checkout", { token, key, body })
}

/** Asks until the order has its answer. */
const done = async (shop: Shop, token: string, ticket: string): Promise<Reply> => {
  while (true) {
    const reply = await shop.call("GET", `/queue/${ticket}`, { token })
    if (reply.json?.state !== "waiting") return reply
    await sleep(5)
  }
}

const levelOf = async (shop: Shop, sku: string) => {
  const key = ofSku(Sku.make(sku))
  const [level] = await shop.inside(Inventory.use(({ levels }) => levels([key])))
  return level
}

/** Somebody else's order takes the one turn there is. */
const blocked = async () => {
  const shop = await opened({ queue: standing })
  const first = await shop.guest()
  const { json } = await buy(shop, first, "MUG", "first")
  await done(shop, first, json.ticket)
  return shop
}

describe("where orders wait in line", () => {
  it("a checkout is answered with a ticket, and the ticket with the order", async () => {
    const shop = await opened({ queue: swift })
    const token = await shop.guest()
    const reply = await buy(shop, token, "MUG", "one", 2)
    assert.strictEqual(reply.status, 202)
    const { ticket } = reply.json
    assert.deepStrictEqual(reply.json, {
      ticket,
      state: "waiting",
      position: 1,
      estimated_seconds: 1
    })
    assert.strictEqual(reply.headers.get("location"), `/queue/${ticket}`)
    assert.strictEqual(reply.headers.get("retry-after"), "1")

    const { json, status } = await done(shop, token, ticket)
    assert.strictEqual(status, 200)
    assert.include(json, { ticket, state: "done", status: 201 })
    assert.include(json.answer, { order_id: json.order_id, total: 2000 })
    await shop.settled()
    const order = await shop.call("GET", `/orders/${json.order_id}`, { token })
    assert.include(order.json, { state: "paid", total: 2000 })

    const again = await buy(shop, token, "MUG", "one", 2)
    assert.strictEqual(again.status, 201)
    assert.strictEqual(again.headers.get("idempotent-replayed"), "true")
    assert.strictEqual(again.headers.get("location"), `/orders/${json.order_id}`)
    assert.strictEqual(again.json.order_id, json.order_id)
    assert.include(await levelOf(shop, "MUG"), { reserved: 0, sold: 2 })
  })

  it("twins have one ticket, and a key with another body is refused", async () => {
    const shop = await blocked()
    const token = await shop.guest()
    const twins = await Promise.all(
      Array.from({ length: 10 }, () => buy(shop, token, "MUG", "twin"))
    )
    const [first] = twins
    assert.deepStrictEqual(
      twins.map(({ json, status }) => [status, json]),
      twins.map(() => [202, first?.json])
    )
    assertProblem(await buy(shop, token, "MUG", "twin", 2), 422, "idempotency_key_reused")
  })

  it("says how far the line is, to the ticket's owner and to staff only", async () => {
    const shop = await blocked()
    const [one, two] = [await shop.guest(), await shop.guest()]
    const first = await buy(shop, one, "MUG", "k")
    const second = await buy(shop, two, "MUG", "k")
    assert.deepStrictEqual([first.json.position, second.json.position], [1, 2])
    assert.strictEqual(second.json.estimated_seconds, 20_000)
    assert.strictEqual(second.headers.get("retry-after"), "30")
    const look = (token: string) => shop.call("GET", `/queue/${second.json.ticket}`, { token })
    assert.deepStrictEqual((await look(two)).json, second.json)
    assert.deepStrictEqual((await look(staffToken)).json, second.json)
    assertProblem(await look(one), 404, "unknown_ticket")
    assertProblem(await look("nobody"), 401, "unauthorized")
    const unknown = "00000000-0000-8000-8000-000000000000"
    assertProblem(
      await shop.call("GET", `/queue/${unknown}`, { token: one }),
      404,
      "unknown_ticket"
    )
    assertProblem(await shop.call("GET", "/queue/x", { token: one }), 404, "not_found")
  })

  it("a refusal is the ticket's answer, and the key may be used again", async () => {
    const shop = await opened({ queue: swift })
    const token = await shop.guest()
    const { json } = await buy(shop, token, "VASE", "k")
    const reply = await done(shop, token, json.ticket)
    assert.include(reply.json, { state: "done", status: 422, order_id: null })
    assert.include(reply.json.answer, { code: "not_for_sale", status: 422, sku: "VASE" })
    const again = await buy(shop, token, "MUG", "k")
    assert.include(again.json, { ticket: json.ticket, state: "waiting" })
    assert.include((await done(shop, token, json.ticket)).json, { status: 201 })
  })

  it("what cannot be meant is refused before it gets a place", async () => {
    const shop = await opened({ queue: swift })
    const token = await shop.guest()
    assertProblem(await buy(shop, token, "MUG", "k", 0), 422, "invalid_request")
    const cart = { currency: "EUR", cart_id: "mine" }
    const send = () => shop.call("POST", "/checkout", { token, key: "cart", body: cart })
    assertProblem(await send(), 422, "cart_empty")
    await shop.call("PUT", "/cart/lines/MUG", { token, body: { quantity: 3 } })
    const { json } = await send()
    const reply = await done(shop, token, json.ticket)
    assert.include(reply.json.answer, { total: 3000 })
    await shop.inside(SagaRunner.use(({ idle }) => idle))
    while ((await shop.call("GET", "/cart", { token })).json.lines.length > 0) await sleep(5)
    assert.include((await send()).json, { order_id: reply.json.order_id })
  })

  it("exactly what is there is sold, and everybody has an answer", async () => {
    const shop = await opened({ queue: { perSecond: 2_000 } })
    const buyers = await Promise.all(Array.from({ length: 60 }, () => shop.guest()))
    const replies = await Promise.all(
      buyers.map(async (token) => {
        const { json } = await buy(shop, token, "RARE", "k")
        return (await done(shop, token, json.ticket)).json
      })
    )
    const answered = (status: number) => replies.filter((reply) => reply.status === status)
    assert.lengthOf(answered(201), 5)
    assert.lengthOf(answered(409), 55)
    for (const { answer } of answered(409)) {
      assert.include(answer, { code: "sold_out", sku: "RARE", requested: 1, available: 0 })
    }
    await shop.settled()
    assert.include(await levelOf(shop, "RARE"), { received: 5, reserved: 0, sold: 5 })
  })

  it("those still waiting are told at once when it is sold out", async () => {
    // At this rate the next turn comes in twenty seconds, and the last one in ten minutes.
    const shop = await opened({ queue: { perSecond: 0.05, sweepMs: 20 } })
    const [lucky, other] = [await shop.guest(), await shop.guest()]
    const { json } = await buy(shop, lucky, "LAMP", "k")
    assert.include((await done(shop, lucky, json.ticket)).json, { status: 201 })
    const lamps = await Promise.all(
      Array.from({ length: 30 }, (_, i) => buy(shop, other, "LAMP", `lamp${i}`))
    )
    const mug = await buy(shop, other, "MUG", "mug")
    for (const { json } of lamps) {
      const reply = await done(shop, other, json.ticket)
      assert.include(reply.json.answer, { code: "sold_out", available: 0 })
    }
    const still = await shop.call("GET", `/queue/${mug.json.ticket}`, { token: other })
    assert.include(still.json, { state: "waiting", position: 1 })
  })
})

describe("where no line is", () => {
  it("there are no tickets", async () => {
    const shop = await opened()
    const token = await shop.guest()
    const ticket = "00000000-0000-8000-8000-000000000000"
    assertProblem(await shop.call("GET", `/queue/${ticket}`, { token }), 404, "unknown_ticket")
  })
})

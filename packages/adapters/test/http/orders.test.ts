import { namedUuid } from "@doorbuster/core/Uuid"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { assertProblem, openShop, type Shop, staffToken } from "./shop.ts"

let shop: Shop
/** Its provider says "pending" and captures later: orders wait for their money. */
let slowShop: Shop
beforeAll(async () => {
  shop = await openShop()
  slowShop = await openShop({ payments: { seed: "late", mix: { late: 1 } } })
})
afterAll(async () => {
  await shop[Symbol.asyncDispose]()
  await slowShop[Symbol.asyncDispose]()
})

const checkout = async (at: Shop, token: string, body: object = {}) => {
  const placed = await at.call("POST", "/checkout", {
    token,
    key: crypto.randomUUID(),
    body: { currency: "EUR", lines: [{ sku: "MUG", quantity: 1 }], ...body }
  })
  return placed.json.order_id as string
}

const staffWrite = (path: string, body: object = {}) =>
  shop.call("POST", path, { token: staffToken, key: crypto.randomUUID(), body })

interface Event {
  readonly id: number
  readonly event: string
  readonly data: { readonly seq: number; readonly to: string }
}

/** Reads a stream of events to its end. */
const follow = async (at: Shop, path: string, token: string, lastEventId?: string) => {
  const response = await fetch(`${at.url}${path}`, {
    headers: {
      authorization: `Bearer ${token}`,
      ...(lastEventId !== undefined && { "last-event-id": lastEventId })
    }
  })
  const text = await response.text()
  const blocks = text.split("\n\n").filter((block) => block !== "")
  const field = (block: string, name: string) =>
    block
      .split("\n")
      .find((row) => row.startsWith(`${name}: `))
      ?.slice(name.length + 2) ?? ""
  const events = blocks
    .filter((block) => !block.startsWith(":"))
    .map(
      (block): Event => ({
        id: Number(field(block, "id")),
        event: field(block, "event"),
        data: JSON.parse(field(block, "data"))
      })
    )
  const heartbeats = blocks.filter((block) => block.startsWith(":")).length
  return { events, heartbeats, type: response.headers.get("content-type") }
}

describe("orders over HTTP", () => {
  it("another buyer's order does not exist", async () => {
    const [owner, other] = [await shop.guest(), await shop.guest()]
    const id = await shop.paidOrder(owner)
    for (const path of ["", "/events", "/shipments"]) {
      const refused = await shop.call("GET", `/orders/${id}${path}`, { token: other })
      assertProblem(refused, 404, "unknown_order")
    }
    const canceled = await shop.call("POST", `/orders/${id}/cancel`, { token: other })
    assertProblem(canceled, 404, "unknown_order")
    assert.strictEqual((await shop.call("GET", `/orders/${id}`, { token: owner })).status, 200)
    assert.strictEqual((await shop.call("GET", `/orders/${id}`, { token: staffToken })).status, 200)
    const nobodys = namedUuid("nobody's")
    const missing = await shop.call("GET", `/orders/${nobodys}`, { token: owner })
    assertProblem(missing, 404, "unknown_order")
  })

  it("are listed newest first, page by page, one's own only", async () => {
    const token = await shop.guest()
    const ids: Array<string> = []
    for (let i = 0; i < 5; i++) ids.unshift(await checkout(shop, token, { external_ref: `R${i}` }))
    await shop.paidOrder(await shop.guest())
    const seen: Array<string> = []
    let next: string | null = ""
    while (next !== null) {
      const before: string = next === "" ? "" : `&before=${next}`
      const { json } = await shop.call("GET", `/orders?limit=2${before}`, { token })
      assert.isAtMost(json.orders.length, 2)
      seen.push(...json.orders.map((order: { order_id: string }) => order.order_id))
      next = json.next
    }
    assert.deepStrictEqual(seen, ids)
    const found = await shop.call("GET", "/orders?external_ref=R3", { token })
    assert.deepStrictEqual(
      found.json.orders.map((order: { external_ref: string }) => order.external_ref),
      ["R3"]
    )
  })

  it("show their shipment", async () => {
    const token = await shop.guest()
    const id = await shop.paidOrder(token)
    const shipments = async () =>
      (await shop.call("GET", `/orders/${id}/shipments`, { token })).json.shipments
    assert.strictEqual((await shipments())[0].state, "requested")
    await staffWrite(`/ops/orders/${id}/ship`, { carrier: "Royal Mail", tracking: "RM1" })
    const [shipped] = await shipments()
    assert.deepInclude(shipped, { state: "shipped", carrier: "Royal Mail", tracking: "RM1" })
  })
})

describe("an order's events", () => {
  it("come with the history so far, follow what happens, and end with the order", async () => {
    const token = await shop.guest()
    const id = await shop.paidOrder(token)
    const following = follow(shop, `/orders/${id}/events`, token)
    await staffWrite(`/ops/orders/${id}/ship`)
    // Quiet for longer than a heartbeat takes.
    await new Promise((resolve) => setTimeout(resolve, 250))
    await staffWrite(`/ops/orders/${id}/deliver`)
    const { events, heartbeats, type } = await following
    assert.match(type ?? "", /^text\/event-stream/)
    assert.deepStrictEqual(
      events.map(({ data, event, id: seq }) => [seq, event, data.to]),
      [
        [1, "Place", "pending_payment"],
        [2, "Capture", "paid"],
        [3, "Ship", "shipped"],
        [4, "Deliver", "completed"]
      ]
    )
    assert.isAtLeast(heartbeats, 1)
    assert.isTrue(events.every(({ data, id: seq }) => data.seq === seq))
  })

  it("honour Last-Event-ID, and end at once when all was seen", async () => {
    const token = await shop.guest()
    const id = await shop.paidOrder(token)
    await staffWrite(`/ops/orders/${id}/refund`)
    const path = `/orders/${id}/events`
    const rest = await follow(shop, path, token, "2")
    assert.deepStrictEqual(
      rest.events.map(({ event }) => event),
      ["Refund"]
    )
    assert.deepStrictEqual((await follow(shop, path, token, "3")).events, [])
    assert.strictEqual((await follow(shop, path, token, "no number")).events.length, 3)
  })
})

describe("canceling over HTTP", () => {
  const stateOf = async (at: Shop, id: string, token: string) =>
    (await at.call("GET", `/orders/${id}`, { token })).json.state

  it("an order whose money is on its way ends without money or units taken", async () => {
    const token = await slowShop.guest()
    const id = await checkout(slowShop, token)
    const asked = await slowShop.call("POST", `/orders/${id}/cancel`, { token })
    assert.strictEqual(asked.status, 202, asked.text)
    assert.deepStrictEqual(asked.json, { order_id: id, cancel_requested: true })
    const { events } = await follow(slowShop, `/orders/${id}/events`, token)
    assert.include(["canceled", "refunded"], events.at(-1)?.data.to)
    await slowShop.settled()
    const { json } = await slowShop.call("GET", "/ops/stock?sku=MUG", { token: staffToken })
    assert.deepInclude(json.stock[0], { reserved: 0, sold: 0 })
  })

  it("an order that is paid is not canceled, but refunded by staff", async () => {
    const token = await shop.guest()
    const id = await shop.paidOrder(token)
    const refused = await shop.call("POST", `/orders/${id}/cancel`, { token })
    assertProblem(refused, 409, "illegal_transition")
    assert.deepStrictEqual([refused.json.from, refused.json.event], ["paid", "Cancel"])
    assert.strictEqual(await stateOf(shop, id, token), "paid")
  })
})

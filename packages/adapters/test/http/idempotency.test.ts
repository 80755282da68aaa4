import { MemoryStore, make as makeStore } from "@doorbuster/adapters/memory/MemoryStore"
import { layerShared } from "@doorbuster/adapters/memory/memoryLayer"
import { approveAll } from "@doorbuster/adapters/payments/SandboxBehavior"
import { Orders } from "@doorbuster/core/order/Orders"
import type { Sagas } from "@doorbuster/core/order/Sagas"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { assertProblem, openShop, type Reply, type Shop, staffToken } from "./shop.ts"

let shop: Shop
beforeAll(async () => {
  shop = await openShop()
})
afterAll(() => shop[Symbol.asyncDispose]())

const body = { currency: "EUR", lines: [{ sku: "MUG", quantity: 1 }] }
const replayed = (reply: Reply) => reply.headers.get("idempotent-replayed")

const ordersOf = async (token: string) =>
  (await shop.call("GET", "/orders", { token })).json.orders.length

/** Every write that needs a key, with a body that is right. */
const keyedWrites = [
  ["/checkout", body],
  ["/ops/stock", { sku: "MUG", quantity: 1, kind: "receipt", reason: "more" }],
  ["/ops/journal", { kind: "bad_debt", amount: 5, currency: "EUR", memo: "gone" }],
  ["/ops/orders/018f0000-0000-7000-8000-000000000000/ship", {}],
  ["/ops/orders/018f0000-0000-7000-8000-000000000000/deliver", {}],
  ["/ops/orders/018f0000-0000-7000-8000-000000000000/refund", {}]
] as const

describe("idempotency over HTTP", () => {
  it.each(keyedWrites)("no key: POST %s is refused", async (path, write) => {
    const refused = await shop.call("POST", path, { token: staffToken, body: write })
    assertProblem(refused, 400, "idempotency_key_required")
  })

  it.each(["with space", "ä", "k".repeat(256)])("key %j: refused", async (key) => {
    const token = await shop.guest()
    const refused = await shop.call("POST", "/checkout", {
      token,
      body,
      headers: { "idempotency-key": Buffer.from(key).toString("latin1") }
    })
    assertProblem(refused, 400, "idempotency_key_invalid")
  })

  it("same key and body, done: the first answer, byte for byte, marked as such", async () => {
    const token = await shop.guest()
    const first = await shop.call("POST", "/checkout", { token, key: "k", body })
    await shop.settled()
    // White space and the order of the keys make no other body.
    const raw = `{ "lines": [{"quantity": 1, "sku": "MUG"}], "currency": "EUR" }`
    const again = await shop.call("POST", "/checkout", { token, key: "k", raw })
    assert.deepStrictEqual(
      [again.status, again.text, replayed(again)],
      [first.status, first.text, "true"]
    )
    assert.strictEqual(replayed(first), null)
    assert.strictEqual(again.headers.get("location"), first.headers.get("location"))
    assert.strictEqual(await ordersOf(token), 1)
  })

  it("same key, other body: 422, and nothing happens", async () => {
    const token = await shop.guest()
    await shop.call("POST", "/checkout", { token, key: "k", body })
    const other = { ...body, lines: [{ sku: "MUG", quantity: 2 }] }
    const refused = await shop.call("POST", "/checkout", { token, key: "k", body: other })
    assertProblem(refused, 422, "idempotency_key_reused")
    assert.strictEqual(await ordersOf(token), 1)
  })

  it("same key, other path: 422", async () => {
    const [one, two] = [await shop.paidOrder(staffToken), await shop.paidOrder(staffToken)]
    const key = "one-key-two-orders"
    const ship = (id: string) =>
      shop.call("POST", `/ops/orders/${id}/ship`, { token: staffToken, key, body: {} })
    assert.strictEqual((await ship(one)).status, 200)
    assertProblem(await ship(two), 422, "idempotency_key_reused")
  })

  it("refused before anything was written: the key may be used again", async () => {
    const token = await shop.guest()
    const key = "again"
    const soldOut = { currency: "EUR", lines: [{ sku: "LAMP", quantity: 2 }] }
    assertProblem(
      await shop.call("POST", "/checkout", { token, key, body: soldOut }),
      409,
      "sold_out"
    )
    const invalid = { ...body, lines: [] }
    assertProblem(
      await shop.call("POST", "/checkout", { token, key, body: invalid }),
      422,
      "invalid_request"
    )
    const placed = await shop.call("POST", "/checkout", { token, key, body })
    assert.deepStrictEqual([placed.status, replayed(placed)], [201, null])
  })

  it("keys belong to their account", async () => {
    const [one, two] = [await shop.guest(), await shop.guest()]
    const first = await shop.call("POST", "/checkout", { token: one, key: "shared", body })
    const second = await shop.call("POST", "/checkout", { token: two, key: "shared", body })
    assert.deepStrictEqual([first.status, second.status], [201, 201])
    assert.notStrictEqual(first.json.order_id, second.json.order_id)
  })

  it("50 twins at once make one order; each is told the same, or to ask again", async () => {
    const token = await shop.guest()
    const twins = await Promise.all(
      Array.from({ length: 50 }, () => shop.call("POST", "/checkout", { token, key: "twin", body }))
    )
    const told = twins.filter(({ status }) => status === 201)
    for (const reply of twins.filter(({ status }) => status !== 201)) {
      assertProblem(reply, 409, "idempotency_in_flight")
      assert.strictEqual(reply.headers.get("retry-after"), "1")
    }
    assert.strictEqual(new Set(told.map(({ text }) => text)).size, 1)
    assert.strictEqual(told.filter((reply) => replayed(reply) === null).length, 1)
    await shop.settled()
    assert.strictEqual(await ordersOf(token), 1)
  })

  it.each([
    ["/ops/stock", { sku: "MUG", quantity: 7, kind: "receipt", reason: "more" }],
    ["/ops/journal", { kind: "bad_debt", amount: 5, currency: "EUR", memo: "gone" }]
  ])("50 twins of POST %s happen once", async (path, write) => {
    const received = async () =>
      (await shop.call("GET", "/ops/stock?sku=MUG", { token: staffToken })).json.stock[0].received
    const before = await received()
    const twins = await Promise.all(
      Array.from({ length: 50 }, () =>
        shop.call("POST", path, { token: staffToken, key: "twins", body: write })
      )
    )
    assert.deepStrictEqual([...new Set(twins.map(({ status }) => status))], [201])
    assert.strictEqual(new Set(twins.map(({ text }) => text)).size, 1)
    assert.strictEqual(twins.filter((reply) => replayed(reply) === null).length, 1)
    if (path === "/ops/stock") assert.strictEqual(await received(), before + 7)
    const other = await shop.call("POST", path, {
      token: staffToken,
      key: "twins",
      body: path === "/ops/stock" ? { ...write, quantity: 8 } : { ...write, amount: 6 }
    })
    assertProblem(other, 422, "idempotency_key_reused")
  })
})

describe("while the first request is still running", () => {
  it("a twin is told to ask again, and gets the answer when it does", async () => {
    const gate = Deferred.makeUnsafe<void>()
    const store = layerShared.pipe(Layer.provide(Layer.succeed(MemoryStore, makeStore())))
    // Opening is held back after it was written: the first request is in flight for as long.
    const slow = Layer.effectContext(
      Effect.map(Effect.context<Sagas | Orders>(), (context) => {
        const orders = Context.get(context, Orders)
        const create: typeof orders.create = (batch) =>
          Effect.andThen(Deferred.await(gate), orders.create(batch))
        return Context.make(Orders, Orders.of({ ...orders, create }))
      })
    )
    const ports = slow.pipe(Layer.provideMerge(store))
    await using slowShop = await openShop({ ports, payments: approveAll })
    const token = await slowShop.guest()
    const ask = () => slowShop.call("POST", "/checkout", { token, key: "k", body })
    const first = ask()
    let twin = await ask()
    while (twin.status === 201) twin = await ask()
    assertProblem(twin, 409, "idempotency_in_flight")
    assert.strictEqual(twin.headers.get("retry-after"), "1")
    await slowShop.inside(Deferred.succeed(gate, undefined))
    const placed = await first
    assert.strictEqual(placed.status, 201)
    const again = await ask()
    assert.deepStrictEqual([again.text, replayed(again)], [placed.text, "true"])
  })
})

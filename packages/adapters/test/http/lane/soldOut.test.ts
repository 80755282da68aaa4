/**
 * What the fast lane refuses, the endpoint would have refused in the same bytes. The endpoint is
 * reached by sending the same body in chunks, which the lane leaves to it.
 */
import { makeToken } from "@doorbuster/adapters/http/identity/GuestToken"
import { AccountId } from "@doorbuster/core/order/OrderId"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import * as Redacted from "effect/Redacted"
import { assertProblem, sessionKey, staffToken } from "../shop.ts"
import { chunked, RawConnection, type RawHeaders, request } from "./rawHttp.ts"
import { lamp, openSoldOutShop, type SoldOutShop } from "./soldOutShop.ts"

let sold: SoldOutShop
beforeAll(async () => {
  sold = await openSoldOutShop()
})
afterAll(() => sold[Symbol.asyncDispose]())

const line = "POST /checkout"
const headers = (token: string, key = "k", ...others: RawHeaders): RawHeaders => [
  ["Content-Type", "application/json"],
  ["Authorization", `Bearer ${token}`],
  ["Idempotency-Key", key],
  ...others
]
const text = JSON.stringify(lamp)

/** The answers of the fast lane, where it takes the request, and of the endpoint. */
const both = async (head: RawHeaders, body: string) => {
  await using fast = new RawConnection(sold.shop.url)
  await using slow = new RawConnection(sold.shop.url)
  await fast.send(request(line, head, body))
  await slow.send(chunked(line, head, body))
  return [await fast.answer(), await slow.answer()] as const
}

describe("the fast lane refuses what is sold out", () => {
  it("without asking the endpoint, in its very words", async () => {
    const { asked } = sold.counted
    const [fast, slow] = await both(headers(sold.token), text)
    assert.strictEqual(fast.status, 409)
    assert.strictEqual(fast.text, slow.text)
    assert.include(fast.text, '"code":"sold_out"')
    assert.strictEqual(sold.counted.asked - asked, 1, "only the slow one was asked at the gate")
  })

  it("adds two lines of one SKU up", async () => {
    const lines = [
      { sku: "LAMP", quantity: 2 },
      { sku: "LAMP", quantity: 3 }
    ]
    const { asked } = sold.counted
    const [fast, slow] = await both(headers(sold.token), JSON.stringify({ ...lamp, lines }))
    assert.strictEqual(fast.text, slow.text)
    assert.include(fast.text, '"requested":5')
    assert.strictEqual(sold.counted.asked - asked, 1)
  })

  it("and counts it", async () => {
    const figure = async (pattern: RegExp) => {
      const { text: page } = await sold.shop.call("GET", "/metrics")
      return Number(pattern.exec(page)?.[1] ?? 0)
    }
    const requests = /doorbuster_http_requests_total\{[^}]*POST \/checkout[^}]*409[^}]*\} (\d+)/
    const checkouts = /doorbuster_checkouts_total\{[^}]*sold_out[^}]*\} (\d+)/
    const before = [await figure(requests), await figure(checkouts)] as const
    await both(headers(sold.token), text)
    const after = [await figure(requests), await figure(checkouts)] as const
    assert.deepStrictEqual([after[0] - before[0], after[1] - before[1]], [2, 2])
  })
})

describe("the gate never hides", () => {
  it("the first answer under a key, whatever has sold out since", async () => {
    const { key, placed, token } = sold.owner
    const again = await sold.shop.call("POST", "/checkout", { token, key, body: lamp })
    assert.strictEqual(again.status, 201)
    assert.strictEqual(again.text, placed.text)
    assert.strictEqual(again.headers.get("idempotent-replayed"), "true")
    const [fast, slow] = await both(headers(token, key), text)
    assert.strictEqual(fast.text, slow.text)
  })

  it("that a key was used for another body", async () => {
    const { key, token } = sold.owner
    const lines = [{ sku: "LAMP", quantity: 2 }]
    const [fast, slow] = await both(headers(token, key), JSON.stringify({ ...lamp, lines }))
    assert.strictEqual(fast.text, slow.text)
    assert.include(fast.text, "idempotency_key_reused")
  })
})

describe("whoever is no guest gets the endpoint's answer", () => {
  const tokenOf = (account: string, expiresAt: number, key = sessionKey) =>
    makeToken(key, { account: AccountId.make(account), expiresAt })

  it.each([
    ["a token that is over", () => tokenOf("late", Date.now() - 1), 401],
    [
      "a token signed with another key",
      () => tokenOf("forger", Date.now() + 60_000, Redacted.make("another")),
      401
    ],
    ["a token whose account was changed", () => sold.token.replace(/^g\../, "g.x"), 401],
    ["no token at all", () => "", 401],
    ["staff", () => staffToken, 409]
  ])("%s", async (_, token, status) => {
    const { asked } = sold.counted
    const [fast, slow] = await both(headers(token()), text)
    assert.strictEqual(fast.text, slow.text)
    assert.strictEqual(fast.status, status)
    assert.strictEqual(sold.counted.asked - asked, status === 409 ? 2 : 0)
  })

  it("a token that runs out while it is remembered", async () => {
    const token = tokenOf("brief", Date.now() + 300)
    const [before] = await both(headers(token), text)
    assert.strictEqual(before.status, 409)
    await new Promise((resolve) => setTimeout(resolve, 320))
    const [after, slow] = await both(headers(token), text)
    assert.strictEqual(after.status, 401)
    assert.strictEqual(after.text, slow.text)
  })
})

describe("whoever has left", () => {
  it("is no guest any more, though the lane knew the token", async () => {
    const token = await sold.shop.guest()
    const [before] = await both(headers(token), text)
    assert.strictEqual(before.status, 409)
    assert.strictEqual((await sold.shop.call("DELETE", "/sessions", { token })).status, 204)
    const [after, slow] = await both(headers(token), text)
    assert.strictEqual(after.status, 401)
    assert.strictEqual(after.text, slow.text)
  })
})

describe("what came back", () => {
  it("sells again at once when staff restock it", async () => {
    await using own = await openSoldOutShop()
    const { shop, token } = own
    const place = (key: string) => shop.call("POST", "/checkout", { token, key, body: lamp })
    assertProblem(await place("before"), 409, "sold_out")
    const body = { sku: "LAMP", quantity: 2, kind: "receipt", reason: "found some" }
    const moved = await shop.call("POST", "/ops/stock", { token: staffToken, key: "m", body })
    assert.strictEqual(moved.status, 201, moved.text)
    assert.strictEqual((await place("after")).status, 201)
    // A key that was refused was not used up.
    assert.strictEqual((await place("before")).status, 201)
    assertProblem(await place("too-late"), 409, "sold_out")
  })
})

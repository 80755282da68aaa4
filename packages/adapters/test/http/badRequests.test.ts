import { connect } from "node:net"
import { Books } from "@doorbuster/core/audit/Books"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { assertProblem, openShop, type Shop, staffToken } from "./shop.ts"

let shop: Shop
let token: string
beforeAll(async () => {
  shop = await openShop()
  token = await shop.guest()
})
afterAll(() => shop[Symbol.asyncDispose]())

const line = { sku: "MUG", quantity: 1 }
const body = { currency: "EUR", lines: [line] }
const checkout = (changed: unknown) =>
  shop.call("POST", "/checkout", { token, key: "bad", body: changed })

/** All that a bad request could have changed. */
const books = () =>
  shop.inside(
    Effect.gen(function* () {
      const { looseEntries, orders, stock } = yield* Books
      return JSON.stringify(
        yield* Effect.all([
          Stream.runCollect(orders),
          Stream.runCollect(stock),
          Stream.runCollect(looseEntries)
        ]),
        (_, value) => (typeof value === "bigint" ? String(value) : value)
      )
    })
  )

describe("bodies that are not as described", () => {
  it.each([
    [
      "a negative quantity",
      { ...body, lines: [{ sku: "MUG", quantity: -1 }] },
      "/lines/0/quantity"
    ],
    ["a zero quantity", { ...body, lines: [{ sku: "MUG", quantity: 0 }] }, "/lines/0/quantity"],
    ["half a mug", { ...body, lines: [{ sku: "MUG", quantity: 0.5 }] }, "/lines/0/quantity"],
    [
      "a quantity in words",
      { ...body, lines: [{ sku: "MUG", quantity: "1" }] },
      "/lines/0/quantity"
    ],
    [
      "a quantity of null",
      { ...body, lines: [{ sku: "MUG", quantity: null }] },
      "/lines/0/quantity"
    ],
    ["a huge quantity", { ...body, lines: [{ sku: "MUG", quantity: 1e15 }] }, "/lines/0/quantity"],
    [
      "a SKU that ends in a space",
      { ...body, lines: [{ sku: "MUG ", quantity: 1 }] },
      "/lines/0/sku"
    ],
    [
      "a coupon's stock as SKU",
      { ...body, lines: [{ sku: "coupon:TEN", quantity: 1 }] },
      "/lines/0/sku"
    ],
    ["no lines", { ...body, lines: [] }, "/lines"],
    ["neither lines nor cart", { currency: "EUR" }, ""],
    ["both lines and cart", { ...body, cart_id: "mine" }, ""],
    ["another's cart", { currency: "EUR", cart_id: "yours" }, "/cart_id"],
    ["an unknown currency", { ...body, currency: "EURO" }, "/currency"],
    ["an inherited name as currency", { ...body, currency: "constructor" }, "/currency"],
    ["an unknown field", { ...body, total: 1 }, "/total"],
    ["an unknown field in a line", { ...body, lines: [{ ...line, price: 1 }] }, "/lines/0/price"],
    ["a fraction of a cent", { ...body, expected_total: 10.5 }, "/expected_total"],
    ["money beyond 2^53", { ...body, expected_total: 2 ** 53 }, "/expected_total"],
    ["money as text", { ...body, expected_total: "1000" }, "/expected_total"],
    ["one coupon twice", { ...body, coupons: ["TEN", "TEN"] }, "/coupons"],
    ["a NUL in the address", { ...body, ship_to: { country: "a\u0000b" } }, "/ship_to/country"],
    ["half a surrogate", { ...body, ship_to: { country: "\ud800" } }, "/ship_to/country"],
    ["an endless reference", { ...body, external_ref: "x".repeat(129) }, "/external_ref"],
    ["an array", [body], ""],
    ["null", null, ""],
    ["a number", 7, ""]
  ])("%s: 422 that says where", async (_, bad, pointer) => {
    const before = await books()
    const refused = await checkout(bad)
    assertProblem(refused, 422, "invalid_request")
    assert.deepStrictEqual([refused.json.part, refused.json.pointer], ["body", pointer])
    assert.strictEqual(await books(), before)
  })

  it.each([
    ["30 February", "2011-02-30T00:00:00Z"],
    ["no offset", "2011-02-03T00:00:00"],
    ["a day only", "2011-02-03"],
    ["before 1970", "1969-12-31T00:00:00Z"]
  ])("a moment that is none (%s): 422", async (_, occurred_at) => {
    const refused = await shop.call("POST", "/checkout", {
      token: staffToken,
      key: "moment",
      body: { ...body, lines: [{ ...line, occurred_at }] }
    })
    assertProblem(refused, 422, "invalid_request")
  })

  it.each([
    ["nothing", ""],
    ["half an object", `{"currency": "EUR"`],
    ["NaN", `{"currency": "EUR", "lines": [{"sku": "MUG", "quantity": NaN}]}`],
    ["words", "hello"],
    ["bytes", Buffer.from([0xff, 0xfe, 0x00])]
  ])("%s instead of JSON: 400", async (_, raw) => {
    const refused = await shop.call("POST", "/checkout", { token, key: "bad", raw })
    assertProblem(refused, 400, "malformed_json")
  })

  it("nesting without end is refused, not followed", async () => {
    const deep = "[".repeat(200_000) + "]".repeat(200_000)
    const inside = `{"currency":"EUR","lines":${deep}}`
    for (const raw of [deep, inside, `{"currency":"EUR","extra":${deep}}`]) {
      const refused = await shop.call("POST", "/checkout", { token, key: "bad", raw })
      assert.include([400, 422], refused.status, refused.text.slice(0, 200))
      assert.isBelow(refused.text.length, 2000)
    }
  })

  it("an unknown query parameter is refused, not ignored", async () => {
    const refused = await shop.call("GET", "/orders?externalref=7", { token })
    assertProblem(refused, 422, "invalid_request")
    assert.strictEqual(refused.json.part, "query")
    for (const limit of ["0", "-1", "201", "1.5", "x", ""]) {
      assertProblem(await shop.call("GET", `/products?limit=${limit}`), 422, "invalid_request")
    }
  })
})

describe("requests that lead nowhere", () => {
  it.each([
    ["GET", "/nowhere"],
    ["POST", "/orders/../../etc/passwd"],
    ["GET", "/orders/7"],
    ["GET", "/orders/%E0%A4%A"],
    ["GET", "/products/%20"],
    ["GET", `/products/${"x".repeat(3000)}`]
  ])("%s %s: 404", async (method, path) => {
    assertProblem(await shop.call(method, path, { token }), 404, "not_found")
  })

  it.each([
    ["DELETE", "/checkout", "POST"],
    ["PATCH", "/cart", "DELETE, GET, HEAD, PUT"],
    ["OPTIONS", "/orders/7/events", "GET, HEAD"],
    ["POST", "/openapi.json", "GET, HEAD"]
  ])("%s %s: 405 that says what is allowed", async (method, path, allow) => {
    const refused = await shop.call(method, path, { token })
    assertProblem(refused, 405, "method_not_allowed")
    assert.strictEqual(refused.headers.get("allow"), allow)
  })

  it("another content type: 415", async () => {
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]) {
      const headers = { "content-type": type }
      const refused = await shop.call("POST", "/checkout", { token, key: "k", body, headers })
      assertProblem(refused, 415, "unsupported_media_type")
    }
  })

  it.each([undefined, "", "x", "g.e30.AAAA", "g..", "Bearer", "a b"])(
    "token %j: 401",
    async (bad) => {
      const headers: Record<string, string> =
        bad === undefined ? {} : { authorization: `Bearer ${bad}` }
      for (const path of ["/cart", "/orders", "/ops/stock"]) {
        const refused = await shop.call("GET", path, { headers })
        assertProblem(refused, 401, "unauthorized")
        assert.match(refused.headers.get("www-authenticate") ?? "", /^Bearer/)
      }
    }
  )

  it("a buyer has no business in ops: 403", async () => {
    assertProblem(await shop.call("GET", "/ops/stock", { token }), 403, "forbidden")
    const write = { sku: "MUG", quantity: 1, kind: "receipt", reason: "a gift" }
    const refused = await shop.call("POST", "/ops/stock", { token, key: "k", body: write })
    assertProblem(refused, 403, "forbidden")
  })
})

/** Sends what a decent client would not, and gives back all that came as an answer. */
const speak = (
  head: string,
  body: string,
  times: number
): Promise<{ text: string; sent: number }> =>
  new Promise((resolve) => {
    const { port } = new URL(shop.url)
    const socket = connect(Number(port), "127.0.0.1")
    let text = ""
    let sent = 0
    let open = true
    const finish = () => {
      open = false
      resolve({ text, sent })
    }
    socket.on("data", (chunk) => (text += chunk))
    socket.on("close", finish)
    socket.on("error", () => {})
    socket.write(head)
    const more = () => {
      if (!open || sent >= times) return
      sent++
      socket.write(body, () => setImmediate(more))
    }
    more()
  })

describe("bodies without end", () => {
  const head = (rest: string) =>
    `POST /checkout HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n` +
    `Idempotency-Key: k\r\nContent-Type: application/json\r\n${rest}\r\n\r\n`

  it("a length beyond the limit is refused before any of it is read", async () => {
    const { text } = await speak(head("Content-Length: 1000001"), "", 0)
    assert.match(text, /^HTTP\/1\.1 413 /)
    assert.match(text, /"code":"payload_too_large"/)
  })

  it("chunks are read up to the limit, and no further", async () => {
    const chunk = `10000\r\n${" ".repeat(0x10000)}\r\n`
    const { sent, text } = await speak(head("Transfer-Encoding: chunked"), chunk, 100_000)
    assert.match(text, /^HTTP\/1\.1 413 /)
    assert.match(text, /"code":"payload_too_large"/)
    assert.isBelow(sent, 1000)
  })

  it("a megabyte that is within the limit is still read", async () => {
    const raw = `${" ".repeat(900_000)}{"currency":"EUR","lines":[{"sku":"MUG","quantity":1}]}`
    const placed = await shop.call("POST", "/checkout", { token, key: "long", raw })
    assert.strictEqual(placed.status, 201)
  })
})

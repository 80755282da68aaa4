import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { assertProblem, openShop, type Shop, staffToken } from "./shop.ts"

let shop: Shop
let token: string
beforeAll(async () => {
  shop = await openShop()
  token = await shop.guest()
})
afterAll(() => shop[Symbol.asyncDispose]())

const body = { currency: "EUR", lines: [{ sku: "MUG", quantity: 1 }] }
const checkout = (headers: Record<string, string>, key: string = crypto.randomUUID()) =>
  shop.call("POST", "/checkout", { token, key, body, headers })

describe("how a body is encoded", () => {
  it.each(["gzip", "br", "deflate", "identity, gzip", "x"])(
    "Content-Encoding %s: 415, and not read as if it were plain",
    async (encoding) => {
      const refused = await checkout({ "content-encoding": encoding })
      assertProblem(refused, 415, "unsupported_media_type")
    }
  )

  it.each(["utf-16", "iso-8859-1", '"latin1"', "UTF-7"])("charset %s: 415", async (charset) => {
    const refused = await checkout({ "content-type": `application/json; charset=${charset}` })
    assertProblem(refused, 415, "unsupported_media_type")
  })

  it("identity and UTF-8 may be said", async () => {
    for (const charset of ["utf-8", '"UTF-8"']) {
      const placed = await checkout({
        "content-encoding": "identity",
        "content-type": `application/json; charset=${charset}`
      })
      assert.strictEqual(placed.status, 201)
    }
  })

  it.each([
    ["a lone byte of Latin-1", [0xe9]],
    ["an overlong slash", [0xc0, 0xaf]],
    ["half a letter", [0xc3]],
    ["a surrogate", [0xed, 0xa0, 0x80]]
  ])("%s is no UTF-8: 400, and nothing is put in its place", async (_, bytes) => {
    const raw = Buffer.concat([
      Buffer.from('{"currency":"EUR","external_ref":"a'),
      Buffer.from(bytes),
      Buffer.from('","lines":[{"sku":"MUG","quantity":1}]}')
    ])
    const key = crypto.randomUUID()
    assertProblem(await shop.call("POST", "/checkout", { token, key, raw }), 400, "malformed_json")
  })
})

describe("staff's own moments and signs", () => {
  const hour = 3_600_000
  const at = (ms: number) => new Date(Date.now() + ms).toISOString()
  const move = (changed: object) => ({
    token: staffToken,
    key: crypto.randomUUID(),
    body: { sku: "MUG", quantity: 5, kind: "receipt", reason: "delivery", ...changed }
  })

  it.each([
    ["a receipt of less than nothing", { kind: "receipt", quantity: -5 }],
    ["a write-off that brings units", { kind: "write_off", quantity: 5 }]
  ])("%s: 422 at the quantity", async (_, changed) => {
    const refused = await shop.call("POST", "/ops/stock", move(changed))
    assertProblem(refused, 422, "invalid_request")
    assert.strictEqual(refused.json.pointer, "/quantity")
  })

  it("both signs of an adjustment, and the right ones of the others, are taken", async () => {
    for (const changed of [
      { kind: "receipt", quantity: 5 },
      { kind: "write_off", quantity: -5 },
      { kind: "adjustment", quantity: 5 },
      { kind: "adjustment", quantity: -5 }
    ]) {
      assert.strictEqual((await shop.call("POST", "/ops/stock", move(changed))).status, 201)
    }
  })

  it("what happens the day after tomorrow cannot have happened: 422", async () => {
    const occurred_at = at(25 * hour)
    const id = await shop.paidOrder(token)
    const staff = (path: string, sent: unknown) =>
      shop.call("POST", path, { token: staffToken, key: crypto.randomUUID(), body: sent })
    const line = { sku: "MUG", quantity: 1, occurred_at }
    const entry = { kind: "bad_debt", amount: 1, currency: "EUR", memo: "gone", occurred_at }
    for (const refused of [
      await shop.call("POST", "/ops/stock", move({ occurred_at })),
      await staff("/checkout", { ...body, lines: [line] }),
      await staff(`/ops/orders/${id}/ship`, { occurred_at }),
      await staff(`/ops/orders/${id}/deliver`, { occurred_at }),
      await staff(`/ops/orders/${id}/refund`, { occurred_at }),
      await staff("/ops/journal", entry)
    ]) {
      assertProblem(refused, 422, "invalid_request")
      assert.match(refused.json.pointer, /occurred_at$/)
    }
    const soon = await shop.call("POST", "/ops/stock", move({ occurred_at: at(23 * hour) }))
    assert.strictEqual(soon.status, 201)
  })
})

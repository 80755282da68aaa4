import { audit } from "@doorbuster/core/audit/audit"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import fc from "fast-check"
import { openShop, type Shop, staffToken } from "./shop.ts"

let shop: Shop
let buyer: string
let order: string
beforeAll(async () => {
  shop = await openShop()
  buyer = await shop.guest()
  order = await shop.paidOrder(buyer)
})
afterAll(() => shop[Symbol.asyncDispose]())

/** Every address that takes a body, with one that is right. */
const writes = (): ReadonlyArray<readonly [string, string, object]> => [
  ["PUT", "/cart", { lines: [{ sku: "MUG", quantity: 1 }] }],
  ["PUT", "/cart/lines/MUG", { quantity: 1 }],
  ["POST", "/quote", { currency: "EUR", lines: [{ sku: "MUG", quantity: 1 }], coupons: ["TEN"] }],
  [
    "POST",
    "/checkout",
    {
      currency: "EUR",
      lines: [
        { sku: "MUG", quantity: 1, price_override: "1.5", occurred_at: "2011-01-01T00:00:00Z" }
      ],
      ship_to: { country: "Malta" },
      expected_total: 1000,
      external_ref: "ref",
      account: "somebody",
      shipping_method: "post"
    }
  ],
  ["POST", "/sessions", {}],
  ["POST", "/webhooks/payments", { event_id: "e", type: "payment.declined" }],
  ["POST", `/orders/${order}/cancel`, {}],
  ["POST", "/ops/stock", { sku: "MUG", quantity: 1, kind: "receipt", reason: "r" }],
  ["POST", "/ops/journal", { kind: "bad_debt", amount: 1, currency: "EUR", memo: "m" }],
  [`POST`, `/ops/orders/${order}/ship`, { carrier: "c", tracking: "t" }],
  ["POST", `/ops/orders/${order}/deliver`, { occurred_at: "2011-01-01T00:00:00Z" }],
  ["POST", `/ops/orders/${order}/refund`, { amount: 1, restock: [{ sku: "MUG", quantity: 1 }] }]
]

const hostile = fc.oneof(
  fc.constantFrom(
    -1,
    0.5,
    1e308,
    -1e308,
    2 ** 53,
    -(2 ** 53),
    5e-324,
    "",
    "\u0000",
    "NaN",
    "1e9",
    "__proto__",
    "constructor",
    "../..",
    "'; drop table orders; --",
    "\ud800",
    "9".repeat(400),
    [],
    {},
    null,
    true,
    { __proto__: null }
  ),
  fc.jsonValue(),
  fc.string({ unit: "binary" })
)

type Json = ReturnType<typeof JSON.parse>

/** Puts a hostile value in place of one of the body's own, somewhere. */
const spoil = (body: Json, at: number, value: unknown): Json => {
  const paths: Array<ReadonlyArray<string>> = []
  const walk = (node: Json, path: ReadonlyArray<string>) => {
    paths.push(path)
    if (typeof node !== "object" || node === null) return
    for (const key of Object.keys(node)) walk(node[key], [...path, key])
  }
  walk(body, [])
  const [...path] = paths[at % paths.length] ?? []
  const last = path.pop()
  if (last === undefined) return value
  const copy = structuredClone(body)
  const parent = path.reduce((node, key) => node[key], copy)
  parent[last] = value
  return copy
}

const send = async (index: number, raw: string | Uint8Array<ArrayBuffer>, token: string) => {
  const all = writes()
  const [method, path] = all[index % all.length] ?? ["POST", "/checkout"]
  const key = crypto.randomUUID()
  const { json, status, text } = await shop.call(method, path, { token, key, raw })
  assert.isBelow(status, 500, `${method} ${path} ${raw}: ${text}`)
  if (status >= 400) assert.strictEqual(json.status, status)
}

const tokenOf = (staff: boolean) => (staff ? staffToken : buyer)

describe("no input makes a 5xx", () => {
  it("whatever bytes come", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(99), fc.uint8Array({ maxLength: 200 }), fc.boolean(), (i, bytes, s) =>
        send(i, new Uint8Array(bytes), tokenOf(s))
      ),
      { numRuns: 200 }
    )
  })

  it("whatever JSON comes", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(99), fc.json(), fc.boolean(), (i, json, s) =>
        send(i, json, tokenOf(s))
      ),
      { numRuns: 300 }
    )
  })

  it("whatever stands in place of what belongs there", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(99), fc.nat(99), hostile, fc.boolean(), (i, at, value, s) => {
        const all = writes()
        const [, , right] = all[i % all.length] ?? ["", "", {}]
        return send(i, JSON.stringify(spoil(right, at, value)) ?? "", tokenOf(s))
      }),
      { numRuns: 600 }
    )
  })

  it("whatever stands in paths, queries and headers", async () => {
    const text = fc.string({ unit: "binary", maxLength: 60 }).map((t) => {
      try {
        return encodeURIComponent(t)
      } catch {
        return "%FF"
      }
    })
    const path = fc.oneof(
      text.map((t) => `/orders/${t}`),
      text.map((t) => `/orders/${t}/events`),
      text.map((t) => `/products/${t}`),
      text.map((t) => `/products?after=${t}&limit=${t}`),
      text.map((t) => `/orders?before=${t}&external_ref=${t}`),
      text.map((t) => `/ops/stock?sku=${t}`),
      text.map((t) => `/${t}?${t}=${t}`)
    )
    await fc.assert(
      fc.asyncProperty(
        path,
        fc.constantFrom("GET", "POST", "PUT", "DELETE"),
        async (to, method) => {
          const { status, text: reply } = await shop.call(method, to, {
            token: staffToken,
            key: "k"
          })
          assert.isBelow(status, 500, `${method} ${to}: ${reply}`)
        }
      ),
      { numRuns: 400 }
    )
  })

  it("and the books are as they should be", async () => {
    await shop.settled()
    const { invariants, ok } = await shop.inside(audit({ graceMs: 0 }))
    assert.isTrue(ok, JSON.stringify(invariants.filter(({ violations }) => violations.length > 0)))
  })
})

import { Api } from "@doorbuster/adapters/http/Api"
import { HttpApi } from "@doorbuster/adapters/http/effectHttp"
import { layerFetch, storeClient } from "@doorbuster/adapters/http/StoreClient"
import { Quantity } from "@doorbuster/core/catalog/Quantity"
import { Sku } from "@doorbuster/core/catalog/Sku"
import { PriceChanged, SoldOut } from "@doorbuster/core/checkout/errors"
import { Currency } from "@doorbuster/core/money/Currency"
import { minor } from "@doorbuster/core/money/Minor"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { openShop, type Shop } from "./shop.ts"

let shop: Shop
beforeAll(async () => {
  shop = await openShop()
})
afterAll(() => shop[Symbol.asyncDispose]())

const routes = `
  GET /products, GET /products/{sku}, POST /sessions, DELETE /sessions,
  GET /cart, PUT /cart, DELETE /cart, PUT /cart/lines/{sku}, DELETE /cart/lines/{sku},
  POST /quote, POST /checkout, GET /queue/{ticket},
  GET /orders, GET /orders/{id}, GET /orders/{id}/events, GET /orders/{id}/shipments,
  POST /orders/{id}/cancel, POST /webhooks/payments,
  GET /ops/stock, POST /ops/stock, POST /ops/orders/{id}/ship, POST /ops/orders/{id}/deliver,
  POST /ops/orders/{id}/refund, POST /ops/journal,
  GET /healthz, GET /readyz, GET /metrics`
  .split(",")
  .map((route) => route.trim())

describe("the OpenAPI document", () => {
  it("is OpenAPI 3.1 and has every route, and no other", async () => {
    const { json } = await shop.call("GET", "/openapi.json")
    assert.match(json.openapi, /^3\.1\./)
    const documented = Object.entries<object>(json.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`)
    )
    assert.deepStrictEqual(documented.sort(), [...routes].sort())
    let served = 0
    HttpApi.reflect(Api, { onGroup: () => {}, onEndpoint: () => served++ })
    assert.strictEqual(served, routes.length)
  })

  it("tells refusals as problem documents with their codes and their own fields", async () => {
    const { json } = await shop.call("GET", "/openapi.json")
    const conflict = json.paths["/checkout"].post.responses["409"]
    const text = JSON.stringify([conflict, json.components])
    assert.property(conflict.content, "application/problem+json")
    for (const code of ["sold_out", "price_changed", "idempotency_in_flight"]) {
      assert.include(text, `"${code}"`)
    }
    const parameters = json.paths["/checkout"].post.parameters
    assert.deepInclude(parameters[0], { name: "idempotency-key", in: "header", required: true })
  })
})

describe("the documentation page", () => {
  it("needs nothing from any other house", async () => {
    const { headers, status, text } = await shop.call("GET", "/docs")
    assert.strictEqual(status, 200)
    assert.match(headers.get("content-type") ?? "", /^text\/html/)
    assert.notMatch(text, /<(?:script|link|img|iframe)\b[^>]*\b(?:src|href)=/i)
    assert.include(text, `"withDefaultFonts":false`)
    assert.include(text, "/orders/{id}/events")
  })
})

describe("the typed client", () => {
  const eur = Currency.make("EUR")
  const line = (sku: string, quantity: number) => ({
    sku: Sku.make(sku),
    quantity: Quantity.make(quantity)
  })

  it("buys, and meets refusals as the store's own errors", async () => {
    const token = Redacted.make(await shop.guest())
    await Effect.gen(function* () {
      const client = yield* storeClient({ url: shop.url, token })
      const place = (key: string, lines: ReadonlyArray<ReturnType<typeof line>>, total?: bigint) =>
        client.checkout.place({
          headers: { "idempotency-key": key },
          payload: {
            currency: eur,
            lines,
            ...(total !== undefined && { expected_total: minor(total) })
          }
        })
      const placed = yield* place("one", [line("MUG", 2)], 2000n)
      assert.propertyVal(placed, "total", 2000)
      const changed = yield* Effect.flip(place("two", [line("MUG", 2)], 1n))
      assert.instanceOf(changed, PriceChanged)
      assert.deepStrictEqual([changed.expected, changed.actual], [minor(1n), minor(2000n)])
      const soldOut = yield* Effect.flip(place("three", [line("LAMP", 2)]))
      assert.instanceOf(soldOut, SoldOut)
      assert.strictEqual(soldOut.message, "LAMP: 2 requested, 1 left")
      const cart = yield* client.cart.setLine({
        params: { sku: Sku.make("MUG") },
        payload: { quantity: Quantity.make(4) }
      })
      assert.deepStrictEqual(cart.lines, [line("MUG", 4)])
      const { products } = yield* client.products.list({ query: { limit: 2 } })
      assert.deepStrictEqual(
        products.map(({ sku }) => sku),
        ["LAMP", "MUG"]
      )
    }).pipe(Effect.provide(layerFetch), Effect.runPromise)
  })
})

describe("browsing", () => {
  it("lists what is listed, page by page, at today's price", async () => {
    const first = await shop.call("GET", "/products?limit=2")
    const rest = await shop.call("GET", `/products?after=${first.json.next}`)
    const skus = [...first.json.products, ...rest.json.products].map(({ sku }) => sku)
    assert.deepStrictEqual(skus, ["LAMP", "MUG", "POST", "RARE"])
    assert.strictEqual(rest.json.next, null)
    assert.deepStrictEqual(first.json.products[1].prices, [
      { currency: "EUR", amount: 1000, kind: "regular" }
    ])
  })

  it("shows one product with what is left, and hides what is not listed", async () => {
    assert.strictEqual((await shop.call("GET", "/products/LAMP")).json.available, 1)
    assert.strictEqual((await shop.call("GET", "/products/POST")).json.available, null)
    assert.strictEqual((await shop.call("GET", "/products/VASE")).status, 404)
    assert.strictEqual((await shop.call("HEAD", "/products/LAMP")).status, 200)
  })

  it("takes the strangest of SKUs in a path", async () => {
    const token = await shop.guest()
    const sku = `${"%".repeat(31)}/ ${"é".normalize("NFD").charAt(0)}${"?".repeat(30)}`
    const path = `/cart/lines/${encodeURIComponent(sku)}`
    const put = await shop.call("PUT", path, { token, body: { quantity: 1 } })
    assert.deepStrictEqual(put.json, { lines: [{ sku, quantity: 1 }] })
    assert.deepStrictEqual((await shop.call("DELETE", path, { token })).json, { lines: [] })
  })
})

describe("carts", () => {
  it("are replaced, changed and cleared, each guest's own", async () => {
    const [token, other] = [await shop.guest(), await shop.guest()]
    const lines = [
      { sku: "MUG", quantity: 1 },
      { sku: "LAMP", quantity: 2 }
    ]
    await shop.call("PUT", "/cart", { token, body: { lines } })
    const changed = await shop.call("PUT", "/cart/lines/MUG", { token, body: { quantity: 9 } })
    assert.deepStrictEqual(changed.json.lines, [{ sku: "MUG", quantity: 9 }, lines[1]])
    assert.deepStrictEqual((await shop.call("GET", "/cart", { token: other })).json.lines, [])
    const twice = await shop.call("PUT", "/cart", { token, body: { lines: [lines[0], lines[0]] } })
    assert.strictEqual(twice.status, 422)
    assert.strictEqual((await shop.call("DELETE", "/cart", { token })).status, 204)
    assert.deepStrictEqual((await shop.call("GET", "/cart", { token })).json.lines, [])
  })

  it("have an end", async () => {
    const token = await shop.guest()
    const lines = Array.from({ length: 1000 }, (_, i) => ({ sku: `S${i}`, quantity: 1 }))
    assert.strictEqual((await shop.call("PUT", "/cart", { token, body: { lines } })).status, 200)
    const body = { quantity: 2 }
    assert.strictEqual((await shop.call("PUT", "/cart/lines/S7", { token, body })).status, 200)
    const full = await shop.call("PUT", "/cart/lines/S1000", { token, body })
    assert.deepStrictEqual([full.status, full.json.code], [422, "cart_full"])
  })
})

describe("what watches over the store", () => {
  it("sees that it is alive and ready", async () => {
    assert.deepStrictEqual((await shop.call("GET", "/healthz")).json, { status: "ok" })
    assert.deepStrictEqual((await shop.call("GET", "/readyz")).json, { status: "ready" })
  })

  it("reads metrics in Prometheus' format", async () => {
    const token = await shop.guest()
    await shop.call("GET", "/orders/7", { token })
    await shop.call("GET", "/nowhere", { token })
    const { headers, text } = await shop.call("GET", "/metrics")
    assert.match(headers.get("content-type") ?? "", /^text\/plain; version=0\.0\.4/)
    const sample = /^[a-z_:][a-z0-9_:]*(\{[a-z_]+="[^"]*"(,[a-z_]+="[^"]*")*\})? -?[0-9.e+]+$/
    for (const row of text.trimEnd().split("\n")) {
      assert.isTrue(row.startsWith("# ") || sample.test(row), row)
    }
    const has = (name: string, ...labels: ReadonlyArray<string>) =>
      assert.isTrue(
        text
          .split("\n")
          .some((row) => row.startsWith(name) && labels.every((l) => row.includes(l))),
        `${name} ${labels} in\n${text}`
      )
    has("doorbuster_http_requests_total", `route="GET /orders/:id"`, `status="404"`)
    has("doorbuster_http_requests_total", `route="unmatched"`, `status="404"`)
    has("doorbuster_checkouts_total", `outcome="placed"`)
    has("doorbuster_checkouts_total", `outcome="price_changed"`)
    has("doorbuster_sagas_running")
  })
})

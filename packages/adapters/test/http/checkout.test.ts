import { Orders } from "@doorbuster/core/order/Orders"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { assertProblem, openShop, type Shop, staffToken } from "./shop.ts"

let shop: Shop
beforeAll(async () => {
  shop = await openShop()
})
afterAll(() => shop[Symbol.asyncDispose]())

const mugs = (quantity: number, rest: object = {}) => ({
  currency: "EUR",
  lines: [{ sku: "MUG", quantity }],
  ...rest
})

const place = (token: string, body: unknown, key: string = crypto.randomUUID()) =>
  shop.call("POST", "/checkout", { token, key, body })

const orderCount = () =>
  shop.inside(Orders.use((orders) => orders.list({ limit: 1000 }))).then((all) => all.length)

describe("checkout over HTTP", () => {
  it("takes an order, says where it is, and gets it paid", async () => {
    const token = await shop.guest()
    const placed = await place(token, mugs(2, { ship_to: { country: "Malta", city: "Żebbuġ" } }))
    assert.strictEqual(placed.status, 201, placed.text)
    assert.strictEqual(placed.json.total, 2000)
    assert.strictEqual(placed.json.state, "pending_payment")
    assert.strictEqual(placed.headers.get("location"), `/orders/${placed.json.order_id}`)
    await shop.settled()
    const order = await shop.call("GET", `/orders/${placed.json.order_id}`, { token })
    assert.strictEqual(order.json.state, "paid")
    assert.deepStrictEqual(order.json.ship_to, { country: "Malta", city: "Żebbuġ" })
    assert.strictEqual(order.json.lines[0].unit_price, 1000)
  })

  it("compares the client's price, and makes no order when it differs", async () => {
    const token = await shop.guest()
    const before = await orderCount()
    const refused = await place(token, mugs(1, { expected_total: 999 }))
    assertProblem(refused, 409, "price_changed")
    assert.deepStrictEqual([refused.json.expected, refused.json.actual], [999, 1000])
    assert.strictEqual(await orderCount(), before)
    assert.strictEqual((await place(token, mugs(1, { expected_total: 1000 }))).status, 201)
  })

  it("checks two lines of one SKU on their sum", async () => {
    const token = await shop.guest()
    const line = { sku: "LAMP", quantity: 1 }
    const refused = await place(token, { currency: "EUR", lines: [line, line] })
    assertProblem(refused, 409, "sold_out")
    assert.deepStrictEqual(
      [refused.json.sku, refused.json.requested, refused.json.available],
      ["LAMP", 2, 1]
    )
  })

  it("keeps purchase limits and coupon limits", async () => {
    const token = await shop.guest()
    const rare = { currency: "EUR", lines: [{ sku: "RARE", quantity: 3 }] }
    assertProblem(await place(token, rare), 409, "purchase_limit_reached")
    const first = await place(token, mugs(1, { coupons: ["TEN"] }))
    assert.strictEqual(first.json.total, 900)
    assertProblem(await place(token, mugs(1, { coupons: ["TEN"] })), 409, "coupon_used_up")
    assertProblem(await place(token, mugs(1, { coupons: ["NONE"] })), 422, "coupon_invalid")
  })

  it("takes an external reference once per account", async () => {
    const [token, other] = [await shop.guest(), await shop.guest()]
    const body = mugs(1, { external_ref: "INV-1" })
    const first = await place(token, body)
    const again = await place(token, body)
    assertProblem(again, 409, "external_ref_taken")
    assert.strictEqual(again.json.order_id, first.json.order_id)
    assert.strictEqual((await place(other, body)).status, 201)
  })

  it("refuses what is not for sale", async () => {
    const token = await shop.guest()
    const one = (sku: string, currency = "EUR") => ({ currency, lines: [{ sku, quantity: 1 }] })
    assertProblem(await place(token, one("VASE")), 422, "not_for_sale")
    assertProblem(await place(token, one("GHOST")), 422, "unknown_product")
    assertProblem(await place(token, one("MUG", "USD")), 422, "no_price")
  })

  it("sells what lies in the cart, and empties it", async () => {
    const token = await shop.guest()
    const key = "cart"
    const body = { currency: "EUR", cart_id: "mine" }
    assertProblem(await place(token, body, key), 422, "cart_empty")
    await shop.call("PUT", "/cart/lines/MUG", { token, body: { quantity: 3 } })
    const quoted = await shop.call("POST", "/quote", { token, body })
    const placed = await place(token, body, key)
    assert.deepStrictEqual([quoted.json.total, placed.json.total], [3000, 3000])
    assert.deepStrictEqual((await shop.call("GET", "/cart", { token })).json, { lines: [] })
    const again = await place(token, body, key)
    assert.strictEqual(again.text, placed.text, "an emptied cart must not hide the first answer")
  })

  it.each([
    ["price_override", { lines: [{ sku: "MUG", quantity: 1, price_override: "0.01" }] }],
    ["occurred_at", { lines: [{ sku: "MUG", quantity: 1, occurred_at: "2011-01-01T00:00:00Z" }] }],
    ["account", { account: "somebody-else" }]
  ])("lets staff only send %s", async (field, change) => {
    const token = await shop.guest()
    const before = await orderCount()
    const refused = await place(token, mugs(1, change), `staff-only-${field}`)
    assertProblem(refused, 403, "staff_only")
    assert.strictEqual(refused.json.field, field)
    assert.strictEqual(await orderCount(), before)
    // Nothing was written: not even the key is taken.
    assert.strictEqual((await place(token, mugs(1), `staff-only-${field}`)).status, 201)
  })

  it("lets staff record a sale at the price and the moment it was made", async () => {
    const body = {
      currency: "EUR",
      account: "customer-17850",
      external_ref: "536365",
      lines: [
        { sku: "MUG", quantity: 6, price_override: "2.545", occurred_at: "2010-12-01T08:26:00Z" },
        { sku: "VASE", quantity: 1, price_override: "1", occurred_at: "2010-12-01T09:25:30+01:00" }
      ]
    }
    const sold = await shop.call("POST", "/ops/stock", {
      token: staffToken,
      key: "vases",
      body: { sku: "VASE", quantity: 4, kind: "receipt", reason: "found in the cellar" }
    })
    assert.strictEqual(sold.status, 201, sold.text)
    const placed = await place(staffToken, body)
    assert.strictEqual(placed.status, 201, placed.text)
    assert.strictEqual(placed.json.total, 1527 + 100)
    const { json } = await shop.call("GET", `/orders/${placed.json.order_id}`, {
      token: staffToken
    })
    assert.strictEqual(json.account, "customer-17850")
    assert.strictEqual(json.occurred_at, "2010-12-01T08:25:30.000Z")
  })
})

describe("quotes over HTTP", () => {
  it("show the server's price with its arithmetic, all keys in snake_case", async () => {
    const token = await shop.guest()
    const { json, status, text } = await shop.call("POST", "/quote", { token, body: mugs(3) })
    assert.strictEqual(status, 200)
    assert.strictEqual(json.total, 3000)
    const rules = json.trace.map((step: { rule: string }) => step.rule)
    assert.include(rules, "unit_price")
    assert.notMatch(text, /"[a-z]+[A-Z][a-zA-Z]*":/)
  })
})

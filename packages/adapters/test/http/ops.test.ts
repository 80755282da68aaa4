import { audit } from "@doorbuster/core/audit/audit"
import { Payments } from "@doorbuster/core/payment/Payments"
import { namedUuid } from "@doorbuster/core/Uuid"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { assertProblem, openShop, type Shop, staffToken } from "./shop.ts"

let shop: Shop
beforeAll(async () => {
  shop = await openShop()
})
afterAll(() => shop[Symbol.asyncDispose]())

const write = (path: string, body: object = {}) =>
  shop.call("POST", path, { token: staffToken, key: crypto.randomUUID(), body })
const stockOf = async (sku: string) =>
  (await shop.call("GET", `/ops/stock?sku=${sku}`, { token: staffToken })).json.stock[0]
const order = async (id: string) =>
  (await shop.call("GET", `/orders/${id}`, { token: staffToken })).json

describe("an order's life in the hands of staff", () => {
  it("is shipped, then delivered; each once, and never the other way round", async () => {
    const id = await shop.paidOrder(await shop.guest())
    assertProblem(await write(`/ops/orders/${id}/deliver`), 409, "illegal_transition")
    const shipped = await write(`/ops/orders/${id}/ship`, {
      carrier: "DHL",
      tracking: "42",
      occurred_at: "2026-11-11T12:00:00Z"
    })
    assert.deepInclude(shipped.json, { order_id: id, state: "shipped", carrier: "DHL" })
    assertProblem(await write(`/ops/orders/${id}/ship`), 409, "illegal_transition")
    const delivered = await write(`/ops/orders/${id}/deliver`)
    assert.deepStrictEqual(delivered.json, { order_id: id, state: "completed" })
  })

  it("is refunded in parts that add up, then wholly, with and without restocking", async () => {
    const id = await shop.paidOrder(await shop.guest(), 3)
    const before = await stockOf("MUG")
    const part = await write(`/ops/orders/${id}/refund`, { amount: 1000 })
    assert.deepInclude(part.json, { amount: 1000, refunded_total: 1000, full: false })
    assert.strictEqual((await stockOf("MUG")).available, before.available)
    const goods = await write(`/ops/orders/${id}/refund`, {
      amount: 500,
      restock: [{ sku: "MUG", quantity: 1 }]
    })
    assert.strictEqual(goods.json.refunded_total, 1500)
    assert.strictEqual((await stockOf("MUG")).available, before.available + 1)
    assert.deepInclude(await order(id), { state: "paid", refunded_total: 1500 })
    const tooMuch = await write(`/ops/orders/${id}/refund`, { amount: 1501 })
    assertProblem(tooMuch, 409, "refund_exceeds_captured")
    assert.deepStrictEqual([tooMuch.json.requested, tooMuch.json.left], [1501, 1500])
    const tooMany = await write(`/ops/orders/${id}/refund`, {
      restock: [{ sku: "MUG", quantity: 3 }]
    })
    assertProblem(tooMany, 409, "restock_exceeds_sold")
    const rest = await write(`/ops/orders/${id}/refund`, { restock: "all" })
    assert.deepInclude(rest.json, { amount: 1500, refunded_total: 3000, full: true })
    assert.deepInclude(await order(id), { state: "refunded", refunded_total: 3000 })
    assert.strictEqual((await stockOf("MUG")).available, before.available + 3)
    assertProblem(await write(`/ops/orders/${id}/refund`), 409, "illegal_transition")
  })

  it.each(["ship", "deliver", "refund"])("cannot begin: %s of no order is 404", async (verb) => {
    const nobodys = namedUuid("nobody's")
    assertProblem(await write(`/ops/orders/${nobodys}/${verb}`), 404, "unknown_order")
  })
})

describe("stock in the hands of staff", () => {
  const move = (sku: string, quantity: number, kind: string) =>
    write("/ops/stock", { sku, quantity, kind, reason: "counted" })

  it("moves by receipts, adjustments and write-offs, never below what is taken", async () => {
    const { received } = await stockOf("RARE")
    const more = await move("RARE", 3, "receipt")
    assert.deepInclude(more.json, { sku: "RARE", quantity: 3, kind: "receipt" })
    await move("RARE", -2, "write_off")
    assert.strictEqual((await stockOf("RARE")).received, received + 1)
    const refused = await move("RARE", -(received + 2), "adjustment")
    assertProblem(refused, 409, "stock_too_low")
    assert.strictEqual(refused.json.available, received + 1)
    assertProblem(await move("GHOST", 1, "receipt"), 422, "unknown_product")
    assertProblem(await move("RARE", 0, "receipt"), 422, "invalid_request")
    assertProblem(await move("RARE", 1, "theft"), 422, "invalid_request")
  })

  it("is shown page by page", async () => {
    const first = await shop.call("GET", "/ops/stock?limit=2", { token: staffToken })
    assert.deepStrictEqual(
      first.json.stock.map((row: { sku: string }) => row.sku),
      ["LAMP", "MUG"]
    )
    const rest = await shop.call("GET", `/ops/stock?after=${first.json.next}`, {
      token: staffToken
    })
    assert.deepStrictEqual(
      rest.json.stock.map((row: { sku: string }) => row.sku),
      ["RARE"]
    )
  })
})

describe("the journal in the hands of staff", () => {
  it("takes bad debts and refunds that match no sale", async () => {
    const bad = await write("/ops/journal", {
      kind: "bad_debt",
      amount: 1106206,
      currency: "EUR",
      memo: "Adjust bad debt"
    })
    assert.strictEqual(bad.status, 201, bad.text)
    const back = { kind: "unmatched_refund", amount: 350, currency: "EUR", memo: "C536379" }
    assert.strictEqual((await write("/ops/journal", back)).status, 201)
    assertProblem(await write("/ops/journal", { ...back, amount: -1 }), 422, "invalid_request")
    assertProblem(await write("/ops/journal", { ...back, amount: 0 }), 422, "invalid_request")
    const rows = await shop.inside(Payments.use(({ trialBalance }) => trialBalance))
    const debits = new Map(rows.map(({ account, debit }) => [account, debit]))
    assert.strictEqual(debits.get("expenses:bad_debts"), 1106206n)
  })
})

describe("after all of it", () => {
  it("every invariant holds", async () => {
    await shop.settled()
    const report = await shop.inside(audit({ graceMs: 0 }))
    assert.isTrue(report.ok, JSON.stringify(report.invariants.filter((i) => i.violations.length)))
  })
})

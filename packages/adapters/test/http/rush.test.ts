import { audit } from "@doorbuster/core/audit/audit"
import { assert, describe, it } from "@effect/vitest"
import { openShop, staffToken } from "./shop.ts"

describe("a rush over HTTP", () => {
  it("400 buyers of 100 units: exactly 100 paid orders, nothing oversold or stranded", async () => {
    await using shop = await openShop()
    await shop.call("POST", "/ops/stock", {
      token: staffToken,
      key: "sale",
      body: { sku: "LAMP", quantity: 99, kind: "receipt", reason: "the sale" }
    })
    const buy = async () => {
      const token = await shop.guest()
      const body = { currency: "EUR", lines: [{ sku: "LAMP", quantity: 1 }] }
      const { json, status } = await shop.call("POST", "/checkout", { token, key: "k", body })
      return status === 201 ? "placed" : json.code
    }
    const outcomes = await Promise.all(Array.from({ length: 400 }, buy))
    const tally = Object.groupBy(outcomes, (outcome) => outcome)
    assert.deepStrictEqual([tally["placed"]?.length, tally["sold_out"]?.length], [100, 300])
    await shop.settled()
    const { json } = await shop.call("GET", "/ops/stock?sku=LAMP", { token: staffToken })
    assert.deepInclude(json.stock[0], { received: 100, reserved: 0, sold: 100, available: 0 })
    const report = await shop.inside(audit({ graceMs: 0 }))
    assert.isTrue(report.ok)
  })
})

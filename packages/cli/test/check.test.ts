import pg from "pg"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { type Place, serverPlace } from "./support/places.ts"
import { runJson, runStore } from "./support/runStore.ts"
import { makeSampleStore } from "./support/sampleStore.ts"

describe("a store in which somebody changed a row by hand", () => {
  let place: Place
  let client: pg.Client
  beforeAll(async () => {
    place = await serverPlace()
    await makeSampleStore(place, "first", "second")
    client = new pg.Client({ connectionString: place.flags["database-url"] })
    await client.connect()
  })
  afterAll(async () => {
    await client.end()
    await place.remove()
  })

  const unprotected = async (table: string, statement: string) => {
    await client.query(`alter table ${table} disable trigger all`)
    await client.query(statement)
    await client.query(`alter table ${table} enable trigger all`)
  }

  test("check exits 3 and names the invariant, the key and both sides", async () => {
    await client.query("update inventory.stock set received = received + 7 where sku = 'CUP'")
    const { code, json: report } = await runJson(["check", ...place.args])
    expect(code).toBe(3)
    expect(report.ok).toBe(false)
    const explained = report.invariants.find((i: { name: string }) => i.name === "stock.explained")
    expect(explained.violations).toMatchObject([
      { key: "CUP", left: expect.stringContaining("107"), right: expect.stringContaining("100") }
    ])
    const { code: textCode, stdout } = await runStore(["check", ...place.args])
    expect(textCode).toBe(3)
    expect(stdout).toMatch(/stock\.explained\s+2\s+1 broken/)
    expect(stdout).toContain("1 of 17 invariants is broken")
    await client.query("update inventory.stock set received = received - 7 where sku = 'CUP'")
    expect((await runStore(["check", ...place.args])).code).toBe(0)
  })

  test("the trial balance exits 3 and says by how much it is off", async () => {
    const raise = (by: number) =>
      unprotected(
        "money.postings",
        `update money.postings set amount = amount + ${by} where (entry_id, posting_no) =
          (select entry_id, posting_no from money.postings where amount > 0
            order by entry_id, posting_no limit 1)`
      )
    await raise(100)
    const { code, json } = await runJson(["ledger", "trial-balance", ...place.args])
    expect(code).toBe(3)
    expect(json).toMatchObject({ ok: false, currencies: [{ currency: "EUR", difference: 100 }] })
    const { stdout } = await runStore(["ledger", "trial-balance", ...place.args])
    expect(stdout).toContain("EUR: debits exceed credits by 1.00")
    await raise(-100)
    expect((await runStore(["ledger", "trial-balance", ...place.args])).code).toBe(0)
  })
})

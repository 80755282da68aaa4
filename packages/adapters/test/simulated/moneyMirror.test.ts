import { createHash } from "node:crypto"
import { readdir, readFile } from "node:fs/promises"
import * as journalStatements from "@doorbuster/adapters/postgres/money/journalStatements"
import * as paymentStatements from "@doorbuster/adapters/postgres/money/paymentStatements"
import type { Statement } from "@doorbuster/adapters/postgres/Transaction"
import { makeMoneyTables } from "@doorbuster/adapters/simulated/money/MoneyTables"
import { moneyStatements } from "@doorbuster/adapters/simulated/money/moneyStatements"
import { assert, describe, it } from "@effect/vitest"

/**
 * The simulated forms in `src/simulated/money` were written after exactly these texts. Whoever
 * changes one of them changes its simulated form, too, and then the digest here.
 */
const mirrored: Readonly<Record<string, string>> = {
  "0002_lean": "db698f67a93432d0",
  "0001_money": "402b92e039916087",
  "money.book": "bc05ee02d3da4e43",
  "money.entries.find": "5e3fe186b19fb906",
  "money.entries.loose": "459c186cec6887f7",
  "money.entries.of_orders": "1091e1fec313ef4e",
  "money.entries.post": "1638dbcbab45bced",
  "money.fences.of_orders": "27ac476dc75908d5",
  "money.fences.raise": "81803725fed6691e",
  "money.payments.create": "4b616e5b870b1a89",
  "money.payments.find": "34c728f0925f0c14",
  "money.payments.insert": "646110eb376de7ff",
  "money.payments.lock": "9e062fe2f6b801d7",
  "money.payments.lock_for_fence": "930c6a71b359fd0d",
  "money.payments.lock_of_orders": "de2954545825cdab",
  "money.payments.lock_of_refunds": "73c228fa4afda4a1",
  "money.payments.of_orders": "0f7f3f8c56c6dfd7",
  "money.payments.raise": "a29c18ab15a39fe1",
  "money.payments.send": "e7ae0d4677de2e05",
  "money.postings.of_entries": "982affa718500bf2",
  "money.receipts.find": "83a97eb6aa59c977",
  "money.refunds.find": "212710fe679ab92f",
  "money.refunds.intend": "24c9283bb4ec24bf",
  "money.refunds.of_orders": "e42037acfd6685ef",
  "money.trial_balance": "462427bdbdba466c"
}

const migrations = new URL("../../migrations/money/", import.meta.url)

const digestOf = (sql: string): string =>
  createHash("sha256").update(sql.replaceAll(/\s+/g, " ").trim()).digest("hex").slice(0, 16)

const isStatement = (value: string | Statement): value is Statement => typeof value !== "string"

const statements = [
  ...Object.values(paymentStatements),
  ...Object.values(journalStatements)
].filter(isStatement)

describe("The simulated form of money", () => {
  it("is there for every statement, and for no other", () => {
    const names = statements.map(({ name }) => name).sort()
    assert.deepStrictEqual([...moneyStatements(makeMoneyTables()).keys()].sort(), names)
  })

  it("was written after the statements and tables that Postgres is given", async () => {
    const digests = statements.map(({ name, text }) => [name, digestOf(text)] as const)
    const tables = await Promise.all(
      (await readdir(migrations)).map(async (name) => {
        const sql = await readFile(new URL(`${name}/up.sql`, migrations), "utf8")
        return [name, digestOf(sql)] as const
      })
    )
    assert.deepStrictEqual(Object.fromEntries([...tables, ...digests]), mirrored)
  })
})

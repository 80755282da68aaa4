/**
 * Goal: nobody changes the stock's SQL and forgets its simulated form.
 * Method: a digest of each text as it was when its simulated form was last compared with it. If a
 * digest differs, make the simulated form do what the SQL does now, and then note the new digest.
 */
import { createHash } from "node:crypto"
import { readdirSync, readFileSync } from "node:fs"
import * as statements from "@doorbuster/adapters/postgres/inventory/statements"
import { makeInventoryTables } from "@doorbuster/adapters/simulated/inventory/InventoryTables"
import { inventoryStatements } from "@doorbuster/adapters/simulated/inventory/inventoryStatements"
import { assert, test } from "vitest"

const mirrored: Readonly<Record<string, string>> = {
  inventory_choose: "1feda6f123a9aa39",
  inventory_fence: "87238e0c5c25fc7a",
  inventory_give_back: "e712cee1e8e10116",
  inventory_hold: "b26d2816cc29d191",
  inventory_levels: "b3e277c2d3595aa1",
  inventory_lock: "7ff82641fdd1a0f2",
  inventory_look: "c73cbf988330ed74",
  inventory_move: "d66837a7fa1829c8",
  inventory_movements: "6bf698eb04e63956",
  inventory_rebalance: "87063ab9ca635c4b",
  inventory_reservations: "cb553ba0ebb55208",
  inventory_returns: "bb8c3bd8cf12e3bc",
  inventory_settle: "404d8d086eb3e4bb",
  inventory_strategies: "1d05cf33fff337b7",
  inventory_strategies_of: "5afded899b51d9fa",
  inventory_take: "5946c844c5f0aed8",
  "0001_stock": "7decc85deef9f877",
  "0002_segments": "b33eacd9462ac359"
}

const digest = (text: string) =>
  createHash("sha256").update(text.replaceAll(/\s+/g, " ").trim()).digest("hex").slice(0, 16)

const migrations = new URL("../../migrations/inventory/", import.meta.url)

/** Migrations that no statement of the stock has to do with. */
const elsewhere = ["0003_hot_keys"]

const all = Object.values(statements)

test("the simulated stock has exactly the statements of the real one", () => {
  const names = [...inventoryStatements(makeInventoryTables()).keys()]
  assert.sameMembers(
    names,
    all.map(({ name }) => name)
  )
})

test("the SQL of the stock is the one that its simulated form was compared with", () => {
  const texts = all.map(({ name, text }) => [name, text] as const)
  const schema = readdirSync(migrations)
    .filter((name) => !elsewhere.includes(name))
    .map((name) => [name, readFileSync(new URL(`${name}/up.sql`, migrations), "utf8")] as const)
  const found = [...texts, ...schema].map(([name, text]) => [name, digest(text)])
  assert.deepStrictEqual(Object.fromEntries(found), mirrored)
})

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
  inventory_fence: "87238e0c5c25fc7a",
  inventory_give_back: "e712cee1e8e10116",
  inventory_hold: "616ee91bd3fab44e",
  inventory_levels: "b3e277c2d3595aa1",
  inventory_lock: "7ff82641fdd1a0f2",
  inventory_look: "c73cbf988330ed74",
  inventory_move: "693f4b43ba98d2b6",
  inventory_movements: "6bf698eb04e63956",
  inventory_reservations: "cb553ba0ebb55208",
  inventory_returns: "bb8c3bd8cf12e3bc",
  inventory_set_strategy: "38063f9177444dbd",
  inventory_settle: "404d8d086eb3e4bb",
  inventory_strategies: "3c4c63d3b600b674",
  inventory_take: "33b55b8faeb01afb",
  schema: "7decc85deef9f877"
}

const digest = (text: string) =>
  createHash("sha256").update(text.replaceAll(/\s+/g, " ").trim()).digest("hex").slice(0, 16)

const schema = new URL("../../migrations/inventory/0001_stock/up.sql", import.meta.url)
const migrations = new URL("../../migrations/inventory/", import.meta.url)

const all = Object.values(statements)

test("the simulated stock has exactly the statements of the real one", () => {
  const names = [...inventoryStatements(makeInventoryTables()).keys()]
  assert.sameMembers(
    names,
    all.map(({ name }) => name)
  )
})

test("the SQL of the stock is the one that its simulated form was compared with", () => {
  const texts = [...all.map(({ name, text }) => [name, text] as const)]
  const found = Object.fromEntries(texts.map(([name, text]) => [name, digest(text)]))
  assert.deepStrictEqual({ ...found, schema: digest(readFileSync(schema, "utf8")) }, mirrored)
})

test("the schema of the stock has no migration that is not simulated", () => {
  assert.deepStrictEqual(readdirSync(migrations), ["0001_stock"])
})

import type { Doing, Execution } from "../Execution.ts"
import type { Slot } from "../Table.ts"
import type { InventoryTables, StockRow } from "./InventoryTables.ts"
import { always, inOrder } from "./rows.ts"

/** `inventory.allow`. Allowances are parallel to the keys; answers how many rows it made. */
export function* allow(
  tables: InventoryTables,
  on: Execution,
  keys: ReadonlyArray<string>,
  allowances: ReadonlyArray<number | null>
): Doing<number> {
  const made = yield* make(tables, on, keys, allowances)
  yield* change(tables, on, keys, allowances)
  return made
}

/** All stock rows are made, in the order of their keys, before the first movement is noted. */
function* make(
  tables: InventoryTables,
  on: Execution,
  keys: ReadonlyArray<string>,
  allowances: ReadonlyArray<number | null>
): Doing<number> {
  on.refresh()
  const made: Array<StockRow> = []
  for (const i of inOrder(keys)) {
    const received = allowances[i] ?? null
    if (received === null) continue
    const row = { sku: keys[i] as string, segment: 0, received, reserved: 0, sold: 0, version: 0 }
    if ((yield* on.insertOr(tables.stock, row)) === undefined) made.push(row)
  }
  for (const { received, sku } of made) yield* note(tables, on, sku, received)
  return made.length
}

/**
 * The differences are those of the statement's snapshot; a row that somebody else changes meanwhile
 * gets the difference on top of its newest version, as an update with a join gives it. The update
 * is the main statement, so it runs before the movements are noted.
 */
function* change(
  tables: InventoryTables,
  on: Execution,
  keys: ReadonlyArray<string>,
  allowances: ReadonlyArray<number | null>
): Doing<void> {
  on.refresh()
  const changed: Array<readonly [slot: Slot<StockRow>, difference: number]> = []
  for (const [i, key] of keys.entries()) {
    const allowance = allowances[i] ?? null
    const slot = tables.stock.slot(key)
    const row = on.seen(slot)
    if (allowance === null || slot === undefined || row === undefined) continue
    const difference = Math.max(allowance, row.reserved + row.sold) - row.received
    if (difference !== 0) changed.push([slot, difference])
  }
  for (const [slot, difference] of changed) {
    yield* on.update(slot, always, (row) => ({ ...row, received: row.received + difference }))
  }
  for (const [{ key }, difference] of changed) yield* note(tables, on, key, difference)
}

function* note(tables: InventoryTables, on: Execution, sku: string, quantity: number): Doing<void> {
  yield* on.insert(tables.movements, {
    id: tables.dealUuid(),
    sku,
    segment: 0,
    quantity,
    kind: "adjustment",
    reason: "allowance",
    occurredAt: on.now,
    createdAt: on.now
  })
}

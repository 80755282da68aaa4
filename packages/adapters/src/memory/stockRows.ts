/** The stock rows of the memory adapter: which of them units are on, and how they come there. */
import type { Movement, StockLevel } from "@doorbuster/core/inventory/Inventory"
import type { StockKey } from "@doorbuster/core/inventory/StockKey"
import {
  defaultChoice,
  rowsOf,
  type StrategyChoice
} from "@doorbuster/core/inventory/StockStrategy"
import {
  evenly,
  movementParts,
  type SegmentUnits,
  whereFound
} from "@doorbuster/core/inventory/segments"
import type { OrderId } from "@doorbuster/core/order/OrderId"
import type { InventoryTables, StockRow } from "./MemoryStore.ts"

const blank: StockRow = { received: 0, reserved: 0, sold: 0 }

const availableOf = (row: StockRow): number => row.received - row.reserved - row.sold

const rowsFor = (tables: InventoryTables, key: StockKey): ReadonlyArray<StockRow> =>
  tables.stock.get(key) ?? []

/** All rows of a key together; undefined where there is none. */
export const sumOf = (tables: InventoryTables, key: StockKey): StockRow | undefined =>
  tables.stock.get(key)?.reduce((sum, row) => ({
    received: sum.received + row.received,
    reserved: sum.reserved + row.reserved,
    sold: sum.sold + row.sold
  }))

export const change = (
  tables: InventoryTables,
  key: StockKey,
  segment: number,
  by: Partial<StockRow>
): void => {
  const rows = [...rowsFor(tables, key)]
  while (rows.length <= segment) rows.push(blank)
  const row = rows[segment] ?? blank
  rows[segment] = {
    received: row.received + (by.received ?? 0),
    reserved: row.reserved + (by.reserved ?? 0),
    sold: row.sold + (by.sold ?? 0)
  }
  tables.stock.set(key, rows)
}

const shelves = (tables: InventoryTables, key: StockKey): ReadonlyArray<SegmentUnits> =>
  rowsFor(tables, key).map((row, segment) => ({ segment, units: availableOf(row) }))

const rowCount = (tables: InventoryTables, key: StockKey): number =>
  rowsOf(key, tables.strategies.get(key) ?? defaultChoice)

/** Units for one line of an order: from the row that its id hashes to, or from those behind it. */
export const pick = (
  tables: InventoryTables,
  orderId: OrderId,
  key: StockKey,
  quantity: number
): ReadonlyArray<SegmentUnits> => {
  const first = Number.parseInt(orderId.slice(-8), 16) % rowCount(tables, key)
  const all = shelves(tables, key)
  return whereFound([...all.slice(first), ...all.slice(0, first)], quantity)
}

export const book = (tables: InventoryTables, movement: Movement): void => {
  const { key, quantity } = movement
  tables.movements.set(movement.movementId, movement)
  const rows = shelves(tables, key)
  for (const { segment, units } of movementParts(rows, rowCount(tables, key), quantity)) {
    change(tables, key, segment, { received: units })
  }
}

/** Lays the available units of a key out evenly; what is reserved and sold stays on its rows. */
export const layOut = (tables: InventoryTables, key: StockKey): void => {
  const rows = rowsFor(tables, key)
  if (rows.length === 0) return
  const count = rowCount(tables, key)
  const units = rows.reduce((sum, row) => sum + availableOf(row), 0)
  const shares = evenly(units, count)
  const laidOut = Array.from({ length: Math.max(rows.length, count) }, (_, segment) => {
    const { reserved, sold } = rows[segment] ?? blank
    return { received: reserved + sold + (shares[segment] ?? 0), reserved, sold }
  })
  tables.stock.set(key, laidOut)
}

export const setStrategy = (
  tables: InventoryTables,
  key: StockKey,
  choice: StrategyChoice
): void => {
  tables.strategies.set(key, choice)
  layOut(tables, key)
}

export const levels = (
  tables: InventoryTables,
  keys: ReadonlyArray<StockKey>
): ReadonlyArray<StockLevel> =>
  keys.flatMap((key) => rowsFor(tables, key).map((row, segment) => ({ key, segment, ...row })))

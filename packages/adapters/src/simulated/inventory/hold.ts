import type { Doing, Execution } from "../Execution.ts"
import { integers, nullableUnits, texts, times, units, uuids } from "../parameters.ts"
import { notNullViolation, serializationFailure } from "../SqlError.ts"
import { allow } from "./allow.ts"
import { type FenceRow, type InventoryTables, type StockRow, stockKey } from "./InventoryTables.ts"
import { bySegment, found, inOrder } from "./rows.ts"

/** A batch of reservations: what is wanted per row, then the orders, then their lines. */
export interface Batch {
  readonly keys: ReadonlyArray<string>
  /** Parallel to the keys; empty where all are the first ones. */
  readonly segments: ReadonlyArray<number>
  readonly units: ReadonlyArray<number>
  /** Parallel to the keys, or empty; so are the versions. */
  readonly allowances: ReadonlyArray<number | null>
  readonly versions: ReadonlyArray<number | null>
  readonly orders: ReadonlyArray<string>
  readonly epochs: ReadonlyArray<number>
  readonly expiries: ReadonlyArray<number>
  readonly sizes: ReadonlyArray<number>
  /** Positions in `orders`, from 1. */
  readonly lineOrders: ReadonlyArray<number>
  readonly lineKeys: ReadonlyArray<string>
  /** Parallel to the lines, or empty. */
  readonly lineSegments: ReadonlyArray<number>
  readonly lineQuantities: ReadonlyArray<number>
}

type Parameters = ReadonlyArray<unknown>

const batchOf = (demand: Parameters, versions: unknown, orders: Parameters): Batch => ({
  keys: texts(demand[0]),
  segments: integers(demand[1]),
  units: units(demand[2]),
  allowances: nullableUnits(demand[3]),
  versions: nullableUnits(versions),
  orders: uuids(orders[0]),
  epochs: integers(orders[1]),
  expiries: times(orders[2]),
  sizes: integers(orders[3]),
  lineOrders: integers(orders[4]),
  lineKeys: texts(orders[5]),
  lineSegments: integers(orders[6]),
  lineQuantities: units(orders[7])
})

/** As `inventory.hold` takes it. */
export const batchToHold = (p: Parameters): Batch => batchOf(p, p[4], p.slice(5))

/** As `inventory.take` takes it: behind what it waits for, and without versions. */
export const batchToTake = (p: Parameters): Batch => batchOf(p.slice(2), null, p.slice(6))

/** The keys of the rows in their table. */
export const rowKeys = ({ keys, segments }: Pick<Batch, "keys" | "segments">) =>
  segments.length === 0 ? keys : keys.map((key, i) => stockKey(key, segments[i] as number))

/** `inventory.hold`: each part is one statement of the function, with a snapshot of its own. */
export function* hold(tables: InventoryTables, on: Execution, batch: Batch): Doing<void> {
  on.refresh()
  let touched = yield* lockRows(tables, on, batch)
  if (batch.allowances.length > 0) {
    touched += yield* allow(tables, on, batch.keys, batch.allowances)
  }
  if (touched !== batch.keys.length) {
    throw serializationFailure("a stock row was made meanwhile")
  }
  if ((yield* reserveUnits(tables, on, batch)) !== batch.keys.length) {
    throw serializationFailure("the stock was taken meanwhile")
  }
  if ((yield* raiseFences(tables, on, batch)) !== batch.orders.length) {
    throw serializationFailure("a twin of an order came first")
  }
  yield* noteReservations(tables, on, batch)
}

function* lockRows(tables: InventoryTables, on: Execution, batch: Batch): Doing<number> {
  const slots = found(on, tables.stock, rowKeys(batch)).sort(bySegment(on))
  for (const slot of slots) yield* on.lock(slot)
  return slots.length
}

function* reserveUnits(tables: InventoryTables, on: Execution, batch: Batch): Doing<number> {
  on.refresh()
  let touched = 0
  const wanted = new Map<string, number>()
  const rows = rowKeys(batch)
  for (const [i, key] of rows.entries()) wanted.set(key, i)
  for (const slot of found(on, tables.stock, rows)) {
    const i = wanted.get(slot.key) as number
    const quantity = batch.units[i] as number
    const required = batch.versions[i] ?? null
    const fits = ({ received, reserved, sold, version }: StockRow) =>
      received - reserved - sold >= quantity && (required === null || version === required)
    if (!fits(on.seen(slot) as StockRow)) continue
    const row = yield* on.update(slot, fits, (stock) => ({
      ...stock,
      reserved: stock.reserved + quantity,
      version: stock.version + 1
    }))
    if (row !== undefined) touched++
  }
  return touched
}

function* raiseFences(tables: InventoryTables, on: Execution, batch: Batch): Doing<number> {
  on.refresh()
  let touched = 0
  for (const i of inOrder(batch.orders)) {
    const row: FenceRow = {
      orderId: batch.orders[i] as string,
      sagaEpoch: batch.epochs[i] as number,
      state: "held",
      lines: batch.sizes[i] as number,
      expiresAt: batch.expiries[i] as number
    }
    const became = yield* on.upsert(
      tables.fences,
      row,
      () => row,
      (standing) => standing.state === "open" && standing.sagaEpoch <= row.sagaEpoch
    )
    if (became !== "left") touched++
  }
  return touched
}

function* noteReservations(tables: InventoryTables, on: Execution, batch: Batch): Doing<void> {
  on.refresh()
  for (const [i, sku] of batch.lineKeys.entries()) {
    const at = (batch.lineOrders[i] as number) - 1
    const orderId = batch.orders[at]
    if (orderId === undefined) throw notNullViolation("order_id")
    yield* on.insert(tables.reservations, {
      sku,
      segment: batch.lineSegments[i] ?? 0,
      orderId,
      sagaEpoch: batch.epochs[at] as number,
      quantity: batch.lineQuantities[i] as number,
      returned: 0,
      state: "held",
      expiresAt: batch.expiries[at] as number
    })
  }
}

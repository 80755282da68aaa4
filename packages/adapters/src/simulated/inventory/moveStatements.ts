import type { Statement } from "../../postgres/Database.ts"
import * as statements from "../../postgres/inventory/statements.ts"
import type { Execution, Handler } from "../Execution.ts"
import { integers, texts, times, units, uuids } from "../parameters.ts"
import type { Slot, Table } from "../Table.ts"
import type { MovementRow, ReturnRow, StockRow } from "./InventoryTables.ts"
import { type InventoryTables, reservationKey, stockKey } from "./InventoryTables.ts"
import { always, inRowOrder } from "./rows.ts"

const movementsOf = (parameters: ReadonlyArray<unknown>, now: number): Array<MovementRow> => {
  const [ids, skus] = [uuids(parameters[0]), texts(parameters[1])]
  const [quantities, kinds] = [units(parameters[2]), texts(parameters[3])]
  const [reasons, occurred] = [texts(parameters[4]), times(parameters[5])]
  return ids.map((id, i) => ({
    id,
    sku: skus[i] as string,
    segment: 0,
    quantity: quantities[i] as number,
    kind: kinds[i] as string,
    reason: reasons[i] as string,
    occurredAt: occurred[i] as number,
    createdAt: now
  }))
}

/**
 * The main statement, which inserts the rows that are new to its snapshot, runs first; then what
 * is left of the CTEs, the last one first: rows are raised, and movements noted.
 */
const move = (tables: InventoryTables): Handler =>
  function* (on, parameters) {
    const noted = movementsOf(parameters, on.now)
    const skus = texts(parameters[6])
    const segments = integers(parameters[7])
    const differences = units(parameters[8])
    const keys = skus.map((sku, i) => stockKey(sku, segments[i] as number))
    const standing = keys.map((key) => on.read(tables.stock, key) !== undefined)
    for (const i of inRowOrder(skus, segments)) {
      if (standing[i]) continue
      const [sku, segment] = [skus[i] as string, segments[i] as number]
      const received = differences[i] as number
      const row = { sku, segment, received, reserved: 0, sold: 0, version: 0 }
      yield* on.insert(tables.stock, row)
    }
    for (const [i, key] of keys.entries()) {
      if (!standing[i]) continue
      const slot = tables.stock.slot(key) as Slot<StockRow>
      const difference = differences[i] as number
      yield* on.update(slot, always, (row) => ({
        ...row,
        received: row.received + difference,
        version: row.version + 1
      }))
    }
    for (const movement of noted) yield* on.insert(tables.movements, movement)
    return []
  }

const returnsOf = (parameters: ReadonlyArray<unknown>, now: number): Array<ReturnRow> => {
  const [ids, skus, segments] = [
    uuids(parameters[0]),
    texts(parameters[1]),
    integers(parameters[2])
  ]
  const [orders, quantities] = [uuids(parameters[3]), units(parameters[4])]
  return ids.map((returnId, i) => ({
    returnId,
    sku: skus[i] as string,
    segment: segments[i] as number,
    orderId: orders[i] as string,
    quantity: quantities[i] as number,
    createdAt: now
  }))
}

/** Rows that the statement sees, with the units that each of them is changed by. */
const shares = <R>(
  on: Execution,
  table: Table<R>,
  keys: ReadonlyArray<string>,
  quantities: ReadonlyArray<number>
): ReadonlyArray<readonly [slot: Slot<R>, quantity: number]> =>
  keys.flatMap((key, i) => {
    const slot = table.slot(key)
    const isSeen = slot !== undefined && on.seen(slot) !== undefined
    return isSeen ? [[slot, quantities[i] as number] as const] : []
  })

/**
 * The main statement, which lowers what was sold, runs first; then what is left of the CTEs, the
 * last one first: reservations are raised, and returns noted.
 */
const giveBack = ({ reservations, returns, stock }: InventoryTables): Handler =>
  function* (on, parameters) {
    const noted = returnsOf(parameters, on.now)
    const [skus, segments, orders] = [
      texts(parameters[5]),
      integers(parameters[6]),
      uuids(parameters[7])
    ]
    const lines = skus.map((sku, i) =>
      reservationKey(sku, orders[i] as string, segments[i] as number)
    )
    const raised = shares(on, reservations, lines, units(parameters[8]))
    const rowSegments = integers(parameters[10])
    const rows = texts(parameters[9]).map((sku, i) => stockKey(sku, rowSegments[i] as number))
    const lowered = shares(on, stock, rows, units(parameters[11]))
    for (const [slot, quantity] of lowered) {
      yield* on.update(slot, always, (row) => ({
        ...row,
        sold: row.sold - quantity,
        version: row.version + 1
      }))
    }
    for (const [slot, quantity] of raised) {
      yield* on.update(slot, always, (row) => ({ ...row, returned: row.returned + quantity }))
    }
    for (const row of noted) yield* on.insert(returns, row)
    return []
  }

/** Statements that put units on sale, new ones and given-back ones. */
export const moveStatements = (
  tables: InventoryTables
): ReadonlyArray<readonly [Statement, Handler]> => [
  [statements.move, move(tables)],
  [statements.giveBack, giveBack(tables)]
]

import type { Statement } from "../../postgres/Database.ts"
import * as statements from "../../postgres/inventory/statements.ts"
import type { Row } from "../../postgres/rows.ts"
import type { Doing, Execution, Handler } from "../Execution.ts"
import { nullableUnits, texts, uuids } from "../parameters.ts"
import { type Batch, batchToHold, batchToTake, hold } from "./hold.ts"
import type { InventoryTables, StockRow } from "./InventoryTables.ts"

/** What a key has left, its allowance counted; null where it is neither stocked nor allowed. */
const availableOf = (stock: StockRow | undefined, allowance: number | null): number | null => {
  if (stock === undefined) return allowance
  const taken = stock.reserved + stock.sold
  return Math.max(allowance ?? stock.received, taken) - taken
}

type Seen = Pick<Batch, "keys" | "allowances" | "orders">

/** `inventory.look`: in SQL and STABLE, so it sees what its caller sees. */
const look = ({ fences, stock }: InventoryTables, on: Execution, seen: Seen): Array<Row> => {
  const rows: Array<Row> = []
  for (const orderId of new Set(seen.orders)) {
    const fence = on.read(fences, orderId)
    if (fence === undefined) continue
    rows.push({
      order_id: orderId,
      state: fence.state,
      saga_epoch: fence.sagaEpoch,
      sku: null,
      available: null,
      version: null
    })
  }
  for (const [i, sku] of seen.keys.entries()) {
    const row = on.read(stock, sku)
    rows.push({
      order_id: null,
      state: null,
      saga_epoch: null,
      sku,
      available: availableOf(row, seen.allowances[i] ?? null),
      version: row?.version ?? null
    })
  }
  return rows
}

const taken: Row = {
  order_id: null,
  state: "taken",
  saga_epoch: null,
  sku: null,
  available: null,
  version: null
}

const wasHereBefore = ({ fences }: InventoryTables, on: Execution, batch: Batch): boolean =>
  batch.orders.some((orderId, i) => {
    const fence = on.read(fences, orderId)
    if (fence === undefined) return false
    return fence.state !== "open" || fence.sagaEpoch > (batch.epochs[i] as number)
  })

const isShort = ({ stock }: InventoryTables, on: Execution, batch: Batch): boolean =>
  batch.keys.some((key, i) => {
    const available = availableOf(on.read(stock, key), batch.allowances[i] ?? null)
    return available === null || available < (batch.units[i] as number)
  })

function* holdAll(tables: InventoryTables, on: Execution, batch: Batch): Doing<Array<Row>> {
  yield* hold(tables, on, batch)
  return [taken]
}

/** Statements by which units are reserved. */
export const reserveStatements = (
  tables: InventoryTables
): ReadonlyArray<readonly [Statement, Handler]> => [
  [
    statements.take,
    (on, parameters) => {
      const batch = batchToTake(parameters)
      return wasHereBefore(tables, on, batch) || isShort(tables, on, batch)
        ? look(tables, on, batch)
        : holdAll(tables, on, batch)
    }
  ],
  [
    statements.hold,
    function* (on, parameters) {
      yield* hold(tables, on, batchToHold(parameters))
      return [{ hold: "" }]
    }
  ],
  [
    statements.look,
    (on, [keys, allowances, orders]) =>
      look(tables, on, {
        keys: texts(keys),
        allowances: nullableUnits(allowances),
        orders: uuids(orders)
      })
  ]
]

import type { Statement } from "../../postgres/Database.ts"
import * as statements from "../../postgres/inventory/statements.ts"
import type { Row } from "../../postgres/rows.ts"
import type { Doing, Execution, Handler } from "../Execution.ts"
import { nullableUnits, texts, uuids } from "../parameters.ts"
import { type Batch, batchToHold, batchToTake, hold, rowKeys } from "./hold.ts"
import type { InventoryTables, StockRow } from "./InventoryTables.ts"
import { lockSegments, segmentsOf } from "./rows.ts"

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
      segment: null,
      available: null,
      version: null
    })
  }
  for (const [i, sku] of seen.keys.entries()) {
    const allowance = seen.allowances[i] ?? null
    const own = segmentsOf(on, stock, sku).map((slot) => on.seen(slot) as StockRow)
    const meant = allowance === null ? own : own.filter(({ segment }) => segment === 0)
    for (const row of meant.length > 0 ? meant : [undefined]) {
      rows.push({
        order_id: null,
        state: null,
        saga_epoch: null,
        sku,
        segment: row?.segment ?? null,
        available: availableOf(row, allowance),
        version: row?.version ?? null
      })
    }
  }
  return rows
}

const taken: Row = {
  order_id: null,
  state: "taken",
  saga_epoch: null,
  sku: null,
  segment: null,
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
  rowKeys(batch).some((key, i) => {
    const available = availableOf(on.read(stock, key), batch.allowances[i] ?? null)
    return available === null || available < (batch.units[i] as number)
  })

/** Each part is one statement of the function, with a snapshot of its own. */
function* takeAll(
  tables: InventoryTables,
  on: Execution,
  queues: ReadonlyArray<string>,
  locks: boolean,
  batch: Batch
): Doing<Array<Row>> {
  yield* waitInLine(tables, on, queues)
  on.refresh()
  if (locks) yield* lockSegments(on, tables.stock, batch.keys)
  on.refresh()
  if (wasHereBefore(tables, on, batch) || isShort(tables, on, batch)) {
    on.refresh()
    return look(tables, on, batch)
  }
  yield* hold(tables, on, batch)
  return [taken]
}

/** Advisory locks: there are as many as there are keys, and whoever asks finds them free or not. */
function* waitInLine(
  { queues }: InventoryTables,
  on: Execution,
  keys: ReadonlyArray<string>
): Doing<void> {
  for (const sku of keys.toSorted()) {
    const slot = queues.ensure(sku)
    if (slot.versions.length === 0) slot.versions.push({ seq: 0, row: { sku } })
    yield* on.lock(slot)
  }
}

/** Statements by which units are reserved. */
export const reserveStatements = (
  tables: InventoryTables
): ReadonlyArray<readonly [Statement, Handler]> => [
  [
    statements.take,
    (on, parameters) =>
      takeAll(tables, on, texts(parameters[0]), parameters[1] === true, batchToTake(parameters))
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

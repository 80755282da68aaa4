import { evenly } from "@doorbuster/core/inventory/segments"
import type { Statement } from "../../postgres/Database.ts"
import * as statements from "../../postgres/inventory/statements.ts"
import type { Row } from "../../postgres/rows.ts"
import type { Doing, Execution, Handler } from "../Execution.ts"
import { asInteger, asText, texts } from "../parameters.ts"
import type { InventoryTables, StockRow } from "./InventoryTables.ts"
import { always, lockSegments, segmentsOf } from "./rows.ts"

/** The table grows with the keys whose strategy somebody chose: a handful. */
const strategies =
  (tables: InventoryTables): Handler =>
  (on) => {
    const rows: Array<Row> = []
    for (const slot of tables.strategies.slots.values()) {
      const row = on.seen(slot)
      if (row !== undefined) rows.push({ ...row })
    }
    return rows
  }

const strategiesOf =
  (tables: InventoryTables): Handler =>
  (on, [keys]) =>
    [...new Set(texts(keys))].sort().flatMap((sku): Array<Row> => {
      const row = on.read(tables.strategies, sku)
      return row === undefined ? [] : [{ ...row }]
    })

/** `inventory.lay_out`: each part is one statement of the function. */
function* layOut(
  { stock }: InventoryTables,
  on: Execution,
  sku: string,
  rowCount: number
): Doing<void> {
  on.refresh()
  const isKnown = segmentsOf(on, stock, sku).length > 0
  for (let segment = 0; isKnown && segment < rowCount; segment++) {
    const row = { sku, segment, received: 0, reserved: 0, sold: 0, version: 0 }
    yield* on.insertOr(stock, row)
  }
  on.refresh()
  const slots = segmentsOf(on, stock, sku)
  const levels = slots.map((slot) => on.seen(slot) as StockRow)
  const units = levels.reduce((sum, row) => sum + row.received - row.reserved - row.sold, 0)
  const shares = evenly(units, rowCount)
  for (const [i, { received: before, reserved, segment, sold }] of levels.entries()) {
    const received = reserved + sold + (shares[segment] ?? 0)
    const slot = slots[i]
    if (received === before || slot === undefined) continue
    yield* on.update(slot, always, (row) => ({ ...row, received, version: row.version + 1 }))
  }
}

const choose = (tables: InventoryTables): Handler =>
  function* (on, parameters) {
    const sku = asText(parameters[0])
    const row = { sku, strategy: asText(parameters[1]), segments: asInteger(parameters[2]) }
    yield* lockSegments(on, tables.stock, [sku])
    on.refresh()
    yield* on.upsert(tables.strategies, row, () => row)
    yield* layOut(tables, on, sku, asInteger(parameters[3]))
    return [{ choose: "" }]
  }

const rebalance = (tables: InventoryTables): Handler =>
  function* (on, [key]) {
    const sku = asText(key)
    yield* lockSegments(on, tables.stock, [sku])
    on.refresh()
    yield* layOut(tables, on, sku, on.read(tables.strategies, sku)?.segments ?? 1)
    return [{ rebalance: "" }]
  }

/** The choice of strategies, and how units are laid out for them. */
export const strategyStatements = (
  tables: InventoryTables
): ReadonlyArray<readonly [Statement, Handler]> => [
  [statements.strategies, strategies(tables)],
  [statements.strategiesOf, strategiesOf(tables)],
  [statements.choose, choose(tables)],
  [statements.rebalance, rebalance(tables)]
]

import type { Statement } from "../../postgres/Database.ts"
import * as statements from "../../postgres/inventory/statements.ts"
import type { Row } from "../../postgres/rows.ts"
import type { Handler } from "../Execution.ts"
import { texts, uuids } from "../parameters.ts"
import { type InventoryTables, lineKey, type StockRow } from "./InventoryTables.ts"
import { found, lockSegments, segmentsOf } from "./rows.ts"

const lock = ({ stock }: InventoryTables): Handler =>
  function* (on, [keys]) {
    const locked = yield* lockSegments(on, stock, texts(keys))
    return Array.from({ length: locked }, () => ({}))
  }

const levels =
  ({ stock }: InventoryTables): Handler =>
  (on, [keys]) =>
    [...new Set(texts(keys))]
      .sort()
      .flatMap((sku) => segmentsOf(on, stock, sku))
      .map((slot): Row => {
        const { received, reserved, segment, sku, sold } = on.seen(slot) as StockRow
        return { sku, segment, received, reserved, sold }
      })

const reservations =
  (tables: InventoryTables): Handler =>
  (on, [orders, skus]) => {
    const orderIds = uuids(orders)
    const rows = texts(skus).flatMap((sku, i) =>
      on.find(tables.reservations, "line", lineKey(sku, orderIds[i] as string))
    )
    return rows
      .sort((one, other) =>
        one.sku === other.sku ? one.segment - other.segment : one.sku < other.sku ? -1 : 1
      )
      .map((row) => ({
        sku: row.sku,
        segment: row.segment,
        order_id: row.orderId,
        quantity: row.quantity,
        returned: row.returned,
        state: row.state,
        expires_at: row.expiresAt
      }))
  }

const movements =
  (tables: InventoryTables): Handler =>
  (on, [ids]) =>
    found(on, tables.movements, [...new Set(uuids(ids))]).map((slot) => {
      const row = on.seen(slot)
      return { id: slot.key, sku: row?.sku, quantity: row?.quantity, kind: row?.kind }
    })

const returns =
  (tables: InventoryTables): Handler =>
  (on, [ids]) =>
    [...new Set(uuids(ids))]
      .filter((id) => on.find(tables.returns, "return", id).length > 0)
      .map((id) => ({ return_id: id }))

/** Statements that lock or read the stock. */
export const stockStatements = (
  tables: InventoryTables
): ReadonlyArray<readonly [Statement, Handler]> => [
  [statements.lock, lock(tables)],
  [statements.levels, levels(tables)],
  [statements.reservations, reservations(tables)],
  [statements.movements, movements(tables)],
  [statements.returns, returns(tables)]
]

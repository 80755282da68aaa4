import type { Statement } from "../../postgres/Database.ts"
import * as statements from "../../postgres/inventory/statements.ts"
import type { Row } from "../../postgres/rows.ts"
import type { Handler } from "../Execution.ts"
import { asText, texts, uuids } from "../parameters.ts"
import { type InventoryTables, reservationKey } from "./InventoryTables.ts"
import { found, lockInOrder } from "./rows.ts"

const lock = ({ stock }: InventoryTables): Handler =>
  function* (on, [keys]) {
    const locked = yield* lockInOrder(on, stock, texts(keys))
    return Array.from({ length: locked }, () => ({}))
  }

const levels =
  ({ stock }: InventoryTables): Handler =>
  (on, [keys]) =>
    found(on, stock, [...new Set(texts(keys))].sort()).map((slot): Row => {
      const { received, reserved, segment, sku, sold } = on.seen(slot) as NonNullable<
        ReturnType<typeof slot.at>
      >
      return { sku, segment, received, reserved, sold }
    })

const bySku = (one: Row, other: Row): number =>
  one["sku"] === other["sku"] ? 0 : (one["sku"] as string) < (other["sku"] as string) ? -1 : 1

const reservations =
  (tables: InventoryTables): Handler =>
  (on, [orders, skus]) => {
    const orderIds = uuids(orders)
    const rows: Array<Row> = []
    for (const [i, sku] of texts(skus).entries()) {
      const row = on.read(tables.reservations, reservationKey(sku, orderIds[i] as string))
      if (row === undefined) continue
      rows.push({
        sku,
        segment: row.segment,
        order_id: row.orderId,
        quantity: row.quantity,
        returned: row.returned,
        state: row.state,
        expires_at: row.expiresAt
      })
    }
    return rows.sort(bySku)
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

/** The table grows with the keys whose strategy somebody chose: a handful. */
const strategies =
  (tables: InventoryTables): Handler =>
  (on) => {
    const rows: Array<Row> = []
    for (const slot of tables.strategies.slots.values()) {
      const row = on.seen(slot)
      if (row !== undefined) rows.push({ sku: row.sku, strategy: row.strategy })
    }
    return rows
  }

const setStrategy = (tables: InventoryTables): Handler =>
  function* (on, parameters) {
    const row = { sku: asText(parameters[0]), strategy: asText(parameters[1]) }
    yield* on.upsert(tables.strategies, row, () => row)
    return []
  }

/** Statements that lock or read the stock, and the choice of strategies. */
export const stockStatements = (
  tables: InventoryTables
): ReadonlyArray<readonly [Statement, Handler]> => [
  [statements.lock, lock(tables)],
  [statements.levels, levels(tables)],
  [statements.reservations, reservations(tables)],
  [statements.movements, movements(tables)],
  [statements.returns, returns(tables)],
  [statements.strategies, strategies(tables)],
  [statements.setStrategy, setStrategy(tables)]
]

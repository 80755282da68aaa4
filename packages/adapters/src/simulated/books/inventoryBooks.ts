import type { Reservation, ReservationState } from "@doorbuster/core/inventory/Inventory"
import type { StockKey } from "@doorbuster/core/inventory/StockKey"
import type { OrderId } from "@doorbuster/core/order/OrderId"
import type { BookRows } from "../../memory/BookRows.ts"
import type { StockRow } from "../../memory/MemoryStore.ts"
import type { InventoryTables, ReservationRow } from "../inventory/InventoryTables.ts"

const reservationOf = (row: ReservationRow): Reservation => ({
  orderId: row.orderId as OrderId,
  key: row.sku as StockKey,
  segment: row.segment,
  quantity: row.quantity,
  returned: row.returned,
  state: row.state as ReservationState,
  expiresAt: row.expiresAt
})

const blank: StockRow = { received: 0, reserved: 0, sold: 0 }

const stockRows = ({ stock }: InventoryTables): BookRows["inventory"]["stock"] => {
  const keys = new Map<StockKey, Array<StockRow>>()
  for (const { received, reserved, segment, sku, sold } of stock.rows()) {
    const rows = keys.get(sku as StockKey) ?? []
    while (rows.length < segment) rows.push(blank)
    rows[segment] = { received, reserved, sold }
    keys.set(sku as StockKey, rows)
  }
  return keys
}

/** What was committed to the schema `inventory`. */
export const inventoryBooks = (tables: InventoryTables): BookRows["inventory"] => {
  const attempts = new Map<OrderId, { readonly lines: Array<Reservation> }>()
  for (const { orderId } of tables.fences.rows()) attempts.set(orderId as OrderId, { lines: [] })
  for (const row of tables.reservations.rows()) {
    const reservation = reservationOf(row)
    const attempt = attempts.get(reservation.orderId)
    if (attempt === undefined) attempts.set(reservation.orderId, { lines: [reservation] })
    else attempt.lines.push(reservation)
  }
  return {
    stock: stockRows(tables),
    movements: new Map(
      [...tables.movements.rows()].map(({ id, quantity, sku }) => [
        id,
        { key: sku as StockKey, quantity }
      ])
    ),
    attempts,
    returns: new Map(
      [...tables.returns.rows()].map(({ quantity, returnId, segment, sku }) => [
        `${returnId} ${segment} ${sku}`,
        { lines: [{ key: sku as StockKey, segment, quantity }] }
      ])
    )
  }
}

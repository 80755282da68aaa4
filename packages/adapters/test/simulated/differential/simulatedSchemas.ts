import type { Handler } from "@doorbuster/adapters/simulated/Execution"
import { makeInventoryTables } from "@doorbuster/adapters/simulated/inventory/InventoryTables"
import { inventoryStatements } from "@doorbuster/adapters/simulated/inventory/inventoryStatements"
import { makeMoneyTables } from "@doorbuster/adapters/simulated/money/MoneyTables"
import { moneyStatements } from "@doorbuster/adapters/simulated/money/moneyStatements"
import { makeOrdersTables } from "@doorbuster/adapters/simulated/orders/OrdersTables"
import { ordersStatements } from "@doorbuster/adapters/simulated/orders/ordersStatements"
import type { TableName } from "./contents.ts"

const columnOf = (field: string): string => field.replaceAll(/[A-Z]/g, (c) => `_${c.toLowerCase()}`)

/** Where a field is not named after its column. */
const renamed: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "money.payments": { epoch: "saga_epoch" },
  "money.fences": { epoch: "saga_epoch" }
}

const rowOf = (table: TableName, row: object): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(row).map(([field, value]) => [renamed[table]?.[field] ?? columnOf(field), value])
  )

/** The three schemas of one simulated server. */
export const simulatedSchemas = () => {
  const inventory = makeInventoryTables()
  const orders = makeOrdersTables()
  const money = makeMoneyTables()
  const tables: Readonly<Record<TableName, { readonly rows: () => Iterable<unknown> }>> = {
    "inventory.stock": inventory.stock,
    "inventory.strategies": inventory.strategies,
    "inventory.movements": inventory.movements,
    "inventory.reservations": inventory.reservations,
    "inventory.fences": inventory.fences,
    "inventory.returns": inventory.returns,
    "orders.orders": orders.orders,
    "orders.order_lines": orders.lines,
    "orders.order_events": orders.events,
    "orders.shipments": orders.shipments,
    "orders.sagas": orders.sagas,
    "orders.idempotency_keys": orders.keys,
    "orders.workers": orders.workers,
    "money.payments": money.payments,
    "money.fences": money.fences,
    "money.receipts": money.receipts,
    "money.refunds": money.refunds,
    "money.entries": money.entries,
    "money.postings": money.postings,
    "money.breaks": money.breaks
  }
  const handlers = new Map<string, Handler>([
    ...inventoryStatements(inventory),
    ...ordersStatements(orders),
    ...moneyStatements(money)
  ])
  const rows = () =>
    new Map(
      Object.entries(tables).map(([name, table]) => {
        const of = name as TableName
        return [of, Array.from(table.rows(), (row) => rowOf(of, row as object))]
      })
    )
  return { handlers, rows }
}

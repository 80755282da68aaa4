/** The tables of both servers in one form. */
import type { Contents } from "./Side.ts"
import { told } from "./telling.ts"

export const tableNames = [
  "inventory.stock",
  "inventory.strategies",
  "inventory.movements",
  "inventory.reservations",
  "inventory.fences",
  "inventory.returns",
  "orders.orders",
  "orders.order_lines",
  "orders.order_events",
  "orders.shipments",
  "orders.sagas",
  "orders.idempotency_keys",
  "orders.workers",
  "money.payments",
  "money.fences",
  "money.receipts",
  "money.refunds",
  "money.entries",
  "money.postings",
  "money.breaks"
] as const
export type TableName = (typeof tableNames)[number]

type Fields = Readonly<Record<string, unknown>>

/** What depends on the server's clock or dice. */
const leftOut: Partial<Record<TableName, ReadonlyArray<string>>> = {
  "inventory.movements": ["created_at"],
  "inventory.returns": ["created_at"],
  "orders.workers": ["lease_until"],
  "money.payments": ["updated_at"],
  "money.entries": ["posted_at"]
}

/** Movements that the server itself makes have an id and a time of its own. */
const ofAllowance = ["id", "occurred_at"]

const lineOf = (table: TableName, row: Fields): string => {
  const isOwn = table === "inventory.movements" && row["reason"] === "allowance"
  const without = new Set([...(leftOut[table] ?? []), ...(isOwn ? ofAllowance : [])])
  const fields = Object.entries(row).filter(([column]) => !without.has(column))
  return told(
    Object.fromEntries(fields.map(([k, v]) => [k, typeof v === "bigint" ? Number(v) : v]))
  )
}

export const contentsOf = (rows: ReadonlyMap<TableName, ReadonlyArray<Fields>>): Contents =>
  Object.fromEntries(
    tableNames.map((table) => [
      table,
      (rows.get(table) ?? []).map((row) => lineOf(table, row)).sort()
    ])
  )

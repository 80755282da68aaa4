/**
 * A past for a store, without having lived it: the rows of a few orders that the store itself has
 * placed, copied so often that there are as many orders as were asked for. Each copy has ids of its
 * own, wherever an id stands in a row, so it is an order like the others, to the last posting.
 */
import * as Database from "@doorbuster/adapters/postgres/Database"
import { text } from "@doorbuster/adapters/postgres/rows"
import * as Effect from "effect/Effect"
import type { Connection } from "./BenchGround.ts"

interface Column {
  readonly name: string
  readonly type: string
}

interface TableRows {
  readonly table: string
  readonly columns: ReadonlyArray<Column>
  /** Cells as text; null for no value. */
  readonly rows: ReadonlyArray<ReadonlyArray<string | null>>
}

const columnsOfTables = {
  name: "bench_columns",
  text: `select n.nspname || '.' || c.relname as table, a.attname as name,
      format_type(a.atttypid, a.atttypmod) as type
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where n.nspname in ('orders', 'inventory', 'money')
      and c.relkind in ('r', 'p') and not c.relispartition
      and a.attgenerated = '' and a.attidentity = ''
    order by 1, a.attnum`
}

const uuidPattern = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g
/** The end of an id, which tells the copies apart. */
const tailLength = 12
const headOf = (id: string): string => id.slice(0, -tailLength)

const idsIn = (row: ReadonlyArray<string | null>): ReadonlyArray<string> =>
  row.flatMap((cell) => cell?.match(uuidPattern) ?? [])

const readTable = (database: Database.Database, table: string, columns: ReadonlyArray<Column>) => {
  const cells = columns.map(({ name }) => `${name}::text`).join(", ")
  const statement = {
    name: `bench_rows_${table}`,
    text: `select json_build_array(${cells})::text as cells from ${table}`
  }
  return Effect.map(
    database.query("bench.rows", statement),
    (found): TableRows => ({
      table,
      columns,
      rows: found.map((row) => JSON.parse(text(row, "cells")) as ReadonlyArray<string | null>)
    })
  )
}

/** All rows about these orders, however far away: what shares an id with them is theirs. */
const rowsAbout = (tables: ReadonlyArray<TableRows>, orders: ReadonlyArray<string>) => {
  const known = new Set(orders)
  const isAbout = (row: ReadonlyArray<string | null>) => idsIn(row).some((id) => known.has(id))
  for (let before = -1; before < known.size; ) {
    before = known.size
    for (const { rows } of tables) {
      for (const row of rows.filter(isAbout)) for (const id of idsIn(row)) known.add(id)
    }
  }
  if (new Set([...known].map(headOf)).size < known.size) {
    throw new Error("two ids of the same orders begin alike: run the bench again")
  }
  return tables.map((one) => ({ ...one, rows: one.rows.filter(isAbout) }))
}

const literal = (value: string): string => `'${value.replaceAll("'", "''")}'`

/** A cell with the end of each id replaced by the copy's own. */
const copied = (cell: string | null, type: string): string => {
  if (cell === null) return `null::${type}`
  const parts: Array<string> = []
  let at = 0
  for (const { 0: id, index } of cell.matchAll(uuidPattern)) {
    parts.push(literal(cell.slice(at, index) + headOf(id)), "tail")
    at = index + id.length
  }
  return `(${[...parts, literal(cell.slice(at))].join(" || ")})::${type}`
}

/** Copies `from + 1` to `to` of one row. */
const copyRow = (
  { columns, table }: TableRows,
  row: ReadonlyArray<string | null>,
  from: number,
  to: number
) => {
  const names = columns.map(({ name }) => name).join(", ")
  const cells = columns.map(({ type }, index) => copied(row[index] ?? null, type)).join(", ")
  return (
    `insert into ${table} (${names}) select ${cells} ` +
    `from generate_series(${from + 1}, ${to}) as copy(number), ` +
    `lateral (select lpad(to_hex(number), ${tailLength}, '0') as tail) as ids`
  )
}

export interface HistoryOptions {
  readonly connection: Connection
  /** Orders to copy, all paid; each is of one unit. */
  readonly orders: ReadonlyArray<string>
  /** Copies of each. */
  readonly copies: number
  /** Told how many of the copies are there. */
  readonly onProgress: (done: number) => Effect.Effect<void>
}

/** Copies at a time, so that there is something to tell now and then. */
const chunk = 1_000

/** What was just written is on its way to the disk: nobody's turn is to pay for that. */
const checkpoint = { name: "bench_checkpoint", text: "checkpoint" }
const vacuum = { name: "bench_vacuum", text: "vacuum analyze" }

/**
 * The copies' units count as sold. Rules about how rows come about rest meanwhile: these rows keep
 * them already. In the end the tables are as they are in a store that has been up for a while.
 */
export const fillHistory = Effect.fnUntraced(function* ({
  connection,
  copies,
  onProgress,
  orders
}: HistoryOptions) {
  const database = yield* Database.make({ connection, poolMax: 1 })
  const described = yield* database.query("bench.columns", columnsOfTables)
  const columns = Map.groupBy(described, (row) => text(row, "table"))
  const all = yield* Effect.forEach(columns, ([table, rows]) =>
    readTable(
      database,
      table,
      rows.map((row) => ({ name: text(row, "name"), type: text(row, "type") }))
    )
  )
  const tables = rowsAbout(all, orders).filter(({ rows }) => rows.length > 0)
  const rules = (verb: "disable" | "enable") =>
    tables.map(({ table }) => `alter table ${table} ${verb} trigger user`).join("; ")
  for (let from = 0; from < copies; from += chunk) {
    const to = Math.min(copies, from + chunk)
    const inserts = tables.flatMap((one) => one.rows.map((row) => copyRow(one, row, from, to)))
    const sold =
      "update inventory.stock s set sold = sold + r.units from (select sku, segment, " +
      `${to - from} * sum(quantity) as units from inventory.reservations where order_id in ` +
      `(${orders.map(literal).join(", ")}) group by sku, segment) r ` +
      "where r.sku = s.sku and r.segment = s.segment"
    yield* database.transaction("bench.history", (transaction) =>
      transaction.script(
        [
          "set local synchronous_commit = off",
          rules("disable"),
          ...inserts,
          sold,
          rules("enable")
        ].join("; ")
      )
    )
    yield* onProgress(to)
  }
  yield* database.query("bench.vacuum", vacuum)
  // A role may lack the right to it; then the checkpoint comes when it comes.
  yield* Effect.ignore(database.query("bench.checkpoint", checkpoint))
}, Effect.scoped)

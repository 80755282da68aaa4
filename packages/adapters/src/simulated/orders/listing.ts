import type { Row } from "../../postgres/rows.ts"
import type { Execution, Handler } from "../Execution.ts"
import type { Table } from "../Table.ts"
import { asLimit } from "./asLimit.ts"

/** One condition of a list, by the name that it gives to the statement. */
export interface Filter<R> {
  readonly name: string
  /** Reads the parameter: what to look for in which index, if one has it, and what to keep. */
  readonly of: (value: unknown) => {
    readonly index?: readonly [name: string, value: string]
    readonly keeps: (row: R) => boolean
  }
}

/** A list statement's rows: all of the filters hold, in the order of the primary key. */
export interface Listing<R> {
  readonly table: Table<R>
  readonly prefix: string
  /** In the order in which the store names and numbers them. */
  readonly filters: ReadonlyArray<Filter<R>>
  readonly descending: boolean
  readonly answer: (row: R) => Row
}

/** All of them, from none to all, each in the order of the items. */
const subsets = <A>(items: ReadonlyArray<A>): ReadonlyArray<ReadonlyArray<A>> =>
  Array.from({ length: 2 ** items.length }, (_, chosen) =>
    items.filter((_item, at) => Math.floor(chosen / 2 ** at) % 2 === 1)
  )

function* everything<R>(on: Execution, table: Table<R>): Generator<R> {
  for (const slot of table.slots.values()) {
    const row = on.seen(slot)
    if (row !== undefined) yield row
  }
}

const listed =
  <R>({ answer, descending, table }: Listing<R>, filters: ReadonlyArray<Filter<R>>): Handler =>
  (on, [limit, ...values]) => {
    const most = asLimit(limit)
    const conditions = filters.map(({ of }, at) => of(values[at]))
    const index = conditions.find((condition) => condition.index !== undefined)?.index
    const candidates = index === undefined ? everything(on, table) : on.find(table, ...index)
    const rows: Array<readonly [key: string, row: R]> = []
    for (const row of candidates) {
      if (conditions.every(({ keeps }) => keeps(row))) rows.push([table.shape.key(row), row])
    }
    const sign = descending ? -1 : 1
    rows.sort(([a], [b]) => (a < b ? -sign : sign))
    return rows.slice(0, most).map(([, row]) => answer(row))
  }

/** A list has one prepared statement for each combination of filters, named after them. */
export const listStatements = <R>(
  listing: Listing<R>
): ReadonlyArray<readonly [name: string, Handler]> =>
  subsets(listing.filters).map((filters) => [
    [listing.prefix, ...filters.map(({ name }) => name)].join("."),
    listed(listing, filters)
  ])

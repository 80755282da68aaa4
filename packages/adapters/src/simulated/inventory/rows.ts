/** What the statements of the stock have in common: finding and locking rows by their keys. */
import type { Doing, Execution } from "../Execution.ts"
import type { Slot, Table } from "../Table.ts"
import type { StockRow } from "./InventoryTables.ts"

/** The rows with these keys that the statement sees, in the order of the keys given. */
export const found = <R>(
  on: Execution,
  table: Table<R>,
  keys: ReadonlyArray<string>
): Array<Slot<R>> => {
  const slots: Array<Slot<R>> = []
  for (const key of keys) {
    const slot = table.slot(key)
    if (slot !== undefined && on.seen(slot) !== undefined) slots.push(slot)
  }
  return slots
}

/**
 * `for update` of the rows with these keys, in the order of the keys; answers how many there were.
 * Keys are ASCII, so their order here is the byte order of the collation "C". Rows of the stock are
 * never deleted and keep their keys, so a row that was waited for is still the one that was meant.
 */
export function* lockInOrder<R>(
  on: Execution,
  table: Table<R>,
  keys: ReadonlyArray<string>
): Doing<number> {
  const slots = found(on, table, keys.toSorted())
  for (const slot of slots) yield* on.lock(slot)
  return slots.length
}

/** The rows of a key that the statement sees, in the order of the segments. */
export const segmentsOf = (
  on: Execution,
  stock: Table<StockRow>,
  sku: string
): Array<Slot<StockRow>> => {
  const slots = on.slots(stock, "sku", sku, () => true)
  return slots.length < 2 ? slots : slots.sort(bySegment(on))
}

/** The order in which stock rows are locked. */
export const bySegment =
  (on: Execution) =>
  (one: Slot<StockRow>, other: Slot<StockRow>): number => {
    const [a, b] = [on.seen(one) as StockRow, on.seen(other) as StockRow]
    return a.sku === b.sku ? a.segment - b.segment : a.sku < b.sku ? -1 : 1
  }

/** `for update` of all rows of these keys, in order; answers how many there were. */
export function* lockSegments(
  on: Execution,
  stock: Table<StockRow>,
  keys: ReadonlyArray<string>
): Doing<number> {
  const slots = keys.toSorted().flatMap((sku) => segmentsOf(on, stock, sku))
  for (const slot of slots) yield* on.lock(slot)
  return slots.length
}

/** Positions of the values in the order of the values. */
export const inOrder = (values: ReadonlyArray<string>): ReadonlyArray<number> =>
  Array.from(values.keys()).sort((a, b) => ((values[a] as string) < (values[b] as string) ? -1 : 1))

/** Positions of stock rows in the order in which they are locked. */
export const inRowOrder = (
  skus: ReadonlyArray<string>,
  segments: ReadonlyArray<number>
): ReadonlyArray<number> =>
  Array.from(skus.keys()).sort((a, b) => {
    const [one, other] = [skus[a] as string, skus[b] as string]
    return one === other ? (segments[a] ?? 0) - (segments[b] ?? 0) : one < other ? -1 : 1
  })

/** For a row that is changed whatever its newest version says. */
export const always = (): boolean => true

/** What the statements of the stock have in common: finding and locking rows by their keys. */
import type { Doing, Execution } from "../Execution.ts"
import type { Slot, Table } from "../Table.ts"

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

/** Positions of the values in the order of the values. */
export const inOrder = (values: ReadonlyArray<string>): ReadonlyArray<number> =>
  Array.from(values.keys()).sort((a, b) => ((values[a] as string) < (values[b] as string) ? -1 : 1))

/** For a row that is changed whatever its newest version says. */
export const always = (): boolean => true

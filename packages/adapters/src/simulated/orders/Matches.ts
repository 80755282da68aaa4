import type { Doing, Execution } from "../Execution.ts"
import type { Slot, Table } from "../Table.ts"

interface Match<R> {
  readonly where: (row: R) => boolean
  readonly change: (row: R) => R
}

/**
 * The rows that an UPDATE has found in its statement's snapshot, and what it makes of them. Several
 * writes of one statement never see each other, so all of them find their rows first. A row that is
 * found more than once is changed only once, as in Postgres.
 */
export class Matches<R> {
  readonly #on: Execution
  readonly #matches = new Map<Slot<R>, Match<R>>()

  constructor(on: Execution) {
    this.#on = on
  }

  /** `where` is what the row has to be, now and when its lock is had. */
  add(slot: Slot<R> | undefined, where: (row: R) => boolean, change: (row: R) => R): void {
    const row = this.#on.seen(slot)
    if (slot === undefined || row === undefined || !where(row)) return
    if (!this.#matches.has(slot)) this.#matches.set(slot, { where, change })
  }

  /** Writes them in the order in which they were found; answers the rows written. */
  *update(): Doing<Array<R>> {
    const rows: Array<R> = []
    for (const [slot, { change, where }] of this.#matches) {
      const row = yield* this.#on.update(slot, where, change)
      if (row !== undefined) rows.push(row)
    }
    return rows
  }
}

/** Every row is meant that was found by its key. */
export const any = (): boolean => true

/** SELECT ... WHERE id = any(ids) ORDER BY id FOR UPDATE: the newest versions, locked. */
export function* lockInOrder<R>(
  on: Execution,
  table: Table<R>,
  ids: ReadonlyArray<string>
): Doing<Array<R>> {
  const rows: Array<R> = []
  for (const id of [...new Set(ids)].sort()) {
    const slot = table.slot(id)
    if (slot === undefined || on.seen(slot) === undefined) continue
    const row = yield* on.lock(slot)
    if (row !== undefined) rows.push(row)
  }
  return rows
}

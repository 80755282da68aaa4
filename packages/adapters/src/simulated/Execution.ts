import type { Row } from "../postgres/rows.ts"
import { type SqlError, uniqueViolation } from "./SqlError.ts"
import type { Slot, Table } from "./Table.ts"
import type { Work } from "./Work.ts"

/** A statement that has to wait says for which row, and whether it wants its lock. */
export interface Wait {
  readonly slot: Slot
  readonly takes: boolean
  /** It was woken, and somebody else was quicker: it goes before all others who wait. */
  readonly isFirst: boolean
}

/** A part of a statement that may have to wait for other transactions. */
export type Doing<A> = Generator<Wait, A, void>

/**
 * The simulated form of a prepared statement: reads its parameters as the driver would send them
 * and answers rows as the driver would parse them.
 */
export type Handler = (
  on: Execution,
  parameters: ReadonlyArray<unknown>
) => Doing<ReadonlyArray<Row>> | ReadonlyArray<Row>

/** Where a statement's snapshots come from. */
export interface Snapshots {
  readonly seq: number
}

/**
 * One statement while it runs, under READ COMMITTED:
 *
 * - `read` and `find` see what was committed when the statement began, and the transaction's own
 *   writes. A handler reads before it writes: a statement never sees its own changes.
 * - `lock` and `update` wait for the row's lock and then look at the newest version. If it is not
 *   the one that was found, the condition is judged again on it (EvalPlanQual), and a row that no
 *   longer meets it is left alone, its lock kept.
 * - `insert` waits for an unfinished transaction that has written the same unique value.
 * - Locks are exclusive and are kept until the transaction ends.
 */
export class Execution {
  readonly work: Work
  readonly #snapshots: Snapshots
  snapshot: number

  constructor(work: Work, snapshots: Snapshots) {
    this.work = work
    this.#snapshots = snapshots
    this.snapshot = snapshots.seq
  }

  get now(): number {
    return this.work.now
  }

  /** The next statement of a VOLATILE function begins: it sees what is committed by now. */
  refresh(): void {
    this.snapshot = this.#snapshots.seq
  }

  /** The row as this statement sees it; undefined where it sees none. */
  seen<R>(slot: Slot<R> | undefined): R | undefined {
    if (slot === undefined) return undefined
    const own = slot.holder === this.work && slot.pending !== undefined
    return (own ? slot.pending : slot.at(this.snapshot)) ?? undefined
  }

  read<R>(table: Table<R>, key: string): R | undefined {
    return this.seen(table.slot(key))
  }

  /** The rows of an index value that this statement sees. */
  find<R>(table: Table<R>, index: string, value: string): Array<R> {
    return this.slots(table, index, value, () => true).map((slot) => this.seen(slot) as R)
  }

  /** The slots behind `find`, for locking. */
  slots<R>(
    table: Table<R>,
    index: string,
    value: string,
    where: (row: R) => boolean
  ): Array<Slot<R>> {
    const of = table.shape.indexes?.find(({ name }) => name === index)?.of
    const slots: Array<Slot<R>> = []
    for (const slot of table.having(index, value)) {
      const row = this.seen(slot)
      if (row !== undefined && of?.(row) === value && where(row)) slots.push(slot)
    }
    return slots
  }

  /** The newest version that this transaction may see: its own, or the last committed. */
  newest<R>(slot: Slot<R>): R | null {
    return slot.holder === this.work && slot.pending !== undefined ? slot.pending : slot.committed
  }

  /** False where somebody else holds the lock (SKIP LOCKED). */
  isFree<R>(slot: Slot<R>): boolean {
    return slot.holder === null || slot.holder === this.work
  }

  /** For a row that was found: its lock, and its newest version if that is still meant. */
  *lock<R>(slot: Slot<R>, where: (row: R) => boolean = () => true): Doing<R | undefined> {
    for (let isFirst = false; !this.isFree(slot); isFirst = true) {
      yield { slot: slot as Slot, takes: true, isFirst }
    }
    const row = this.newest(slot)
    // A row that is gone cannot be locked; nobody may wait for it either.
    if (row === null) return undefined
    this.#hold(slot as Slot)
    return where(row) ? row : undefined
  }

  #hold(slot: Slot): void {
    slot.holder = this.work
    this.work.locked.add(slot)
  }

  /** The new row, or undefined where the row is gone or no longer meets the condition. */
  *update<R>(
    slot: Slot<R>,
    where: (row: R) => boolean,
    change: (row: R) => R
  ): Doing<R | undefined> {
    const found = this.seen(slot)
    const isNewest = this.isFree(slot) && found === this.newest(slot)
    const { check } = slot.table.shape
    // Constraints are judged before anybody is waited for, and again on what the row is then.
    if (found !== undefined && !isNewest && where(found)) {
      check?.(change(found), found)
    }
    const row = yield* this.lock(slot, where)
    if (row === undefined) return undefined
    const next = change(row)
    yield* this.#write(slot, next, row)
    return next
  }

  *delete<R>(slot: Slot<R>, where: (row: R) => boolean): Doing<boolean> {
    const row = yield* this.lock(slot, where)
    if (row === undefined) return false
    slot.pending = null
    this.work.written.add(slot as Slot)
    return true
  }

  /**
   * Inserts the row, or answers the slot that holds its unique value already (a committed one, or
   * one of this transaction), whatever this statement's snapshot shows.
   */
  *insertOr<R>(table: Table<R>, row: R): Doing<Slot<R> | undefined> {
    const key = table.shape.key(row)
    table.shape.check?.(row, null)
    const slot = table.ensure(key)
    let conflict: Slot<R> | undefined
    do {
      conflict = (yield* this.#standing(slot)) ?? (yield* this.#twin(slot, row))
      // Its own key may have been written while it waited for a value of another index.
    } while (conflict === undefined && (this.#isUndecided(slot) || this.newest(slot) !== null))
    if (conflict !== undefined) return conflict
    this.#hold(slot as Slot)
    slot.pending = row
    this.work.written.add(slot as Slot)
    table.index(slot, row)
    return undefined
  }

  /** Inserts the row; a unique value that stands is an error. */
  *insert<R>(table: Table<R>, row: R): Doing<void> {
    const conflict = yield* this.insertOr(table, row)
    if (conflict !== undefined) throw this.#violation(conflict, row)
  }

  /** ON CONFLICT DO UPDATE: locks what stands and changes it where its newest version is meant. */
  *upsert<R>(
    table: Table<R>,
    row: R,
    change: (standing: R) => R,
    where: (standing: R) => boolean = () => true
  ): Doing<"inserted" | "updated" | "left"> {
    while (true) {
      const conflict = yield* this.insertOr(table, row)
      if (conflict === undefined) return "inserted"
      const standing = yield* this.lock(conflict)
      if (standing === undefined) continue
      if (!where(standing)) return "left"
      yield* this.#write(conflict, change(standing), standing)
      return "updated"
    }
  }

  *#write<R>(slot: Slot<R>, row: R, before: R): Doing<void> {
    slot.table.shape.check?.(row, before)
    this.work.writing = slot as Slot
    const twin = yield* this.#twin(slot, row)
    if (twin !== undefined) throw this.#violation(twin, row)
    this.work.writing = null
    slot.pending = row
    this.work.written.add(slot as Slot)
    slot.table.index(slot, row)
  }

  /** Names the constraint that the row breaks beside what stands. */
  #violation<R>(standing: Slot<R>, row: R): SqlError {
    const { indexes, key, name } = standing.table.shape
    const found = this.newest(standing)
    const broken = indexes?.find(({ of, unique }) => {
      const value = unique ? of(row) : null
      return value !== null && found !== null && of(found) === value
    })
    const isKey = standing.key === key(row) || broken === undefined
    return uniqueViolation(isKey ? `${name}_pkey` : broken.name)
  }

  /** Waits until nobody else is about to write the slot; then answers it if there is a row. */
  *#standing<R>(slot: Slot<R>): Doing<Slot<R> | undefined> {
    while (this.#isUndecided(slot)) {
      yield { slot: slot as Slot, takes: false, isFirst: false }
    }
    return this.newest(slot) === null ? undefined : slot
  }

  /** Another row with the same value in a unique index. */
  *#twin<R>(own: Slot<R>, row: R): Doing<Slot<R> | undefined> {
    for (const { name, of, unique } of own.table.shape.indexes ?? []) {
      const value = unique ? of(row) : null
      if (value === null) continue
      // Others may have written the value while this one waited: all are looked at again then.
      for (let again = true; again; ) {
        again = false
        for (const slot of [...own.table.having(name, value)]) {
          // A value that is waited for itself is not in the way yet.
          if (slot === own || slot.holder?.writing === slot) continue
          again ||= this.#isUndecided(slot)
          const standing = yield* this.#standing(slot)
          const found = standing === undefined ? null : this.newest(standing)
          if (found !== null && of(found) === value) return slot
        }
      }
    }
    return undefined
  }

  /** Somebody else has written it, or is about to, and has not ended yet. */
  #isUndecided<R>(slot: Slot<R>): boolean {
    return !this.isFree(slot) && (slot.pending !== undefined || slot.holder?.writing === slot)
  }
}

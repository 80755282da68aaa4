/** What a row was from the commit `seq` on; null is a deleted row. */
interface Version<R> {
  readonly seq: number
  readonly row: R | null
}

/** A transaction, as far as the rows that it locks need to know it. */
export interface Holder {
  readonly locked: Set<Slot>
  /** The row it waits for. */
  readonly waitingFor: Slot | null
  /** The row whose new version it has put down, while a unique value of it has to wait. */
  readonly writing: Slot | null
}

/** Somebody who waits until the row's lock is free. */
export interface Waiter {
  readonly work: Holder
  /** True: it wants the lock. False: it only wants to see how the holder ends. */
  readonly takes: boolean
  readonly wake: () => void
}

/**
 * One row with its committed versions (newest last), its lock, and what the holder of the lock has
 * written to it but not yet committed.
 */
export class Slot<R = unknown> {
  readonly table: Table<R>
  readonly key: string
  readonly versions: Array<Version<R>> = []
  holder: Holder | null = null
  /** Undefined: nothing was written. Null: deleted. */
  pending: R | null | undefined = undefined
  readonly waiters: Array<Waiter> = []

  constructor(table: Table<R>, key: string) {
    this.table = table
    this.key = key
  }

  /** The newest committed row. */
  get committed(): R | null {
    return this.versions[this.versions.length - 1]?.row ?? null
  }

  /** The row as it was committed at `seq`. */
  at(seq: number): R | null {
    for (let i = this.versions.length - 1; i >= 0; i--) {
      const version = this.versions[i] as Version<R>
      if (version.seq <= seq) return version.row
    }
    return null
  }
}

/** Rows of one value of an index; a null value is not indexed. */
export interface Index<R> {
  readonly name: string
  readonly unique: boolean
  readonly of: (row: R) => string | null
}

export interface TableShape<R> {
  readonly name: string
  /** The primary key as one text. */
  readonly key: (row: R) => string
  readonly indexes?: ReadonlyArray<Index<R>>
  /** Throws a `SqlError` where a constraint or a trigger refuses the row. */
  readonly check?: (row: R, before: R | null) => void
}

/** Rows by primary key and by index. Visibility is the reader's business. */
export class Table<R = unknown> {
  readonly shape: TableShape<R>
  readonly slots = new Map<string, Slot<R>>()
  readonly #indexed = new Map<string, Map<string, Set<Slot<R>>>>()

  constructor(shape: TableShape<R>) {
    this.shape = shape
    for (const { name } of shape.indexes ?? []) this.#indexed.set(name, new Map())
  }

  slot(key: string): Slot<R> | undefined {
    return this.slots.get(key)
  }

  /** The slot of the key, made empty where there was none. */
  ensure(key: string): Slot<R> {
    const found = this.slots.get(key)
    if (found !== undefined) return found
    const fresh = new Slot<R>(this, key)
    this.slots.set(key, fresh)
    return fresh
  }

  /** Notes under which values the row is found from now on. */
  index(slot: Slot<R>, row: R): void {
    for (const { name, of } of this.shape.indexes ?? []) {
      const value = of(row)
      if (value === null) continue
      const values = this.#indexed.get(name) as Map<string, Set<Slot<R>>>
      const slots = values.get(value)
      if (slots === undefined) values.set(value, new Set([slot]))
      else slots.add(slot)
    }
  }

  /** Slots of which some version may have this value; whoever reads them looks at the row. */
  *having(index: string, value: string): Generator<Slot<R>> {
    const slots = this.#indexed.get(index)?.get(value)
    if (slots === undefined) return
    const { of } = (this.shape.indexes ?? []).find(({ name }) => name === index) as Index<R>
    const has = (row: R | null | undefined) =>
      row !== null && row !== undefined && of(row) === value
    for (const slot of slots) {
      if (has(slot.pending) || slot.versions.some(({ row }) => has(row))) yield slot
      else slots.delete(slot)
    }
  }

  /** Every committed row, in the order of the keys' first appearance. */
  *rows(): Generator<R> {
    for (const slot of this.slots.values()) {
      const row = slot.committed
      if (row !== null) yield row
    }
  }
}

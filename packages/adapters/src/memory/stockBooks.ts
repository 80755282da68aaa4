import type { StockBook } from "@doorbuster/core/audit/Books"
import type { StockKey } from "@doorbuster/core/inventory/StockKey"
import type { BookRows } from "./BookRows.ts"
import type { StockRow } from "./MemoryStore.ts"

type Segment = StockBook["segments"][number]
type Rows = BookRows["inventory"]

const blank: StockRow = { received: 0, reserved: 0, sold: 0 }
const none = { held: 0, committed: 0, returned: 0, givenBack: 0 }

/** What is booked per key and segment. */
class Segments {
  readonly #segments = new Map<StockKey, Map<number, Segment>>()

  keys(): Iterable<StockKey> {
    return this.#segments.keys()
  }

  of(key: StockKey): ReadonlyArray<Segment> {
    const own = [...(this.#segments.get(key)?.values() ?? [])]
    return own.sort((one, other) => one.segment - other.segment)
  }

  add(key: StockKey, segment: number, by: Partial<Segment>): void {
    const own = this.#segments.get(key) ?? new Map<number, Segment>()
    const before = own.get(segment) ?? { key, segment, ...blank, ...none }
    const sum = (name: keyof typeof none | keyof StockRow) => before[name] + (by[name] ?? 0)
    own.set(segment, {
      key,
      segment,
      received: sum("received"),
      reserved: sum("reserved"),
      sold: sum("sold"),
      held: sum("held"),
      committed: sum("committed"),
      returned: sum("returned"),
      givenBack: sum("givenBack")
    })
    this.#segments.set(key, own)
  }
}

const segmentsOf = ({ attempts, returns, stock }: Rows): Segments => {
  const segments = new Segments()
  for (const [key, rows] of stock) {
    for (const [segment, row] of rows.entries()) segments.add(key, segment, row)
  }
  for (const { lines } of attempts.values()) {
    for (const { key, quantity, returned, segment, state } of lines) {
      if (state === "held") segments.add(key, segment, { held: quantity })
      if (state === "committed") segments.add(key, segment, { committed: quantity, returned })
    }
  }
  for (const { lines } of returns.values()) {
    for (const { key, quantity, segment } of lines) {
      segments.add(key, segment, { givenBack: quantity })
    }
  }
  return segments
}

/** Per key in order, also where something is booked under a key that has no stock row. */
export const stockBooks = (tables: Rows): ReadonlyArray<StockBook> => {
  const moved = new Map<StockKey, number>()
  for (const { key, quantity } of tables.movements.values()) {
    moved.set(key, (moved.get(key) ?? 0) + quantity)
  }
  const segments = segmentsOf(tables)
  // A key without a stock row that something is booked under is exactly what an audit looks for.
  return [...new Set([...segments.keys(), ...moved.keys()])].sort().map((key) => {
    const own = segments.of(key)
    return {
      key,
      moved: moved.get(key) ?? 0,
      segments: own.length > 0 ? own : [{ key, segment: 0, ...blank, ...none }]
    }
  })
}

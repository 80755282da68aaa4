/**
 * Space-Saving: the most frequent keys of a stream, counted with a fixed number of counters
 * (A. Metwally, D. Agrawal, A. El Abbadi, "Efficient Computation of Frequent and Top-k Elements in
 * Data Streams", ICDT 2005). A key without a counter takes over the smallest one, count and all,
 * and remembers how much of it is not its own. Of `total` counted keys over `capacity` counters:
 *
 * - a counter is never too low, and too high by its `error` at most, which is never above
 *   `total / capacity`;
 * - a key without a counter was seen `floor` times at most;
 * - so every key seen more than `total / capacity` times has a counter.
 */
import type { HeatSketch } from "./HeatSketch.ts"

export interface SpaceSaving {
  /** Counts a key once. Takes the same few steps however many keys and counters there are. */
  readonly add: (key: string) => void
  /** What was counted so far; later counting does not change it. */
  readonly sketch: () => HeatSketch
}

/** All counters of one count; they lie side by side, `last` is the position of the last one. */
interface Bucket {
  count: number
  last: number
}

/**
 * The paper's stream summary, with an array in place of its lists: counters are kept in ascending
 * order, and one that grows by one changes places with the last of its equals, so that it stands
 * before the next greater ones without anything being moved in between.
 */
export const make = (capacity: number): SpaceSaving => {
  if (!Number.isSafeInteger(capacity) || capacity < 1) {
    throw new RangeError(`a sketch has a whole number of counters, at least one: ${capacity}`)
  }
  const slots = new Map<string, number>()
  const keys: Array<string | undefined> = new Array(capacity).fill(undefined)
  const errors = new Float64Array(capacity)
  /** The slot at each position, and the position of each slot. */
  const slotAt = Int32Array.from({ length: capacity }, (_, i) => i)
  const positionOf = Int32Array.from({ length: capacity }, (_, i) => i)
  const unused: Bucket = { count: 0, last: capacity - 1 }
  const buckets: Array<Bucket> = new Array(capacity).fill(unused)
  let total = 0

  const at = (position: number): number => slotAt[position] as number
  const bucketOf = (slot: number): Bucket => buckets[slot] as Bucket

  const moveTo = (slot: number, position: number): void => {
    const from = positionOf[slot] as number
    if (from === position) return
    const other = at(position)
    slotAt[from] = other
    positionOf[other] = from
    slotAt[position] = slot
    positionOf[slot] = position
  }

  const increment = (slot: number): void => {
    const bucket = bucketOf(slot)
    const { last } = bucket
    moveTo(slot, last)
    const greater = last + 1 < capacity ? bucketOf(at(last + 1)) : undefined
    const alone = last === 0 || bucketOf(at(last - 1)) !== bucket
    if (greater?.count === bucket.count + 1) {
      buckets[slot] = greater
      bucket.last = last - 1
    } else if (alone) {
      bucket.count += 1
    } else {
      buckets[slot] = { count: bucket.count + 1, last }
      bucket.last = last - 1
    }
  }

  /** The smallest counter becomes this key's. */
  const takeOver = (key: string): number => {
    const slot = at(0)
    const before = keys[slot]
    if (before !== undefined) slots.delete(before)
    slots.set(key, slot)
    keys[slot] = key
    errors[slot] = bucketOf(slot).count
    return slot
  }

  return {
    add: (key) => {
      total += 1
      increment(slots.get(key) ?? takeOver(key))
    },
    sketch: () => {
      const entries: Array<HeatSketch["entries"][number]> = []
      for (let position = capacity - 1; position >= 0; position--) {
        const slot = at(position)
        const key = keys[slot]
        if (key === undefined) break
        entries.push({ key, count: bucketOf(slot).count, error: errors[slot] as number })
      }
      return { capacity, total, floor: bucketOf(at(0)).count, entries }
    }
  }
}

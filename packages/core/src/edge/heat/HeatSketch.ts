/**
 * What a Space-Saving sketch has counted, as a value that can be sent, scaled and merged without
 * losing its promises (P. K. Agarwal et al., "Mergeable Summaries", PODS 2012; the merge is that of
 * M. Cafaro, P. Tempesta, "Finding frequent items in parallel", 2011).
 */
export interface HeatEntry {
  readonly key: string
  /** Never lower than the truth. */
  readonly count: number
  /** `count - error` is never higher than the truth. */
  readonly error: number
}

/**
 * For every key: `count - error <= truth <= count` where it has an entry, `truth <= floor` where it
 * has none; and `error <= total / capacity`, `floor <= total / capacity`.
 */
export interface HeatSketch {
  /** Most entries; of merged sketches with different capacities the smallest. */
  readonly capacity: number
  readonly total: number
  readonly floor: number
  /** The greatest count first. */
  readonly entries: ReadonlyArray<HeatEntry>
}

/** Of nothing. */
export const emptySketch = (capacity: number): HeatSketch => ({
  capacity,
  total: 0,
  floor: 0,
  entries: []
})

/** Ties are broken by the key, so that all who merge the same sketches come to the same one. */
const greatestFirst = (a: HeatEntry, b: HeatEntry): number =>
  b.count - a.count || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)

/**
 * One sketch of all streams together. A key that one of them has no entry for may have been seen
 * there as often as that sketch's floor, so it is taken to have been, and the same is its error.
 */
export const merge = (sketches: ReadonlyArray<HeatSketch>, capacity: number): HeatSketch => {
  let total = 0
  let floors = 0
  let smallest = capacity
  for (const sketch of sketches) {
    total += sketch.total
    floors += sketch.floor
    smallest = Math.min(smallest, sketch.capacity)
  }
  const merged = new Map<string, HeatEntry>()
  for (const { entries, floor } of sketches) {
    for (const { count, error, key } of entries) {
      const known = merged.get(key) ?? { key, count: floors, error: floors }
      merged.set(key, {
        key,
        count: known.count + count - floor,
        error: known.error + error - floor
      })
    }
  }
  const sorted = [...merged.values()].sort(greatestFirst)
  const floor = Math.max(floors, sorted[smallest]?.count ?? 0)
  return { capacity: smallest, total, floor, entries: sorted.slice(0, smallest) }
}

/** The same sketch in another unit, such as per second instead of per window. */
export const scale = (sketch: HeatSketch, factor: number): HeatSketch => ({
  capacity: sketch.capacity,
  total: sketch.total * factor,
  floor: sketch.floor * factor,
  entries: sketch.entries.map(({ count, error, key }) => ({
    key,
    count: count * factor,
    error: error * factor
  }))
})

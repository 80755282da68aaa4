/**
 * The promises of the sketch against exact counts: over any stream, over any way to split it among
 * processes and to merge what they saw, and in another unit.
 */
import { emptySketch, type HeatSketch, merge, scale } from "@doorbuster/core/edge/heat/HeatSketch"
import * as SpaceSaving from "@doorbuster/core/edge/heat/SpaceSaving"
import fc from "fast-check"
import { assert, describe, test } from "vitest"

const counted = (stream: ReadonlyArray<string>): ReadonlyMap<string, number> => {
  const exact = new Map<string, number>()
  for (const key of stream) exact.set(key, (exact.get(key) ?? 0) + 1)
  return exact
}

const sketchOf = (capacity: number, stream: ReadonlyArray<string>): HeatSketch => {
  const counters = SpaceSaving.make(capacity)
  for (const key of stream) counters.add(key)
  return counters.sketch()
}

/** Rounding of scaled figures. */
const tiny = 1e-6

/** Every promise in the sketch's doc comment, with the truth in the sketch's unit. */
const keepsItsPromises = (
  sketch: HeatSketch,
  stream: ReadonlyArray<string>,
  unit: number = 1
): void => {
  const { capacity, entries, floor, total } = sketch
  const exact = counted(stream)
  const bound = total / capacity + tiny
  assert.closeTo(total, stream.length * unit, tiny)
  assert.isAtMost(entries.length, capacity)
  assert.isAtMost(floor, bound)
  const known = new Map(entries.map((entry) => [entry.key, entry]))
  assert.strictEqual(known.size, entries.length)
  for (const { count, error, key } of entries) {
    const truth = (exact.get(key) ?? 0) * unit
    assert.isAtMost(count - error, truth + tiny)
    assert.isAtLeast(count, truth - tiny)
    assert.isAtMost(error, bound)
    assert.isAtLeast(count, floor - tiny)
  }
  for (const [key, times] of exact) {
    if (!known.has(key)) assert.isAtMost(times * unit, floor + tiny)
  }
  const counts = entries.map(({ count }) => count)
  assert.deepStrictEqual(
    counts,
    counts.toSorted((a, b) => b - a)
  )
  assert.isAtMost(
    counts.reduce((sum, count) => sum + count, 0),
    total + tiny
  )
}

const capacities = fc.integer({ min: 1, max: 8 })

/** Few keys that come often and many that come once. */
const streams = fc.array(
  fc.oneof(
    fc.nat({ max: 3 }).map((n) => `hot-${n}`),
    fc.nat({ max: 40 }).map((n) => `cold-${n}`)
  ),
  { maxLength: 300 }
)

describe("a sketch of one stream", () => {
  test("keeps its promises about every key", () => {
    fc.assert(
      fc.property(capacities, streams, (capacity, stream) => {
        const sketch = sketchOf(capacity, stream)
        keepsItsPromises(sketch, stream)
        const sum = sketch.entries.reduce((all, { count }) => all + count, 0)
        assert.strictEqual(sum, stream.length)
      }),
      { numRuns: 500 }
    )
  })

  test("is exact while there are no more keys than counters", () => {
    fc.assert(
      fc.property(streams, (stream) => {
        const exact = counted(stream)
        const sketch = sketchOf(exact.size + 1, stream)
        assert.deepStrictEqual(new Map(sketch.entries.map((e) => [e.key, e.count])), exact)
        assert.isTrue(sketch.entries.every(({ error }) => error === 0))
        assert.strictEqual(sketch.floor, 0)
      })
    )
  })

  test("does not change with what is counted afterwards", () => {
    const counters = SpaceSaving.make(2)
    counters.add("a")
    const before = counters.sketch()
    counters.add("a")
    counters.add("b")
    counters.add("c")
    assert.deepStrictEqual(before.entries, [{ key: "a", count: 1, error: 0 }])
  })

  test("finds a key that makes up more than its share, whatever floods past it", () => {
    const stream = Array.from({ length: 10_000 }, (_, i) => (i % 10 === 0 ? "hot" : `cold-${i}`))
    const [first] = sketchOf(16, stream).entries
    assert.strictEqual(first?.key, "hot")
  })

  test("cannot be made without counters", () => {
    assert.throws(() => SpaceSaving.make(0), RangeError)
    assert.throws(() => SpaceSaving.make(1.5), RangeError)
  })
})

describe("sketches of several streams", () => {
  const parts = fc.array(streams, { minLength: 1, maxLength: 4 })

  test("keep their promises when merged, in whatever order and steps", () => {
    fc.assert(
      fc.property(capacities, parts, (capacity, split) => {
        const all = split.flat()
        const sketches = split.map((stream) => sketchOf(capacity, stream))
        const atOnce = merge(sketches, capacity)
        keepsItsPromises(atOnce, all)
        assert.deepStrictEqual(merge(sketches.toReversed(), capacity), atOnce)
        const stepByStep = sketches.reduce(
          (one, other) => merge([one, other], capacity),
          emptySketch(capacity)
        )
        keepsItsPromises(stepByStep, all)
      }),
      { numRuns: 500 }
    )
  })

  test("keep their promises when merged into fewer counters, and per second", () => {
    fc.assert(
      fc.property(parts, fc.integer({ min: 1, max: 5000 }), (split, windowMs) => {
        const unit = 1000 / windowMs
        const sketches = split.map((stream) => scale(sketchOf(8, stream), unit))
        keepsItsPromises(merge(sketches, 3), split.flat(), unit)
      }),
      { numRuns: 300 }
    )
  })

  test("come to nothing when there are none", () => {
    assert.deepStrictEqual(merge([], 4), emptySketch(4))
  })
})

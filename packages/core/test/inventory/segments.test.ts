/**
 * Goal: however units are dealt out over rows or taken from them, none is lost and none is made.
 * Method: any small rows and any number of units; the parts are added up, and compared with the
 * rows.
 */
import { evenly, movementParts, whereFound } from "@doorbuster/core/inventory/segments"
import fc from "fast-check"
import { assert, describe, test } from "vitest"

const rows = fc
  .array(fc.nat({ max: 9 }), { minLength: 1, maxLength: 7 })
  .map((units) => units.map((each, segment) => ({ segment, units: each })))

const sum = (units: ReadonlyArray<number>) => units.reduce((total, each) => total + each, 0)
const unitsOf = (parts: ReadonlyArray<{ readonly units: number }>) =>
  parts.map(({ units }) => units)

describe("units over rows", () => {
  test("are laid out so that no row has two more than another", () => {
    fc.assert(
      fc.property(fc.nat({ max: 500 }), fc.integer({ min: 1, max: 256 }), (units, count) => {
        const shares = evenly(units, count)
        assert.strictEqual(sum(shares), units)
        assert.lengthOf(shares, count)
        assert.isAtMost(Math.max(...shares) - Math.min(...shares), 1)
      })
    )
  })

  test("are taken from one row where one has enough, and never more than a row has", () => {
    fc.assert(
      fc.property(rows, fc.integer({ min: 1, max: 20 }), (all, wanted) => {
        const parts = whereFound(all, wanted)
        assert.strictEqual(sum(unitsOf(parts)), Math.min(wanted, sum(unitsOf(all))))
        for (const part of parts) {
          assert.isAtMost(part.units, all[part.segment]?.units ?? 0)
          assert.isAbove(part.units, 0)
        }
        const whole = all.find(({ units }) => units >= wanted)
        if (whole !== undefined) {
          assert.deepStrictEqual(parts, [{ segment: whole.segment, units: wanted }])
        }
      })
    )
  })

  test("that come in go where the fewest are, and leave no row behind another that grew", () => {
    fc.assert(
      fc.property(
        rows,
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 1, max: 40 }),
        (all, count, units) => {
          const parts = movementParts(all, count, units)
          assert.strictEqual(sum(unitsOf(parts)), units)
          const after = Array.from({ length: count }, (_, at) => all[at]?.units ?? 0)
          for (const part of parts) {
            assert.isBelow(part.segment, count)
            after[part.segment] = (after[part.segment] ?? 0) + part.units
          }
          const least = Math.min(...after)
          for (const { segment } of parts) assert.isAtMost((after[segment] ?? 0) - least, 1)
        }
      )
    )
  })

  test("that are lost are taken from rows that have them, the fullest first", () => {
    fc.assert(
      fc.property(rows, (all) => {
        const total = sum(unitsOf(all))
        fc.pre(total > 0)
        const lost = Math.ceil(total / 2)
        const parts = movementParts(all, 1, -lost)
        assert.strictEqual(sum(unitsOf(parts)), -lost)
        for (const part of parts) assert.isAtMost(-part.units, all[part.segment]?.units ?? 0)
        const fullest = Math.max(...unitsOf(all))
        assert.strictEqual(all[parts[0]?.segment ?? -1]?.units, fullest)
      })
    )
  })

  test("that are none still make the first row known", () => {
    assert.deepStrictEqual(movementParts([], 4, 0), [{ segment: 0, units: 0 }])
  })
})

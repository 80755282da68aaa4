import { allocate } from "@doorbuster/core/money/allocate"
import { minor } from "@doorbuster/core/money/Minor"
import fc from "fast-check"
import { assert, describe, test } from "vitest"

const total = fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }).map(minor)
const weights = fc.array(fc.bigInt({ min: 0n, max: 2n ** 60n }), { minLength: 1, maxLength: 40 })

describe("allocate", () => {
  test("the parts always sum to the whole", () => {
    fc.assert(
      fc.property(total, weights, (whole, shares) => {
        const parts = allocate(whole, shares)
        assert.strictEqual(parts.length, shares.length)
        assert.strictEqual(
          parts.reduce((sum, part) => sum + part, 0n),
          whole
        )
      })
    )
  })

  test("no part is a whole unit away from its exact share, and no weight means no part", () => {
    fc.assert(
      fc.property(total, weights, (whole, shares) => {
        const sum = shares.reduce((all, share) => all + share, 0n)
        fc.pre(sum > 0n)
        for (const [index, part] of allocate(whole, shares).entries()) {
          const off = part * sum - whole * (shares[index] ?? 0n)
          assert.isTrue((off < 0n ? -off : off) < sum)
          if (shares[index] === 0n) assert.strictEqual(part, 0n)
        }
      })
    )
  })

  test("a negative total is split as its positive twin", () => {
    fc.assert(
      fc.property(total, weights, (whole, shares) => {
        const twin = allocate(minor(-whole), shares)
        assert.deepStrictEqual(
          allocate(whole, shares),
          twin.map((part) => minor(part * -1n))
        )
      })
    )
  })

  test("ties go to the earlier part", () => {
    assert.deepStrictEqual(allocate(minor(2n), [1n, 1n, 1n]), [1n, 1n, 0n].map(minor))
    assert.deepStrictEqual(allocate(minor(10n), [1n, 4n, 1n]), [2n, 7n, 1n].map(minor))
  })

  test("without any weight the first part takes all", () => {
    assert.deepStrictEqual(allocate(minor(7n), [0n, 0n]), [7n, 0n].map(minor))
  })

  test("what cannot be split is refused", () => {
    assert.deepStrictEqual(allocate(minor(0n), []), [])
    assert.throws(() => allocate(minor(1n), []), RangeError)
    assert.throws(() => allocate(minor(1n), [2n, -1n]), RangeError)
  })
})

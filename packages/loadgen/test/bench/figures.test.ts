import { assert, describe, it } from "@effect/vitest"
import { resultOf } from "../../src/bench/BenchReport.ts"
import { median, quantile } from "../../src/bench/statistics.ts"
import { windowFigures } from "../../src/bench/window.ts"

describe("the figures of several rounds", () => {
  it("the middle one counts, or the mean of the two in the middle", () => {
    assert.strictEqual(median([9, 1, 5]), 5)
    assert.strictEqual(median([9, 1, 5, 7]), 6)
  })

  it("a quantile is a value that was met", () => {
    const values = Array.from({ length: 100 }, (_, index) => 100 - index)
    assert.strictEqual(quantile(values, 0.5), 50)
    assert.strictEqual(quantile(values, 0.99), 99)
    assert.strictEqual(quantile(values, 1), 100)
  })

  it("the ratio is that of the middle figures, its spread that of the rounds", () => {
    const base = { name: "n", about: "a", reference: "r" }
    const result = resultOf({ ...base, subject: [10, 30, 20], against: [5, 5, 20] })
    assert.deepInclude(result, { per_second: 20, reference_per_second: 5, ratio: 4 })
    assert.deepStrictEqual(result.ratio_spread, { lowest: 1, highest: 6 })
    assert.deepStrictEqual(result.rounds[2], {
      per_second: 20,
      reference_per_second: 20,
      ratio: 1
    })
  })

  it("without a reference there is no ratio", () => {
    const base = { name: "n", about: "a", reference: "r" }
    const result = resultOf({ ...base, subject: [10], against: null })
    assert.deepInclude(result, { reference_per_second: null, ratio: null, ratio_spread: null })
  })
})

describe("what is done in bursts", () => {
  const burst = (at: number, size: number) => Array.from({ length: size }, () => ({ at, ms: 5 }))
  /** A hundred every 100 ms. */
  const steady = Array.from({ length: 50 }, (_, index) => burst(index * 100, 100)).flat()

  it("has the same rate wherever the window lies", () => {
    for (const from of [1000, 1001, 1050, 1099]) {
      assert.closeTo(windowFigures(steady, from, from + 1_234).perSecond, 1_000, 1e-9)
    }
  })

  it("counts as a whole where the window has too few bursts for a rate", () => {
    const slow = [...burst(4_000, 256), ...burst(8_000, 256)]
    assert.strictEqual(windowFigures(slow, 1_000, 5_000).perSecond, 64)
  })
})

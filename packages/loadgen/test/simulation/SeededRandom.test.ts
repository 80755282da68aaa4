import { expect, test } from "vitest"
import { SeededRandom } from "../../src/simulation/SeededRandom.ts"

const draws = (random: SeededRandom, count: number) =>
  Array.from({ length: count }, () => random.next())
const mean = (values: ReadonlyArray<number>) =>
  values.reduce((sum, value) => sum + value, 0) / values.length

test("a seed gives its stream again", () => {
  expect(draws(new SeededRandom(7), 100)).toEqual(draws(new SeededRandom(7), 100))
})

test("consecutive seeds have nothing in common", () => {
  const firsts = Array.from({ length: 10_000 }, (_, seed) => new SeededRandom(seed).next())
  expect(new Set(firsts).size).toBe(10_000)
  expect(mean(firsts)).toBeCloseTo(0.5, 1)
  const rising = firsts.filter((value, seed) => seed > 0 && value > (firsts[seed - 1] ?? 0))
  expect(Math.abs(rising.length - 5_000)).toBeLessThan(150)
})

test("a fork depends on its name and not on what was drawn before", () => {
  const random = new SeededRandom(7)
  const early = draws(random.fork("faults"), 10)
  random.next()
  expect(draws(random.fork("faults"), 10)).toEqual(early)
  expect(draws(random.fork("orders"), 10)).not.toEqual(early)
  expect(draws(random.fork("a").fork("x"), 10)).not.toEqual(draws(random.fork("b").fork("x"), 10))
})

test("draws stay within their bounds and reach them", () => {
  const random = new SeededRandom(7)
  const dice = new Set(Array.from({ length: 1000 }, () => random.between(1, 6)))
  expect([...dice].toSorted()).toEqual([1, 2, 3, 4, 5, 6])
  expect(random.below(1)).toBe(0)
  expect(() => random.below(0)).toThrow(RangeError)
  expect(() => random.pick([])).toThrow(RangeError)
  const hits = Array.from({ length: 10_000 }, () => random.chance(0.1)).filter(Boolean)
  expect(Math.abs(hits.length - 1000)).toBeLessThan(150)
  expect(random.chance(0)).toBe(false)
  expect(random.chance(1)).toBe(true)
})

test.each([-1, 0.5, 2 ** 32, Number.NaN])("%s is no seed", (seed) => {
  expect(() => new SeededRandom(seed)).toThrow(RangeError)
})

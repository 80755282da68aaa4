/** What is said of several figures: the middle one, and how far they lie apart. */

const sorted = (values: ReadonlyArray<number>): ReadonlyArray<number> =>
  [...values].sort((one, other) => one - other)

/** The value that a share (0 to 1) of the values does not exceed; NaN for no values. */
export const quantile = (values: ReadonlyArray<number>, share: number): number => {
  const ordered = sorted(values)
  const rank = Math.ceil(share * ordered.length) - 1
  return ordered[Math.max(0, rank)] ?? Number.NaN
}

/** The middle value, or the mean of the two in the middle; NaN for no values. */
export const median = (values: ReadonlyArray<number>): number => {
  const ordered = sorted(values)
  const half = ordered.length >> 1
  const upper = ordered[half] ?? Number.NaN
  return ordered.length % 2 === 1 ? upper : ((ordered[half - 1] ?? Number.NaN) + upper) / 2
}

export interface Spread {
  readonly lowest: number
  readonly highest: number
}

export const spread = (values: ReadonlyArray<number>): Spread => ({
  lowest: Math.min(...values),
  highest: Math.max(...values)
})

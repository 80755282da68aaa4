/** Which sums a choice among some numbers can have; sets of sums are the bits of a bigint. */

/** Wider sets than that cost more than they tell. */
export const widthMax = 4_096

export interface Sums {
  /** Bit i stands for the sum i - offset. */
  readonly bits: bigint
  readonly offset: number
}

export const noSums = (offset: number): Sums => ({ bits: 1n << BigInt(offset), offset })

/** With one number more to choose from. Sums below `-offset` must not come up. */
export const withNumber = ({ bits, offset }: Sums, number: number): Sums => ({
  bits: bits | (number < 0 ? bits >> BigInt(-number) : bits << BigInt(number)),
  offset
})

/** The least sum between two bounds, inclusive; undefined where there is none. */
export const sumBetween = ({ bits, offset }: Sums, min: number, max: number) => {
  const from = Math.max(min + offset, 0)
  const rest = bits >> BigInt(from)
  if (rest === 0n) return undefined
  let index = 0
  const length = Math.min(max + offset, from + 2 * widthMax) - from
  if ((rest & ((1n << BigInt(Math.max(0, length + 1))) - 1n)) === 0n) return undefined
  while (((rest >> BigInt(index)) & 1n) === 0n) index++
  return index + from - offset
}

/**
 * The first numbers, as few of the list as can be, that add up to something between two bounds:
 * places in the list, or undefined.
 */
export const choose = (
  numbers: ReadonlyArray<number>,
  min: number,
  max: number
): ReadonlyArray<number> | undefined => {
  const offset = numbers.reduce((sum, number) => sum - Math.min(0, number), 0)
  const steps = [noSums(offset)]
  let sum = sumBetween(steps[0] as Sums, min, max)
  for (let count = 0; sum === undefined; count++) {
    const number = numbers[count]
    if (number === undefined) return undefined
    const step = withNumber(steps[count] as Sums, number)
    steps.push(step)
    sum = sumBetween(step, min, max)
  }
  const chosen: Array<number> = []
  for (let count = steps.length - 1; count > 0; count--) {
    if (sumBetween(steps[count - 1] as Sums, sum, sum) !== undefined) continue
    chosen.push(count - 1)
    sum -= numbers[count - 1] as number
  }
  return chosen
}

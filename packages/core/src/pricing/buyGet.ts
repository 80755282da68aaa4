/** "Buy X of these, get Y of those at percent off", repeating. */
import type { Decimal } from "../money/Decimal.ts"
import { percentOf } from "../money/Decimal.ts"
import type { Target, Units } from "./units.ts"
import { cut, smaller, unitsOf } from "./units.ts"

export interface BuyGet {
  readonly buyQuantity: number
  readonly getQuantity: number
  readonly percent: Decimal
  /** How often it may repeat; null without limit. */
  readonly maxTimes: number | null
}

/** A line on which units may be given, and whether its units also count as bought. */
export interface GetTarget extends Target {
  readonly alsoBuys: boolean
}

/**
 * The largest number of given units such that enough others are bought: each started group of
 * Y given units needs X bought ones, and no unit is both. Units that cannot count as bought
 * are given first, so that as many as possible are left to count.
 */
export const givenUnits = (
  offer: BuyGet,
  buysOnly: bigint,
  getsOnly: bigint,
  both: bigint
): bigint => {
  const getQuantity = BigInt(offer.getQuantity)
  const enough = (given: bigint): boolean => {
    const groups = (given + getQuantity - 1n) / getQuantity
    const fromBoth = given > getsOnly ? given - getsOnly : 0n
    return groups * BigInt(offer.buyQuantity) <= buysOnly + both - fromBoth
  }
  let low = 0n
  let high = getsOnly + both
  if (offer.maxTimes !== null) high = smaller(high, BigInt(offer.maxTimes) * getQuantity)
  while (low < high) {
    const middle = (low + high + 1n) / 2n
    if (enough(middle)) low = middle
    else high = middle - 1n
  }
  return low
}

/**
 * What the offer takes off each target, in parallel to `targets`. The given units are those
 * that cannot count as bought, then the cheapest; among equals, those of the earlier line.
 */
export const buyGetParts = (
  offer: BuyGet,
  buysOnly: bigint,
  targets: ReadonlyArray<GetTarget>
): ReadonlyArray<bigint> => {
  let getsOnly = 0n
  let both = 0n
  const units: Array<Units & { readonly index: number; readonly target: GetTarget }> = []
  for (const [index, target] of targets.entries()) {
    if (target.alsoBuys) both += BigInt(target.line.quantity)
    else getsOnly += BigInt(target.line.quantity)
    for (const each of unitsOf(target.line)) units.push({ ...each, index, target })
  }
  units.sort((a, b) => {
    if (a.target.alsoBuys !== b.target.alsoBuys) return a.target.alsoBuys ? 1 : -1
    return a.price === b.price ? a.index - b.index : a.price < b.price ? -1 : 1
  })
  const parts = targets.map(() => 0n)
  let left = givenUnits(offer, buysOnly, getsOnly, both)
  for (const { count, index, price, target } of units) {
    const taken = smaller(count, left)
    const off = cut(price, target.floor, percentOf(price, offer.percent, "half_up"))
    parts[index] = (parts[index] ?? 0n) + taken * off
    left -= taken
  }
  return parts
}

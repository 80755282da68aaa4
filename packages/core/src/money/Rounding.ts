import * as Schema from "effect/Schema"

/**
 * `half_up` rounds a half away from zero (as receipts do), `half_even` to the even neighbour,
 * `down` towards zero, `up` away from zero.
 */
export const Rounding = Schema.Literals(["half_up", "half_even", "down", "up"])
export type Rounding = typeof Rounding.Type

/** Whether the magnitude grows by one, given twice the remainder compared with the divisor. */
const roundsAway = (quotient: bigint, twiceRest: bigint, divisor: bigint, rounding: Rounding) => {
  switch (rounding) {
    case "down":
      return false
    case "up":
      return twiceRest > 0n
    case "half_up":
      return twiceRest >= divisor
    case "half_even":
      return twiceRest === divisor ? quotient % 2n === 1n : twiceRest > divisor
  }
}

/** Exact division of whole numbers; the rounding is named by the caller, never implied. */
export const divide = (numerator: bigint, denominator: bigint, rounding: Rounding): bigint => {
  if (denominator === 0n) throw new RangeError("divide: the denominator is zero")
  const negative = numerator < 0n !== denominator < 0n
  const dividend = numerator < 0n ? -numerator : numerator
  const divisor = denominator < 0n ? -denominator : denominator
  const quotient = dividend / divisor
  const away = roundsAway(quotient, (dividend % divisor) * 2n, divisor, rounding)
  const magnitude = away ? quotient + 1n : quotient
  return negative ? -magnitude : magnitude
}

import type { WorksheetLine } from "./Worksheet.ts"

/** A line that a discount may lower, and the lowest unit price it may come to. */
export interface Target {
  readonly line: WorksheetLine
  readonly floor: bigint
}

export const smaller = (left: bigint, right: bigint): bigint => (left < right ? left : right)

/** What can be taken off the line before its units reach the floor. */
export const roomOf = ({ floor, line }: Target): bigint => {
  const room = line.left - floor * BigInt(line.quantity)
  return room > 0n ? smaller(room, line.left) : 0n
}

/** Equal units of a line. */
export interface Units {
  readonly price: bigint
  readonly count: bigint
}

/**
 * The units of a line at their present prices, cheaper ones first. An amount that does not
 * divide evenly makes units that differ by one minor unit, so the units always sum to the line.
 */
export const unitsOf = (line: WorksheetLine): ReadonlyArray<Units> => {
  const quantity = BigInt(line.quantity)
  const price = line.left / quantity
  const dearer = line.left % quantity
  return dearer === 0n
    ? [{ price, count: quantity }]
    : [
        { price, count: quantity - dearer },
        { price: price + 1n, count: dearer }
      ]
}

/** A reduction of one unit, held so that the unit stays at or above its floor. */
export const cut = (price: bigint, floor: bigint, off: bigint): bigint =>
  price > floor ? smaller(off, price - floor) : 0n

/** The sum of a reduction that is decided unit by unit. */
export const cutEach = ({ floor, line }: Target, off: (price: bigint) => bigint): bigint => {
  let sum = 0n
  for (const { count, price } of unitsOf(line)) sum += count * cut(price, floor, off(price))
  return sum
}

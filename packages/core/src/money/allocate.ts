import type { Minor } from "./Minor.ts"
import { minor } from "./Minor.ts"

/**
 * Splits a total over weights so that the parts always sum to the whole (largest remainder,
 * ties to the earlier part). A negative total is split as its positive twin. Weights are not
 * negative; where all of them are zero there is no proportion and the first part takes all.
 */
export const allocate = (total: Minor, weights: ReadonlyArray<bigint>): ReadonlyArray<Minor> => {
  if (weights.length === 0) {
    if (total === 0n) return []
    throw new RangeError("allocate: a total other than zero needs at least one weight")
  }
  let sum = 0n
  for (const weight of weights) {
    if (weight < 0n) throw new RangeError("allocate: a weight is negative")
    sum += weight
  }
  if (sum === 0n) return weights.map((_, index) => (index === 0 ? total : minor(0n)))
  const magnitude = total < 0n ? -total : total
  const parts = weights.map((weight) => (magnitude * weight) / sum)
  let left = magnitude
  for (const part of parts) left -= part
  if (left > 0n) {
    const rests = weights.map((weight, index) => ({ index, rest: (magnitude * weight) % sum }))
    // The sort is stable, so equal remainders keep the order of the parts.
    rests.sort((a, b) => (a.rest === b.rest ? 0 : a.rest > b.rest ? -1 : 1))
    for (const { index } of rests.slice(0, Number(left))) parts[index] = (parts[index] ?? 0n) + 1n
  }
  return parts.map((part) => minor(total < 0n ? -part : part))
}

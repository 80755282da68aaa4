/** How units of a key are dealt out over its stock rows, and taken from them. */

/** Units on one row, or of one row. */
export interface SegmentUnits {
  readonly segment: number
  readonly units: number
}

type Rows = ReadonlyArray<SegmentUnits>

/** So many units over so many rows; the first ones have one more where it does not come out. */
export const evenly = (units: number, rows: number): ReadonlyArray<number> =>
  Array.from({ length: rows }, (_, row) => Math.floor(units / rows) + (row < units % rows ? 1 : 0))

/** Takes units from one row if one has enough, the first such one, otherwise from several. */
export const whereFound = (rows: Rows, wanted: number): Rows => {
  const whole = rows.find(({ units }) => units >= wanted)
  return whole === undefined ? inOrder(rows, wanted) : [{ segment: whole.segment, units: wanted }]
}

/** Takes units from the rows in the order given, as much from each as there is. */
const inOrder = (rows: Rows, wanted: number): Rows => {
  const parts: Array<SegmentUnits> = []
  let missing = wanted
  for (const { segment, units } of rows) {
    const part = Math.min(Math.max(units, 0), missing)
    if (part > 0) parts.push({ segment, units: part })
    missing -= part
  }
  return parts
}

/** Takes units from as few rows as possible. */
const fromFullest = (rows: Rows, wanted: number): Rows =>
  inOrder(
    rows.toSorted((one, other) => other.units - one.units),
    wanted
  )

/** Deals units out so that the emptiest rows have as many as possible, and as much alike. */
const toEmptiest = (rows: Rows, units: number): Rows => {
  const ascending = rows.toSorted((one, other) => one.units - other.units)
  let count = 0
  let sum = units
  // As many of the emptiest rows as come to stand at least as high as the next one stands already.
  for (const row of ascending) {
    if (count > 0 && row.units * count >= sum) break
    count += 1
    sum += row.units
  }
  const levels = evenly(sum, count)
  return ascending
    .slice(0, count)
    .map((row, i) => ({ segment: row.segment, units: (levels[i] ?? 0) - row.units }))
    .filter((part) => part.units > 0)
}

/**
 * Where a movement of so many units goes: new ones to the emptiest of the first `count` rows, which
 * need not exist yet, and lost ones are taken from the fullest of all. Units are signed like the
 * quantity; one part at least.
 */
export const movementParts = (rows: Rows, count: number, quantity: number): Rows => {
  if (quantity === 0) return [{ segment: 0, units: 0 }]
  if (quantity < 0) {
    return fromFullest(rows, -quantity).map(({ segment, units }) => ({ segment, units: -units }))
  }
  const known = new Map(rows.map(({ segment, units }) => [segment, units]))
  const first = Array.from({ length: count }, (_, segment) => ({
    segment,
    units: known.get(segment) ?? 0
  }))
  return toEmptiest(first, quantity)
}

import type { ReserveRequest, StockLine } from "@doorbuster/core/inventory/Inventory"
import type { StockKey } from "@doorbuster/core/inventory/StockKey"
import { bigintArray, integerArray, textArray, timestampArray, uuidArray } from "../arrays.ts"
import type { Placed } from "./placing.ts"

/** What some requests ask of one stock row. */
interface Wanted {
  readonly key: StockKey
  readonly segment: number
  readonly allowance: number | null
  units: number
}

/** The rows in byte order of their keys and then by segment, as they are locked. */
const wantedOf = (requests: ReadonlyArray<Placed>): ReadonlyArray<Wanted> => {
  const rows = new Map<string, Wanted>()
  for (const { lines } of requests) {
    for (const { allowance = null, key, quantity, segment = 0 } of lines) {
      // A key has no line break, and most rows are the first ones of their keys.
      const name = segment === 0 ? key : `${key}\n${segment}`
      const row = rows.get(name)
      if (row === undefined) rows.set(name, { key, segment, allowance, units: quantity })
      else row.units += quantity
    }
  }
  return [...rows.values()].sort((one, other) => {
    if (one.key !== other.key) return one.key < other.key ? -1 : 1
    return one.segment - other.segment
  })
}

/** Parallel to the rows, or empty where no row has any. */
const sparse = <A>(values: ReadonlyArray<A>, none: A): ReadonlyArray<A> =>
  values.every((value) => value === none) ? [] : values

const allowancesOf = (rows: ReadonlyArray<Wanted>) =>
  bigintArray(
    sparse(
      rows.map(({ allowance }) => allowance),
      null
    )
  )

/** Keys, segments, units and allowances of the rows that are wanted, as parallel arrays. */
export const rowColumns = (requests: ReadonlyArray<Placed>) => {
  const rows = wantedOf(requests)
  return {
    rows,
    columns: [
      textArray(rows.map(({ key }) => key)),
      integerArray(
        sparse(
          rows.map(({ segment }) => segment),
          0
        )
      ),
      bigintArray(rows.map(({ units }) => units)),
      allowancesOf(rows)
    ]
  }
}

/** The distinct keys in order, and their allowances. */
export const keyColumns = (requests: ReadonlyArray<ReserveRequest>) => {
  const rows = wantedOf(requests)
  return [textArray(rows.map(({ key }) => key)), allowancesOf(rows)] as const
}

/** The orders with their lines as the parallel arrays that the functions of the schema take. */
export const orderColumns = (requests: ReadonlyArray<Placed>): ReadonlyArray<unknown> => {
  const positions: Array<number> = []
  const keys: Array<StockKey> = []
  const segments: Array<number> = []
  const quantities: Array<number> = []
  for (const [i, { lines }] of requests.entries()) {
    for (const { key, quantity, segment = 0 } of lines) {
      positions.push(i + 1)
      keys.push(key)
      segments.push(segment)
      quantities.push(quantity)
    }
  }
  return [
    uuidArray(requests.map(({ orderId }) => orderId)),
    integerArray(requests.map(({ epoch }) => epoch)),
    timestampArray(requests.map(({ expiresAt }) => expiresAt)),
    integerArray(requests.map(({ lines }) => lines.length)),
    integerArray(positions),
    textArray(keys),
    integerArray(sparse(segments, 0)),
    bigintArray(quantities)
  ]
}

type Clash = (item: ReserveRequest, run: ReadonlyArray<ReserveRequest>) => boolean

const never: Clash = () => false

/**
 * A run has one allowance per key. Requests that state different ones (the limit was changed while
 * they were on their way) must be told apart, so that each is judged by its own.
 */
export const allowancesClash = (batch: ReadonlyArray<ReserveRequest>): Clash => {
  const stated = new Map<StockKey, number | undefined>()
  const disputed = new Set<StockKey>()
  for (const { allowance, key } of batch.flatMap(({ lines }) => lines)) {
    if (stated.has(key) && stated.get(key) !== allowance) disputed.add(key)
    stated.set(key, allowance)
  }
  if (disputed.size === 0) return never
  const differs = (one: StockLine, other: StockLine) =>
    one.key === other.key && one.allowance !== other.allowance
  return (item, run) => {
    const lines = item.lines.filter(({ key }) => disputed.has(key))
    return run.some((earlier) =>
      lines.some((line) => earlier.lines.some((other) => differs(line, other)))
    )
  }
}

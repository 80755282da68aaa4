import type { ReserveRequest, StockLine } from "@doorbuster/core/inventory/Inventory"
import type { StockKey } from "@doorbuster/core/inventory/StockKey"
import { textArray, timestampArray } from "../arrays.ts"
import { plainArray } from "../rows.ts"

/** What some requests ask of the stock: per distinct key in order, and per order and line. */
export interface Demand {
  readonly keys: ReadonlyArray<StockKey>
  readonly units: ReadonlyArray<number>
  /** Parallel to the keys, or empty where no line brings one. */
  readonly allowances: ReadonlyArray<number | null>
}

/** Adds up the lines; the keys come in byte order, which is the order in which rows are locked. */
export const demandOf = (requests: ReadonlyArray<ReserveRequest>): Demand => {
  const sums = new Map<StockKey, { units: number; allowance: number | null }>()
  for (const { lines } of requests) {
    for (const { allowance = null, key, quantity } of lines) {
      const sum = sums.get(key)
      if (sum === undefined) sums.set(key, { units: quantity, allowance })
      else sum.units += quantity
    }
  }
  const keys = [...sums.keys()].sort()
  const allowances = keys.map((key) => sums.get(key)?.allowance ?? null)
  return {
    keys,
    units: keys.map((key) => sums.get(key)?.units ?? 0),
    allowances: allowances.some((allowance) => allowance !== null) ? allowances : []
  }
}

/** The orders with their lines as the parallel arrays that the functions of the schema take. */
export const orderColumns = (requests: ReadonlyArray<ReserveRequest>): ReadonlyArray<unknown> => {
  const positions: Array<number> = []
  const keys: Array<StockKey> = []
  const quantities: Array<number> = []
  for (const [i, { lines }] of requests.entries()) {
    for (const { key, quantity } of lines) {
      positions.push(i + 1)
      keys.push(key)
      quantities.push(quantity)
    }
  }
  return [
    plainArray(requests.map(({ orderId }) => orderId)),
    plainArray(requests.map(({ epoch }) => epoch)),
    timestampArray(requests.map(({ expiresAt }) => expiresAt)),
    plainArray(requests.map(({ lines }) => lines.length)),
    plainArray(positions),
    textArray(keys),
    plainArray(quantities)
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

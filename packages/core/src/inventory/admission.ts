import type { ReserveOutcome, ReserveRequest } from "./Inventory.ts"
import type { StockKey } from "./StockKey.ts"

export interface Admission {
  /** One outcome per request, in the order given. */
  readonly outcomes: ReadonlyArray<ReserveOutcome>
  /** Units taken per key by the requests that were admitted. */
  readonly taken: ReadonlyMap<StockKey, number>
}

/**
 * Decides a batch in arrival order, each request whole or not at all, on figures that cannot
 * change meanwhile (a lock, a version, or a single thread guards them).
 *
 * `available` is per key; a key that is missing is unknown, unless its line brings an allowance.
 */
export const admit = (
  requests: ReadonlyArray<ReserveRequest>,
  available: ReadonlyMap<StockKey, number>
): Admission => {
  const taken = new Map<StockKey, number>()
  const outcomes = requests.map((request): ReserveOutcome => {
    for (const line of request.lines) {
      const units = available.get(line.key)
      if (units === undefined) return { _tag: "UnknownStock", key: line.key }
      const left = units - (taken.get(line.key) ?? 0)
      if (left < line.quantity) {
        const { key, quantity } = line
        return { _tag: "OutOfStock", key, requested: quantity, available: left }
      }
    }
    for (const line of request.lines) {
      taken.set(line.key, (taken.get(line.key) ?? 0) + line.quantity)
    }
    return { _tag: "Held" }
  })
  return { outcomes, taken }
}

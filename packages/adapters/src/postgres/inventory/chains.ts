import type { ReserveRequest } from "@doorbuster/core/inventory/Inventory"
import type { StockKey } from "@doorbuster/core/inventory/StockKey"

interface Chain {
  requests: Array<ReserveRequest>
  /** Where its requests have gone, once it was joined with another. */
  joined: Chain | undefined
}

const end = (chain: Chain): Chain => {
  let last = chain
  while (last.joined !== undefined) last = last.joined
  return last
}

/**
 * Requests that share a key, also by way of others, one after the other as they came. Two chains
 * have no key in common, so neither can tell which of them was written first.
 */
export const chainsOf = (
  requests: ReadonlyArray<ReserveRequest>
): ReadonlyArray<ReadonlyArray<ReserveRequest>> => {
  const place = new Map(requests.map((request, i) => [request, i]))
  const asTheyCame = (one: ReserveRequest, other: ReserveRequest) =>
    (place.get(one) ?? 0) - (place.get(other) ?? 0)
  const chains: Array<Chain> = []
  const byKey = new Map<StockKey, Chain>()
  for (const request of requests) {
    const known = request.lines.flatMap(({ key }) => byKey.get(key) ?? []).map(end)
    const [own = { requests: [], joined: undefined }, ...others] = new Set(known)
    if (known.length === 0) chains.push(own)
    for (const other of others) {
      own.requests = [...own.requests, ...other.requests].sort(asTheyCame)
      other.joined = own
    }
    own.requests.push(request)
    for (const { key } of request.lines) byKey.set(key, own)
  }
  return chains.flatMap(({ joined, requests: all }) => (joined === undefined ? [all] : []))
}

import { admit } from "@doorbuster/core/inventory/admission"
import type { ReserveOutcome, ReserveRequest } from "@doorbuster/core/inventory/Inventory"
import type { StockKey } from "@doorbuster/core/inventory/StockKey"
import { integer, nullable, type Row, text } from "../rows.ts"

interface Fence {
  readonly state: string
  readonly epoch: number
}

/** What `inventory.look` shows: the fences of some orders and the levels of some keys. */
export interface Sight {
  readonly fences: ReadonlyMap<string, Fence>
  readonly available: ReadonlyMap<StockKey, number>
  /** Absent where an allowance has no stock row yet. */
  readonly versions: ReadonlyMap<StockKey, number>
}

export const sightOf = (rows: ReadonlyArray<Row>): Sight => {
  const fences = new Map<string, Fence>()
  const available = new Map<StockKey, number>()
  const versions = new Map<StockKey, number>()
  for (const row of rows) {
    if (row["order_id"] !== null) {
      const fence = { state: text(row, "state"), epoch: integer(row, "saga_epoch") }
      fences.set(text(row, "order_id"), fence)
      continue
    }
    const key = text(row, "sku") as StockKey
    const units = nullable(integer, row, "available")
    if (units !== null) available.set(key, units)
    const version = nullable(integer, row, "version")
    if (version !== null) versions.set(key, version)
  }
  return { fences, available, versions }
}

const outcomes: Readonly<Record<string, ReserveOutcome>> = {
  held: { _tag: "Held" },
  committed: { _tag: "Held" },
  released: { _tag: "ReservationClosed" }
}

/** The answer to an order that was here before; undefined when it has reserved nothing yet. */
const replay = (request: ReserveRequest, fence: Fence | undefined): ReserveOutcome | undefined => {
  if (fence === undefined) return undefined
  return fence.epoch > request.epoch ? { _tag: "Superseded" } : outcomes[fence.state]
}

export interface Decision {
  readonly outcomes: ReadonlyArray<ReserveOutcome>
  /** Those that are new and fit; their outcome is Held once they are written. */
  readonly admitted: ReadonlyArray<ReserveRequest>
  /** Orders that were here before under an earlier owner. */
  readonly overtaken: ReadonlyArray<ReserveRequest>
}

export const decide = (requests: ReadonlyArray<ReserveRequest>, sight: Sight): Decision => {
  const replays = requests.map((request) => replay(request, sight.fences.get(request.orderId)))
  const fresh = requests.filter((_, i) => replays[i] === undefined)
  const answers = admit(fresh, sight.available).outcomes
  const admitted = fresh.filter((_, i) => answers[i]?._tag === "Held")
  const rest = answers.values()
  return {
    outcomes: replays.map((known) => known ?? (rest.next().value as ReserveOutcome)),
    admitted,
    overtaken: requests.filter((request, i) => {
      const fence = sight.fences.get(request.orderId)
      return replays[i] !== undefined && fence !== undefined && fence.epoch < request.epoch
    })
  }
}

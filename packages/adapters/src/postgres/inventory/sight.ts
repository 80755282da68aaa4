import { admit } from "@doorbuster/core/inventory/admission"
import type { ReserveOutcome, ReserveRequest } from "@doorbuster/core/inventory/Inventory"
import type { StockKey } from "@doorbuster/core/inventory/StockKey"
import { integer, nullable, type Row, text } from "../rows.ts"

interface Fence {
  readonly state: string
  readonly epoch: number
}

/** One stock row of a key. */
export interface SeenSegment {
  readonly segment: number
  readonly available: number
  /** Null where an allowance has no stock row yet. */
  readonly version: number | null
}

/** What `inventory.look` shows: the fences of some orders and the rows of some keys. */
export interface Sight {
  readonly fences: ReadonlyMap<string, Fence>
  /** By key, in the order of the segments; a key that is not known is missing. */
  readonly segments: ReadonlyMap<StockKey, ReadonlyArray<SeenSegment>>
}

export const sightOf = (rows: ReadonlyArray<Row>): Sight => {
  const fences = new Map<string, Fence>()
  const segments = new Map<StockKey, Array<SeenSegment>>()
  for (const row of rows) {
    if (row["order_id"] !== null) {
      const fence = { state: text(row, "state"), epoch: integer(row, "saga_epoch") }
      fences.set(text(row, "order_id"), fence)
      continue
    }
    const available = nullable(integer, row, "available")
    if (available === null) continue
    const seen = {
      segment: nullable(integer, row, "segment") ?? 0,
      available,
      version: nullable(integer, row, "version")
    }
    const key = text(row, "sku") as StockKey
    const others = segments.get(key)
    if (others === undefined) segments.set(key, [seen])
    else others.push(seen)
  }
  for (const own of segments.values()) own.sort((one, other) => one.segment - other.segment)
  return { fences, segments }
}

/** Units of a key on all of its rows. */
export const unitsOf = (segments: ReadonlyArray<SeenSegment>): number =>
  segments.reduce((sum, { available }) => sum + available, 0)

/** Stock rows that were seen. */
export const rowsSeen = ({ segments }: Sight): number =>
  [...segments.values()].flat().filter(({ version }) => version !== null).length

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
  const available = new Map<StockKey, number>()
  for (const [key, segments] of sight.segments) available.set(key, unitsOf(segments))
  const replays = requests.map((request) => replay(request, sight.fences.get(request.orderId)))
  const fresh = requests.filter((_, i) => replays[i] === undefined)
  const answers = admit(fresh, available).outcomes
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

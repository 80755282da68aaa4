/** Which rows the units of some requests come from. */
import type { ReserveRequest, StockLine } from "@doorbuster/core/inventory/Inventory"
import type { StockKey } from "@doorbuster/core/inventory/StockKey"
import { rowsOf } from "@doorbuster/core/inventory/StockStrategy"
import { whereFound } from "@doorbuster/core/inventory/segments"
import type { Chosen } from "./chosenStrategies.ts"
import type { SeenSegment, Sight } from "./sight.ts"

export interface PlacedLine extends StockLine {
  /** Absent: the first one. */
  readonly segment?: number
}

/** A line of the request may have become several, each from a segment of its own. */
export interface Placed extends ReserveRequest {
  readonly lines: ReadonlyArray<PlacedLine>
}

/** The segment that a batch tries first, by key. */
export type Start = (key: StockKey) => number

/**
 * By the hash of the first order's id, whose last digits are random enough. The whole batch goes to
 * one row of each key, so that batches of other processes find the other rows free; orders that
 * each went to a row of their own would make every batch lock every row.
 */
export const startOf = (requests: ReadonlyArray<ReserveRequest>, chosen: Chosen): Start => {
  const hash = Number.parseInt(requests[0]?.orderId.slice(-8) ?? "0", 16)
  return (key) => {
    const choice = chosen.get(key)
    return choice === undefined ? 0 : hash % rowsOf(key, choice)
  }
}

/** Every line at the segment that the batch tries first. */
export const placeAtStart = (
  requests: ReadonlyArray<ReserveRequest>,
  start: Start
): ReadonlyArray<Placed> =>
  requests.map((request) =>
    request.lines.every(({ key }) => start(key) === 0)
      ? request
      : {
          ...request,
          lines: request.lines.map((line) => ({ ...line, segment: start(line.key) }))
        }
  )

/** Rows in the order in which they are probed, with the units that are left on them. */
type Probe = Array<{ readonly segment: number; units: number }>

const probeOf = (segments: ReadonlyArray<SeenSegment>, first: number): Probe => {
  const behind = segments.filter(({ segment }) => segment >= first)
  const before = segments.filter(({ segment }) => segment < first)
  return [...behind, ...before].map(({ available, segment }) => ({ segment, units: available }))
}

const placeLine = (line: StockLine, probe: Probe): ReadonlyArray<PlacedLine> =>
  whereFound(probe, line.quantity).map(({ segment, units }) => {
    const row = probe.find((candidate) => candidate.segment === segment)
    if (row !== undefined) row.units -= units
    return { ...line, quantity: units, segment }
  })

/** Requests that were admitted on what was seen, each line at rows that have its units. */
export const place = (
  admitted: ReadonlyArray<ReserveRequest>,
  { segments }: Sight,
  start: Start
): ReadonlyArray<Placed> => {
  if ([...segments.values()].every((own) => own.length === 1 && own[0]?.segment === 0)) {
    return admitted
  }
  const probes = new Map<StockKey, Probe>()
  for (const [key, own] of segments) probes.set(key, probeOf(own, start(key)))
  return admitted.map((request) => ({
    ...request,
    lines: request.lines.flatMap((line) => placeLine(line, probes.get(line.key) ?? []))
  }))
}

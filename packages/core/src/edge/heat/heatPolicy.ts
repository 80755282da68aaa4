/**
 * When a key is promoted and demoted. Demand that swings around one threshold would switch the key
 * at every swing, so there are two thresholds and a time for each: between them nothing changes.
 */
import type { StockKey } from "../../inventory/StockKey.ts"
import {
  choose,
  type StrategyChoice,
  segmentsMax,
  segmentsMin
} from "../../inventory/StockStrategy.ts"
import type { AutopilotSettings } from "./AutopilotSettings.ts"
import type { HeatSketch } from "./HeatSketch.ts"

/** Since when keys are beyond a threshold without interruption; epoch milliseconds. */
export interface HeatWatch {
  readonly hotSince: ReadonlyMap<StockKey, number>
  /** Promoted keys only. */
  readonly coldSince: ReadonlyMap<StockKey, number>
}

export const unwatched: HeatWatch = { hotSince: new Map(), coldSince: new Map() }

/** What is known at one beat. */
export interface HeatReading {
  /** Epoch milliseconds. */
  readonly at: number
  /** Demand of all processes, requests per second. */
  readonly sketch: HeatSketch
  readonly promoted: ReadonlySet<StockKey>
}

/**
 * Demand that a key has for certain. The sketch may overrate a key, never underrate it; acting on
 * what is certain, a flood over very many SKUs promotes none of them by mistake.
 */
const certainDemand = ({ entries }: HeatSketch): ReadonlyMap<StockKey, number> =>
  new Map(entries.map(({ count, error, key }) => [key as StockKey, count - error]))

export const watch = (
  before: HeatWatch,
  { at, promoted, sketch }: HeatReading,
  { demoteBelow, promoteAt }: AutopilotSettings
): HeatWatch => {
  const demand = certainDemand(sketch)
  const hotSince = new Map<StockKey, number>()
  for (const [key, perSecond] of demand) {
    if (perSecond >= promoteAt) hotSince.set(key, before.hotSince.get(key) ?? at)
  }
  const coldSince = new Map<StockKey, number>()
  for (const key of promoted) {
    if ((demand.get(key) ?? 0) < demoteBelow) coldSince.set(key, before.coldSince.get(key) ?? at)
  }
  return { hotSince, coldSince }
}

export interface DueSwitch {
  readonly _tag: "Promote" | "Demote"
  readonly key: StockKey
  /** Demand at the time of the decision. */
  readonly perSecond: number
}

/** What is to be switched now: the hottest keys first, then those that are cold longest. */
export const due = (
  { coldSince, hotSince }: HeatWatch,
  { at, promoted, sketch }: HeatReading,
  { demoteAfterMs, hotKeysMax, promoteAfterMs }: AutopilotSettings
): ReadonlyArray<DueSwitch> => {
  const demand = certainDemand(sketch)
  const switchOf =
    (_tag: DueSwitch["_tag"]) =>
    ([key]: readonly [StockKey, number]): DueSwitch => ({
      _tag,
      key,
      perSecond: demand.get(key) ?? 0
    })
  const cold = [...coldSince]
    .filter(([, since]) => at - since >= demoteAfterMs)
    .sort(([, a], [, b]) => a - b)
    .map(switchOf("Demote"))
  const room = Math.max(0, hotKeysMax - promoted.size)
  const hot = [...hotSince]
    .filter(([key, since]) => at - since >= promoteAfterMs && !promoted.has(key))
    .map(switchOf("Promote"))
    .sort((a, b) => b.perSecond - a.perSecond)
    .slice(0, room)
  return [...hot, ...cold]
}

/**
 * How a promoted key is sold. A few processes do best in a queue before the one row: each writes
 * whole batches, and nobody waits for a lock inside the database. Many processes would queue for
 * each other's commits, so from there on each gets a row to write to.
 */
export const promotedChoice = (
  processes: number,
  { segmentedFrom }: AutopilotSettings
): StrategyChoice => {
  if (processes < segmentedFrom) return choose("queued", 1)
  return choose("segmented", Math.min(segmentsMax, Math.max(segmentsMin, processes)))
}

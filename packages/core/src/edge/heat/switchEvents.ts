/** What the autopilot tells the world: an event in the log for each switch, and its figures. */
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import type { StockKey } from "../../inventory/StockKey.ts"
import type { StrategyChoice } from "../../inventory/StockStrategy.ts"

const switches = Metric.counter("doorbuster_autopilot_switches_total", {
  description: "Hot SKUs by what the autopilot did: promoted, demoted, or left to the staff",
  incremental: true
})

const promoted = Metric.gauge("doorbuster_autopilot_promoted", {
  description: "SKUs that the autopilot has promoted and not yet demoted"
})

export const setPromoted = (count: number): Effect.Effect<void> => Metric.update(promoted, count)

export interface SwitchDetails {
  readonly key: StockKey
  readonly from: StrategyChoice
  readonly to: StrategyChoice
  /** Demand at the time of the decision, requests per second; none where it did not matter. */
  readonly perSecond?: number
}

/** `queued`, or `segmented over 8`. */
const named = ({ segments, strategy }: StrategyChoice): string =>
  segments > 1 ? `${strategy} over ${segments}` : strategy

export const tellSwitch = (
  kind: "promoted" | "demoted" | "left",
  { from, key, perSecond, to }: SwitchDetails
): Effect.Effect<void> => {
  const event = {
    event: `autopilot.${kind}`,
    key,
    from: named(from),
    to: named(to),
    ...(perSecond !== undefined && { perSecond: Math.round(perSecond * 10) / 10 })
  }
  return Effect.andThen(
    Metric.update(Metric.withAttributes(switches, { kind }), 1),
    Effect.annotateLogs(Effect.logInfo(`stock autopilot: ${kind} ${key}`), event)
  )
}

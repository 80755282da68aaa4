import type * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"

const requests = Metric.counter("doorbuster_http_requests_total", {
  description: "HTTP requests by route and status",
  incremental: true
})

const checkouts = Metric.counter("doorbuster_checkouts_total", {
  description: "Checkouts by outcome: placed, replayed, or the problem's code",
  incremental: true
})

const sagas = Metric.gauge("doorbuster_sagas_running", {
  description: "Sagas that this process runs"
})

/** Labelled counters are made once; making one costs more than counting. */
const labelled = (
  metric: Metric.Counter<number>,
  attributes: (key: string) => Record<string, string>
) => {
  const known = new Map<string, Effect.Effect<void>>()
  return (key: string): Effect.Effect<void> => {
    const made = known.get(key) ?? Metric.update(Metric.withAttributes(metric, attributes(key)), 1)
    known.set(key, made)
    return made
  }
}

const byRoute = labelled(requests, (key) => {
  const space = key.lastIndexOf(" ")
  return { route: key.slice(0, space), status: key.slice(space + 1) }
})

/** `route` is the route's pattern, never the address: addresses are without number. */
export const countRequest = (route: string, status: number): Effect.Effect<void> =>
  byRoute(`${route} ${status}`)

export const countCheckout: (outcome: string) => Effect.Effect<void> = labelled(
  checkouts,
  (outcome) => ({ outcome })
)

export const setSagasRunning = (count: number): Effect.Effect<void> => Metric.update(sagas, count)

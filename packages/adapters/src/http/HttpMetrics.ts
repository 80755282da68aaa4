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
  const known = new Map<string, Metric.Counter<number>>()
  const once = new Map<string, Effect.Effect<void>>()
  const counter = (key: string) => {
    const made = known.get(key) ?? Metric.withAttributes(metric, attributes(key))
    known.set(key, made)
    return made
  }
  return (key: string, times: number): Effect.Effect<void> => {
    if (times !== 1) return Metric.update(counter(key), times)
    const made = once.get(key) ?? Metric.update(counter(key), 1)
    once.set(key, made)
    return made
  }
}

const byRoute = labelled(requests, (key) => {
  const space = key.lastIndexOf(" ")
  return { route: key.slice(0, space), status: key.slice(space + 1) }
})

const byOutcome = labelled(checkouts, (outcome) => ({ outcome }))

/** `route` is the route's pattern, never the address: addresses are without number. */
export const countRequest = (route: string, status: number, times = 1): Effect.Effect<void> =>
  byRoute(`${route} ${status}`, times)

export const countCheckout = (outcome: string, times = 1): Effect.Effect<void> =>
  byOutcome(outcome, times)

export const setSagasRunning = (count: number): Effect.Effect<void> => Metric.update(sagas, count)

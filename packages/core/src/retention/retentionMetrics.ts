import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import type { Retired } from "./Retention.ts"

const retired = Metric.counter("doorbuster_retired_total", {
  description: "Rows that only the past needed and that were retired: key, payload",
  incremental: true
})
const keys = Metric.withAttributes(retired, { what: "key" })
const payloads = Metric.withAttributes(retired, { what: "payload" })

export const countRetired = (found: Retired): Effect.Effect<void> =>
  Effect.andThen(Metric.update(keys, found.keys), Metric.update(payloads, found.payloads))

import type * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import type { RedisUnavailable } from "./RedisUnavailable.ts"

const failures = Metric.counter("doorbuster_redis_failures_total", {
  description: "What Redis did not answer, by operation and reason",
  incremental: true
})

export const countFailure = ({ operation, reason }: RedisUnavailable): Effect.Effect<void> =>
  Metric.update(Metric.withAttributes(failures, { operation, reason }), 1)

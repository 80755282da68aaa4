import { Catalog } from "@doorbuster/core/catalog/Catalog"
import { SagaRunner } from "@doorbuster/core/saga/SagaRunner"
import * as Effect from "effect/Effect"
import { Api } from "../Api.ts"
import { Draining } from "../Draining.ts"
import { HttpApiBuilder, PrometheusMetrics } from "../effectHttp.ts"
import { setSagasRunning } from "../HttpMetrics.ts"
import { within } from "../Intake.ts"
import { MetricsGathering } from "../MetricsGathering.ts"
import { NotReady } from "../problem/errors.ts"

const patienceMs = 2_000

export const layer = HttpApiBuilder.group(
  Api,
  "system",
  Effect.fnUntraced(function* (handlers) {
    const catalog = yield* Catalog
    const draining = yield* Draining
    const { running } = yield* SagaRunner
    const gather = yield* MetricsGathering
    const metrics = gather(
      Effect.andThen(Effect.flatMap(running, setSagasRunning), PrometheusMetrics.format())
    )

    const unreachable = () => Effect.fail(new NotReady({ reason: "storage" }))
    const probe = within(
      Effect.catch(catalog.list({ limit: 1 }), unreachable),
      patienceMs,
      unreachable
    )

    return handlers
      .handle("health", () => Effect.succeed({ status: "ok" as const }))
      .handle(
        "ready",
        Effect.fnUntraced(function* () {
          if (draining.begun()) return yield* new NotReady({ reason: "draining" })
          yield* probe
          return { status: "ready" as const }
        })
      )
      .handle("metrics", () => metrics)
  })
)

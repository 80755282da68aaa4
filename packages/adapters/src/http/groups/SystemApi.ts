import * as Schema from "effect/Schema"
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema } from "../effectHttp.ts"
import { problems, schemasOf } from "../problem/problems.ts"

export const metricsType = "text/plain; version=0.0.4; charset=utf-8"

export const SystemApi = HttpApiGroup.make("system").add(
  /** The process is alive. */
  HttpApiEndpoint.get("health", "/healthz", {
    success: Schema.Struct({ status: Schema.Literal("ok") })
  }),
  /** The process wants requests: it is not shutting down and reaches its stores. */
  HttpApiEndpoint.get("ready", "/readyz", {
    success: Schema.Struct({ status: Schema.Literal("ready") }),
    error: schemasOf(problems.ready)
  }),
  /** In Prometheus' text format. */
  HttpApiEndpoint.get("metrics", "/metrics", {
    success: Schema.String.pipe(HttpApiSchema.asText({ contentType: metricsType }))
  })
)

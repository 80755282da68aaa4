import * as Schema from "effect/Schema"
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "../effectHttp.ts"
import { problems, schemasOf } from "../problem/problems.ts"

export const metricsType = "text/plain; version=0.0.4; charset=utf-8"

export const SystemApi = HttpApiGroup.make("system").add(
  HttpApiEndpoint.get("health", "/healthz", {
    success: Schema.Struct({ status: Schema.Literal("ok") })
  }).annotate(OpenApi.Description, "The process is alive."),
  HttpApiEndpoint.get("ready", "/readyz", {
    success: Schema.Struct({ status: Schema.Literal("ready") }),
    error: schemasOf(problems.ready)
  }).annotate(
    OpenApi.Description,
    "The process wants requests: it is not shutting down and reaches its stores."
  ),
  HttpApiEndpoint.get("metrics", "/metrics", {
    success: Schema.String.pipe(HttpApiSchema.asText({ contentType: metricsType }))
  }).annotate(OpenApi.Description, "In Prometheus' text format.")
)

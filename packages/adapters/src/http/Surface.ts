/** Which part of the interface a process serves. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { HttpRouter, HttpServerRequest } from "./effectHttp.ts"
import { countRequest } from "./HttpMetrics.ts"
import { NotFound } from "./problem/errors.ts"
import { internalError, problemResponse } from "./problem/problemResponse.ts"

/** `system`: whether the process is well, and its metrics; it takes no orders. */
export const Surface = Context.Reference<"whole" | "system">("@doorbuster/adapters/http/Surface", {
  defaultValue: () => "whole"
})

const isSystem = (url: string): boolean => /^\/(?:healthz|readyz|metrics)(?:[?#]|$)/.test(url)

const absent = Effect.suspend(() => {
  const response = problemResponse(new NotFound()) ?? internalError()
  return Effect.as(countRequest("unmatched", response.status), response)
})

const systemOnly = HttpRouter.middleware(
  Effect.succeed((routes) =>
    Effect.flatMap(HttpServerRequest.HttpServerRequest, ({ url }) =>
      isSystem(url) ? routes : absent
    )
  ),
  { global: true }
)

/** Keeps every other address of the interface out of sight where only the system is served. */
export const layer = Layer.unwrap(
  Effect.map(Surface, (surface) => (surface === "system" ? systemOnly : Layer.empty))
)

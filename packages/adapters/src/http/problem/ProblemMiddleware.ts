import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import {
  HttpApiError,
  HttpApiMiddleware,
  type HttpServerRequest,
  type HttpServerResponse
} from "../effectHttp.ts"
import { countRequest } from "../HttpMetrics.ts"
import { UnsupportedMediaType } from "./errors.ts"
import { internalError, problemResponse } from "./problemResponse.ts"
import { problems, schemasOf } from "./problems.ts"
import { ofSchemaError, ofServerError } from "./requestErrors.ts"

type Response = HttpServerResponse.HttpServerResponse

const logged = (cause: Cause.Cause<unknown>) =>
  Effect.as(Effect.logError("a request met a defect", cause), internalError())

const rendered = Effect.fnUntraced(function* (error: unknown, cause: Cause.Cause<unknown>) {
  const known = HttpApiError.HttpApiSchemaError.is(error)
    ? yield* ofSchemaError(error)
    : (ofServerError(error) ?? error)
  return problemResponse(known) ?? (yield* logged(cause))
})

/** What a failed request is answered; null when nobody waits for an answer any more. */
export const answerOf = (
  cause: Cause.Cause<unknown>
): Effect.Effect<Response, never, HttpServerRequest.HttpServerRequest> | null => {
  if (Cause.hasInterruptsOnly(cause)) return null
  const reason = cause.reasons.find(({ _tag }) => _tag !== "Interrupt")
  if (reason?._tag === "Fail") return rendered(reason.error, cause)
  return rendered(reason?._tag === "Die" ? reason.defect : undefined, cause)
}

/** The framework answers a wrong content type by itself, in plain text. */
const asProblem = (response: Response): Response =>
  response.status === 415 ? (problemResponse(new UnsupportedMediaType()) ?? response) : response

/**
 * The outermost layer of every endpoint: whatever goes wrong becomes a problem, a defect is
 * logged and tells nothing, and every answer is counted.
 */
export class Problems extends HttpApiMiddleware.Service<Problems>()(
  "@doorbuster/adapters/http/Problems",
  { error: schemasOf(problems.any) }
) {
  static readonly layer: Layer.Layer<Problems> = Layer.succeed(
    Problems,
    Problems.of((handler, { endpoint }) => {
      const route = `${endpoint.method} ${endpoint.path}`
      return handler.pipe(
        Effect.map(asProblem),
        Effect.catchCause((cause) => answerOf(cause) ?? Effect.failCause(cause)),
        Effect.tap((response) => countRequest(route, response.status))
      )
    })
  )
}

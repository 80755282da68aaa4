/** What stands around the routes: limits, and answers for addresses that are none. */
import * as ByteSize from "effect/ByteSize"
import * as Effect from "effect/Effect"
import { Api } from "./Api.ts"
import { Draining } from "./Draining.ts"
import {
  HttpApi,
  HttpIncomingMessage,
  HttpRouter,
  HttpServerError,
  HttpServerRequest,
  HttpServerResponse
} from "./effectHttp.ts"
import { countRequest } from "./HttpMetrics.ts"
import { MethodNotAllowed, NotFound, PayloadTooLarge } from "./problem/errors.ts"
import { answerOf } from "./problem/ProblemMiddleware.ts"
import { internalError, problemResponse } from "./problem/problemResponse.ts"
import { bodyBytesMax } from "./problem/requestErrors.ts"

export const openapiPath = "/openapi.json"
export const docsPath = "/docs"

const bodySizeMax = ByteSize.bytes(bodyBytesMax)

interface Address {
  readonly pattern: RegExp
  readonly methods: ReadonlySet<string>
}

const addresses = (): ReadonlyArray<Address> => {
  const methods = new Map<string, Set<string>>()
  const add = (method: string, path: string) =>
    methods.set(path, (methods.get(path) ?? new Set()).add(method))
  HttpApi.reflect(Api, {
    onGroup: () => {},
    onEndpoint: ({ endpoint }) => add(endpoint.method, endpoint.path)
  })
  add("GET", openapiPath)
  add("GET", docsPath)
  return [...methods].map(([path, allowed]) => {
    if (allowed.has("GET")) allowed.add("HEAD")
    const pattern = new RegExp(`^${path.replace(/:[a-z]+/g, "[^/]+")}$`)
    return { pattern, methods: allowed }
  })
}

/** Whether the address is unknown, or only the method is wrong for it. */
const unrouted = (
  known: ReadonlyArray<Address>,
  { method, url }: HttpServerRequest.HttpServerRequest
): NotFound | MethodNotAllowed => {
  const path = url.split(/[?#]/, 1)[0] ?? ""
  const found = known.find(({ pattern }) => pattern.test(path))
  // A known address that was not routed has a part that is damaged or without end.
  return found === undefined || found.methods.has(method)
    ? new NotFound()
    : new MethodNotAllowed({ allow: [...found.methods].sort() })
}

const isRouteNotFound = (error: unknown): error is HttpServerError.HttpServerError =>
  error instanceof HttpServerError.HttpServerError && error.reason._tag === "RouteNotFound"

/** Such a body is refused before any of it is read. */
const isTooLarge = (request: HttpServerRequest.HttpServerRequest): boolean =>
  Number(request.headers["content-length"] ?? 0) > bodyBytesMax

/** Refused before it reached a route. */
const refuse = (error: NotFound | MethodNotAllowed | PayloadTooLarge) => {
  const response = problemResponse(error) ?? internalError()
  return Effect.as(countRequest("unmatched", response.status), response)
}

/** For all addresses, known or not. */
export const layer = HttpRouter.middleware(
  Effect.gen(function* () {
    const draining = yield* Draining
    const known = addresses()

    return (routes) =>
      Effect.gen(function* () {
        const request = yield* HttpServerRequest.HttpServerRequest
        const response = isTooLarge(request)
          ? yield* refuse(new PayloadTooLarge({ limitBytes: bodyBytesMax }))
          : yield* routes.pipe(
              Effect.catchIf(isRouteNotFound, () => refuse(unrouted(known, request))),
              Effect.catchCause((cause) => answerOf(cause) ?? Effect.failCause(cause)),
              Effect.provideService(HttpIncomingMessage.MaxBodySize, bodySizeMax)
            )
        return draining.begun()
          ? HttpServerResponse.setHeader(response, "connection", "close")
          : response
      })
  }),
  { global: true }
)

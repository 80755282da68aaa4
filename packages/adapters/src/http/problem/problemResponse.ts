import { HttpServerResponse } from "../effectHttp.ts"
import { InternalError } from "./errors.ts"
import { type ProblemBody, problemType } from "./Problem.ts"
import { problemOf } from "./problems.ts"

/** How long a client may wait before it asks again, in seconds. */
const retryAfterSeconds = "1"

const headersOf = (error: unknown, { code, status }: ProblemBody): Record<string, string> => {
  if (status === 401) return { "www-authenticate": 'Bearer realm="store"' }
  if (status === 413) return { connection: "close" }
  if (status === 405) {
    const { allow } = error as { readonly allow: ReadonlyArray<string> }
    return { allow: allow.join(", ") }
  }
  const again = status === 429 || status === 503 || code === "idempotency_in_flight"
  return again ? { "retry-after": retryAfterSeconds } : {}
}

/** Undefined when the error is none that the interface knows. */
export const problemResponse = (
  error: unknown
): HttpServerResponse.HttpServerResponse | undefined => {
  const problem = problemOf(error)
  if (problem === undefined) return undefined
  const body = problem.body(error)
  return HttpServerResponse.text(JSON.stringify(body), {
    status: body.status,
    contentType: problemType,
    headers: headersOf(error, body)
  })
}

/** Nothing of what went wrong leaves the house. */
export const internalError = () =>
  problemResponse(new InternalError()) ?? HttpServerResponse.empty({ status: 500 })

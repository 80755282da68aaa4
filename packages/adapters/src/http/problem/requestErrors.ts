/** Turns what the framework says about a bad request into errors of our own. */
import * as Effect from "effect/Effect"
import * as SchemaIssue from "effect/SchemaIssue"
import { type HttpApiError, HttpServerError, HttpServerRequest } from "../effectHttp.ts"
import {
  IdempotencyKeyInvalid,
  IdempotencyKeyRequired,
  InvalidRequest,
  MalformedJson,
  NotFound,
  PayloadTooLarge
} from "./errors.ts"

export const bodyBytesMax = 1_000_000

const reasonMax = 300

const issuesOf = SchemaIssue.makeFormatterStandardSchemaV1()

/** The first thing that is wrong, and where; never the whole of what was sent. */
export const invalid = (part: InvalidRequest["part"], issue: SchemaIssue.Issue): InvalidRequest => {
  const [first] = issuesOf(issue).issues
  const segments = (first?.path ?? []).map((segment) =>
    String(typeof segment === "object" ? segment.key : segment)
  )
  const pointer = segments
    .map((segment) => `/${segment.replaceAll("~", "~0").replaceAll("/", "~1")}`)
    .join("")
  const reason = (first?.message ?? "not as described").slice(0, reasonMax)
  return new InvalidRequest({ part, pointer: pointer.slice(0, reasonMax), reason })
}

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

const headerError = (
  headers: Readonly<Record<string, string | undefined>>,
  issue: SchemaIssue.Issue
) => {
  const [first] = issuesOf(issue).issues
  if (first?.path?.[0] !== "idempotency-key") return invalid("headers", issue)
  return headers["idempotency-key"] === undefined
    ? new IdempotencyKeyRequired()
    : new IdempotencyKeyInvalid()
}

/** A request part that does not decode. A path that does not decode leads nowhere. */
export const ofSchemaError = Effect.fnUntraced(function* (error: HttpApiError.HttpApiSchemaError) {
  const request = yield* HttpServerRequest.HttpServerRequest
  const { issue } = error.cause
  switch (error.kind) {
    case "Params":
      return new NotFound()
    case "Query":
      return invalid("query", issue)
    case "Headers":
      return headerError(request.headers, issue)
    case "Payload": {
      const text = yield* Effect.orElseSucceed(request.text, () => "")
      return isJson(text) ? invalid("body", issue) : new MalformedJson()
    }
    case "Body":
    case "ResponseHeaders":
      return undefined
  }
})

/** A body that could not be read: too large, or cut off in the middle. */
export const ofServerError = (error: unknown) => {
  if (!(error instanceof HttpServerError.HttpServerError)) return undefined
  if (error.reason._tag !== "RequestParseError") return undefined
  return error.reason.reason === "BodyTooLarge"
    ? new PayloadTooLarge({ limitBytes: bodyBytesMax })
    : new MalformedJson()
}

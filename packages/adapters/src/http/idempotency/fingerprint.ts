import { hash } from "node:crypto"
import * as Effect from "effect/Effect"
import { HttpServerRequest } from "../effectHttp.ts"

/** JSON with sorted keys: equal for equal values, whatever the white space and the order. */
export const canonical = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null"
  const members = Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`)
  return `{${members.join(",")}}`
}

/**
 * SHA-256 over method, path and body of a request that was decoded before. Taken from what was
 * sent, not from what it was decoded to, so that it outlives a change of the program.
 */
export const fingerprint = Effect.gen(function* () {
  const request = yield* HttpServerRequest.HttpServerRequest
  const text = yield* Effect.orDie(request.text)
  const path = request.url.split("?", 1)[0]
  return hash("sha256", `${request.method} ${path}\n${canonical(JSON.parse(text))}`)
})

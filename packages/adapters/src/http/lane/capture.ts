import type { OutgoingHttpHeaders, ServerResponse } from "node:http"
import { isAscii, type Rendered } from "./Rendered.ts"

/** Headers given as an object whose values are plain; undefined for any other form. */
const flat = (headers: unknown): ReadonlyArray<string> | undefined => {
  if (typeof headers !== "object" || headers === null || Array.isArray(headers)) return undefined
  const entries = Object.entries(headers as OutgoingHttpHeaders)
  return entries.every((entry): entry is [string, string] => typeof entry[1] === "string")
    ? entries.flat()
    : undefined
}

const isBody = (chunk: unknown): chunk is string | Uint8Array =>
  typeof chunk === "string" || chunk instanceof Uint8Array

type WriteHead = ServerResponse["writeHead"]
type End = ServerResponse["end"]

/** Does something before the first byte of the answer goes out. */
export const beforeAnswer = (
  response: ServerResponse,
  act: (...head: ReadonlyArray<unknown>) => void
): void => {
  const writeHead = response.writeHead as (...args: Array<unknown>) => ServerResponse
  response.writeHead = ((...args: Array<unknown>) => {
    act(...args)
    return writeHead.apply(response, args)
  }) as WriteHead
}

/**
 * Lets somebody else answer, and hands over what was answered if it came as a whole. The answer
 * itself is not touched: whatever is sent again later is what was sent now.
 */
export const capture = (response: ServerResponse, take: (answer: Rendered) => void): void => {
  let status: unknown
  let head: ReadonlyArray<string> | undefined
  beforeAnswer(response, (...args) => {
    status = args[0]
    head = flat(args.at(-1))
  })
  const end = response.end as (...args: Array<unknown>) => ServerResponse
  response.end = ((...args: Array<unknown>) => {
    const [body] = args
    if (typeof status === "number" && head !== undefined && isBody(body)) {
      take({ status, head, body, isAscii: isAscii(body) })
    }
    return end.apply(response, args)
  }) as End
}

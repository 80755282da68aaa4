import type { ServerResponse } from "node:http"
import type { HttpServerResponse } from "../effectHttp.ts"

/** An answer that was made before and only has to be sent: its bytes never change. */
export interface Rendered {
  readonly status: number
  /** Names and values in turn, as Node takes them without looking at each. */
  readonly head: ReadonlyArray<string>
  /** Text goes out in one piece with the headers. */
  readonly body: string | Uint8Array
  readonly isAscii: boolean
}

const asciiOnly = /^[\0-\x7f]*$/

export const isAscii = (body: string | Uint8Array): boolean =>
  typeof body === "string" && asciiOnly.test(body)

export const send = (response: ServerResponse, answer: Rendered): void => {
  // Node's types do not say that the list is only read.
  response.writeHead(answer.status, answer.head as Array<string>)
  // These bytes are the same in both encodings, and Node writes them faster in this one.
  if (answer.isAscii) response.end(answer.body, "latin1")
  else response.end(answer.body)
}

/** What the server would send for this answer; undefined where that is not text. */
export const rendered = ({
  body,
  headers,
  status
}: HttpServerResponse.HttpServerResponse): Rendered | undefined => {
  if (body._tag !== "Uint8Array" || body.text === undefined) return undefined
  return {
    status,
    head: Object.entries(headers).flat(),
    body: body.text,
    isAscii: isAscii(body.text)
  }
}

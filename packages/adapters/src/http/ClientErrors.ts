/** Answers to what is no HTTP request, or none that has come to its end: the parser's refusals. */
import type { Server } from "node:http"
import type { Duplex } from "node:stream"
import { HeadersTooLarge, MalformedRequest, RequestTimeout } from "./problem/connectionErrors.ts"
import { problemType } from "./problem/Problem.ts"
import { problemOf } from "./problem/problems.ts"

interface ParserError extends Error {
  readonly code?: string
}

const refusalOf = ({ code }: ParserError): MalformedRequest | RequestTimeout | HeadersTooLarge => {
  switch (code) {
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return new RequestTimeout()
    case "HPE_HEADER_OVERFLOW":
      return new HeadersTooLarge()
    default:
      return new MalformedRequest()
  }
}

const reasons: Readonly<Record<number, string>> = {
  400: "Bad Request",
  408: "Request Timeout",
  431: "Request Header Fields Too Large"
}

const messageOf = (error: ParserError): string => {
  const refusal = refusalOf(error)
  const body = problemOf(refusal)?.body(refusal)
  const text = JSON.stringify(body)
  const status = body?.status ?? 400
  return [
    `HTTP/1.1 ${status} ${reasons[status]}`,
    "Connection: close",
    `Content-Type: ${problemType}`,
    `Content-Length: ${Buffer.byteLength(text)}`,
    "",
    text
  ].join("\r\n")
}

/** What Node keeps of an answer that is under way on this connection. */
interface Answering extends Duplex {
  readonly _httpMessage?: { readonly headersSent: boolean } | null
}

/** An answer that has begun must not be followed by another one in the middle of it. */
const refuse = (error: ParserError, socket: Answering) => {
  const isAnswering = socket._httpMessage?.headersSent === true
  if (error.code === "ECONNRESET" || !socket.writable || isAnswering) socket.destroy()
  else socket.end(messageOf(error), () => socket.destroy())
}

export const answerClientErrors = <S extends Server>(server: S): S => {
  server.on("clientError", refuse)
  return server
}

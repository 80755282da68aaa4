/** Requests and answers as bytes, so that nothing between test and server smooths them over. */
import { connect, type Socket } from "node:net"

export interface RawAnswer {
  readonly status: number
  /** All of it, the moment of the Date header apart. */
  readonly text: string
}

const headEnd = "\r\n\r\n"

/** Splits off the first whole answer; every answer here says its length. */
const firstAnswer = (heard: string, hasBody: boolean): readonly [RawAnswer, string] | undefined => {
  const at = heard.indexOf(headEnd)
  if (at === -1) return undefined
  const head = heard.slice(0, at)
  const length = hasBody ? Number(/^content-length: (\d+)$/im.exec(head)?.[1] ?? 0) : 0
  const end = at + headEnd.length + length
  if (heard.length < end) return undefined
  const text = heard.slice(0, end).replace(/^Date: .*$/im, "Date: now")
  return [{ status: Number(head.slice(9, 12)), text }, heard.slice(end)]
}

const moment = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** A connection on which whole answers are awaited one by one. */
export class RawConnection implements AsyncDisposable {
  readonly socket: Socket
  #heard = ""
  #wake = () => {}
  #isClosed = false

  constructor(url: string) {
    this.socket = connect(Number(new URL(url).port), "127.0.0.1")
    this.socket.setEncoding("latin1")
    this.socket.setNoDelay(true)
    this.socket.on("data", (chunk) => {
      this.#heard += String(chunk)
      this.#wake()
    })
    this.socket.on("error", () => {})
    this.socket.on("close", () => {
      this.#isClosed = true
      this.#wake()
    })
  }

  /** Each part in a packet of its own. */
  async send(...parts: ReadonlyArray<string | Uint8Array>): Promise<void> {
    for (const [at, part] of parts.entries()) {
      if (at > 0) await moment(5)
      this.socket.write(typeof part === "string" ? Buffer.from(part) : part)
    }
  }

  /** The next whole answer; fails when the server hangs up before it. */
  answer(): Promise<RawAnswer> {
    return this.#next(true)
  }

  /** The same for an answer to HEAD, which states a length and has no body. */
  head(): Promise<RawAnswer> {
    return this.#next(false)
  }

  /** Waits until the server has hung up. */
  async closed(): Promise<void> {
    while (!this.#isClosed) await new Promise<void>((resolve) => (this.#wake = resolve))
  }

  async #next(hasBody: boolean): Promise<RawAnswer> {
    for (;;) {
      const found = firstAnswer(this.#heard, hasBody)
      if (found !== undefined) {
        this.#heard = found[1]
        return found[0]
      }
      if (this.#isClosed) throw new Error(`the server hung up after: ${this.#heard}`)
      await new Promise<void>((resolve) => (this.#wake = resolve))
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.socket.destroy()
  }
}

export type RawHeaders = ReadonlyArray<readonly [string, string]>

/** A request as it goes over the wire, with the length of its body. */
export const request = (line: string, headers: RawHeaders, body = ""): string => {
  const length = body === "" ? [] : [["Content-Length", String(Buffer.byteLength(body))] as const]
  const lines = [["Host", "store"] as const, ...headers, ...length].map(([name, value]) => {
    return `${name}: ${value}\r\n`
  })
  return `${line} HTTP/1.1\r\n${lines.join("")}\r\n${body}`
}

/** The same in chunks, a form that the fast lane leaves to the endpoint. */
export const chunked = (line: string, headers: RawHeaders, body: string): string => {
  const size = Buffer.byteLength(body).toString(16)
  return request(line, [...headers, ["Transfer-Encoding", "chunked"]]).concat(
    `${size}\r\n${body}\r\n0\r\n\r\n`
  )
}

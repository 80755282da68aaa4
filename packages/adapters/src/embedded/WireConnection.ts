import type { Socket } from "node:net"
import { copyFail, fatalError, welcome } from "./backendMessages.ts"
import { type Frame, FrameReader, MalformedFrame } from "./FrameReader.ts"
import { letter, StatementNames } from "./StatementNames.ts"

/** Messages that Postgres runs as one: a simple query, or extended ones up to Sync or Flush. */
export type Group = ReadonlyArray<Frame>

const sslRequest = 80877103
const gssRequest = 80877104
const cancelRequest = 80877102
const protocolMajor = 3

/** A client that sends further ahead than this is not read until some of it is answered. */
const groupsAheadMax = 256

const extended: ReadonlySet<number> = new Set([
  letter.parse,
  letter.bind,
  letter.describe,
  letter.execute,
  letter.close
])
const endsGroup: ReadonlySet<number> = new Set([
  letter.query,
  letter.call,
  letter.sync,
  letter.flush,
  letter.terminate
])
/** What a client still sends after its COPY was refused; Postgres ignores these too. */
const ignored: ReadonlySet<number> = new Set([letter.copyData, letter.copyDone, letter.copyFail])

/** One client: reads its messages into whole groups and says which may run. */
export class WireConnection {
  readonly id: number
  readonly names: StatementNames
  readonly #socket: Socket
  readonly #parameters: ReadonlyMap<string, string>
  readonly #reader = new FrameReader()
  readonly #groups: Array<Group> = []
  #partial: Array<Frame> = []
  #started = false
  #closed = false

  constructor(id: number, socket: Socket, parameters: ReadonlyMap<string, string>) {
    this.id = id
    this.names = new StatementNames(id)
    this.#socket = socket
    this.#parameters = parameters
  }

  get closed(): boolean {
    return this.#closed
  }

  /** A client that does not read its answers gets no new ones until it does. */
  get runnable(): boolean {
    return this.#groups.length > 0 && !this.#closed && !this.#socket.writableNeedDrain
  }

  markClosed(): void {
    this.#closed = true
    this.#groups.length = 0
  }

  receive(chunk: Buffer): void {
    try {
      this.#reader.push(chunk)
      for (let frame = this.#reader.next(); frame; frame = this.#reader.next()) {
        if (this.#started) this.#collect(frame)
        else this.#startup(frame)
        if (this.#closed) return
      }
    } catch (error) {
      if (!(error instanceof MalformedFrame)) throw error
      this.refuse("08P01", `protocol violation: ${error.message}`)
    }
    if (this.#groups.length > groupsAheadMax) this.#socket.pause()
  }

  takeGroup(): Group | undefined {
    const group = this.#groups.shift()
    if (this.#groups.length <= groupsAheadMax / 2) this.#socket.resume()
    return group
  }

  answer(bytes: Buffer): void {
    if (!this.#closed && bytes.length > 0) this.#socket.write(bytes)
  }

  hangUp(): void {
    this.markClosed()
    this.#socket.destroySoon()
  }

  /** Says why and closes. `code` is an SQLSTATE. */
  refuse(code: string, detail: string): void {
    this.markClosed()
    this.#socket.write(fatalError(code, detail))
    this.#socket.destroySoon()
  }

  /** The bytes to run for a group, with the names of its statements made unique. */
  render(group: Group, ownsUnnamed: boolean): Buffer {
    let owns = ownsUnnamed
    const parts: Array<Buffer> = []
    for (const frame of group) {
      parts.push(this.names.rewrite(frame, owns))
      if (parsesUnnamed(frame)) owns = true
      // Without an end of the data in the same call, Postgres would read COPY's end of file as the
      // end of the connection. Outside of COPY the message means nothing.
      if (frame.type === letter.query || frame.type === letter.execute) parts.push(copyFail)
    }
    return Buffer.concat(parts)
  }

  #collect(frame: Frame): void {
    if (ignored.has(frame.type)) return
    if (!extended.has(frame.type) && !endsGroup.has(frame.type)) {
      throw new MalformedFrame(`unexpected message type ${frame.type}`)
    }
    this.#partial.push(frame)
    if (!endsGroup.has(frame.type)) return
    this.#groups.push(this.#partial)
    this.#partial = []
  }

  #startup({ bytes }: Frame): void {
    if (bytes.length < 8) throw new MalformedFrame("the startup message is too short")
    const code = bytes.readInt32BE(4)
    if (code === sslRequest || code === gssRequest) {
      this.#socket.write("N")
    } else if (code === cancelRequest) {
      // A running statement cannot be stopped: it occupies the only thread there is.
      this.hangUp()
    } else if (code >>> 16 !== protocolMajor) {
      this.refuse("0A000", "only version 3 of the protocol is spoken here")
    } else {
      this.#welcome(bytes.toString("utf8", 8).split("\0"))
    }
  }

  #welcome(options: ReadonlyArray<string>): void {
    const at = options.findIndex((word, index) => index % 2 === 0 && word === "database")
    const database = at === -1 ? "postgres" : options[at + 1]
    if (database !== "postgres") {
      this.refuse("3D000", `database "${database}" does not exist; use "postgres"`)
      return
    }
    this.#started = true
    this.#reader.startupDone()
    this.#socket.write(welcome(this.id, this.#parameters))
  }
}

export const parsesUnnamed = ({ bytes, type }: Frame): boolean =>
  type === letter.parse && bytes[5] === 0

import type { Frame } from "./FrameReader.ts"

export const letter = {
  parse: 0x50,
  bind: 0x42,
  describe: 0x44,
  execute: 0x45,
  close: 0x43,
  sync: 0x53,
  flush: 0x48,
  query: 0x51,
  call: 0x46,
  terminate: 0x58,
  copyData: 0x64,
  copyDone: 0x63,
  copyFail: 0x66,
  password: 0x70
} as const

/** Postgres keeps 63 bytes of a name; longer ones get a short one of ours. */
const nameBytesMax = 63
const statementMark = 0x53

/**
 * All connections share one Postgres session and so one table of prepared statements, but each
 * believes that its names are its own: the same `name` in two clients of a pool must not collide.
 * So every name gets the number of its connection in front, on the way in; no answer carries one.
 */
export class StatementNames {
  readonly #connectionId: number
  readonly #known = new Map<string, string>()

  constructor(connectionId: number) {
    this.#connectionId = connectionId
  }

  /** The names this connection may have left behind in the session. */
  get parsed(): Iterable<string> {
    return this.#known.values()
  }

  /**
   * `ownsUnnamed`: whether the unnamed statement in the session is this connection's. Where it is
   * not, the reference is turned to a name that nobody ever parsed, so that Postgres itself
   * refuses it (26000) instead of running another client's statement.
   */
  rewrite(frame: Frame, ownsUnnamed: boolean): Buffer {
    const { bytes, type } = frame
    const start = this.#nameStart(frame)
    if (start === -1) return bytes
    const end = bytes.indexOf(0, start)
    if (end === -1) return bytes
    const isReference = type !== letter.parse
    if (end === start && (!isReference || ownsUnnamed)) return bytes
    const name = Buffer.from(this.#inSession(bytes.toString("utf8", start, end)), "utf8")
    const renamed = Buffer.concat([bytes.subarray(0, start), name, bytes.subarray(end)])
    renamed.writeInt32BE(renamed.length - 1, 1)
    return renamed
  }

  #inSession(name: string): string {
    if (name === "") return `${this.#connectionId}:`
    const known = this.#known.get(name)
    if (known !== undefined) return known
    const prefixed = `${this.#connectionId}:${name}`
    const inSession =
      Buffer.byteLength(prefixed) <= nameBytesMax
        ? prefixed
        : `${this.#connectionId}#${this.#known.size}`
    this.#known.set(name, inSession)
    return inSession
  }

  /** Where the statement's name begins in a message, or -1 if it has none. */
  #nameStart({ bytes, type }: Frame): number {
    if (type === letter.parse) return 5
    if (type === letter.bind) {
      const portalEnd = bytes.indexOf(0, 5)
      return portalEnd === -1 ? -1 : portalEnd + 1
    }
    if (type !== letter.describe && type !== letter.close) return -1
    return bytes[5] === statementMark ? 6 : -1
  }
}

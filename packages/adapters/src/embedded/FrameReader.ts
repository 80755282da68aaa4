/** One message of a client: its type letter (0 for the untyped startup messages) and all bytes. */
export interface Frame {
  readonly type: number
  readonly bytes: Buffer
}

/** The client does not speak the protocol; nothing after this point can be trusted. */
export class MalformedFrame extends Error {}

/** Postgres' own limits (PG_LARGE_MESSAGE_LIMIT and MAX_STARTUP_PACKET_LENGTH). */
const messageBytesMax = 0x3fffffff
const startupBytesMax = 10_000

/** Without a copy where there is nothing to join. */
export const joined = (chunks: ReadonlyArray<Buffer>): Buffer =>
  chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks)

/**
 * Cuts the byte stream of one client into messages. Chunks are joined only when a whole message is
 * there, so that a parameter of many megabytes is copied once and not once per chunk.
 */
export class FrameReader {
  #chunks: Array<Buffer> = []
  #size = 0
  #needed = 4
  #typed = false

  /** After the startup message every message begins with a type letter. */
  startupDone(): void {
    this.#typed = true
    this.#needed = 5
  }

  push(chunk: Buffer): void {
    this.#chunks.push(chunk)
    this.#size += chunk.length
  }

  /** The next whole message, or undefined until more bytes arrive. Throws `MalformedFrame`. */
  next(): Frame | undefined {
    const head = this.#typed ? 1 : 0
    if (this.#size < this.#needed) return undefined
    const bytes = joined(this.#chunks)
    const length = bytes.readInt32BE(head)
    if (length < 4 || length > (this.#typed ? messageBytesMax : startupBytesMax)) {
      throw new MalformedFrame(`a message of ${length} bytes was announced`)
    }
    const total = head + length
    if (bytes.length < total) {
      this.#chunks = [bytes]
      this.#needed = total
      return undefined
    }
    this.#chunks = bytes.length === total ? [] : [bytes.subarray(total)]
    this.#size = bytes.length - total
    this.#needed = head + 4
    return { type: this.#typed ? bytes.readUInt8() : 0, bytes: bytes.subarray(0, total) }
  }
}

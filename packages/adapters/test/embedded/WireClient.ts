import { once } from "node:events"
import { connect, type Socket } from "node:net"
import { join } from "node:path"
import type { SocketConfig } from "../../src/embedded/EmbeddedPostgres.ts"

const zero = (value: string) => Buffer.from(`${value}\0`)
const int16 = (value: number) => Buffer.from([value >> 8, value & 255])
const int32 = (value: number) => {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}

export const frame = (type: string, ...fields: ReadonlyArray<Buffer>) => {
  const body = Buffer.concat(fields)
  return Buffer.concat([Buffer.from(type), int32(body.length + 4), body])
}
export const startup = (code: number, ...options: ReadonlyArray<string>) => {
  const body = Buffer.concat([int32(code), ...options.map(zero)])
  return Buffer.concat([int32(body.length + 4), body])
}
export const parse = (name: string, text: string) => frame("P", zero(name), zero(text), int16(0))
export const bind = (name: string) => frame("B", zero(""), zero(name), int16(0), int16(0), int16(0))
export const execute = (rowsMax = 0) => frame("E", zero(""), int32(rowsMax))
export const query = (text: string) => frame("Q", zero(text))
export const sync = frame("S")
export const flush = frame("H")

/** Speaks the protocol by hand, to send what `pg` never would. */
export class WireClient {
  readonly socket: Socket
  #received = Buffer.alloc(0)

  private constructor(socket: Socket) {
    this.socket = socket
    socket.on("data", (chunk) => {
      this.#received = Buffer.concat([this.#received, chunk as Buffer])
    })
    socket.on("error", () => {})
  }

  static async open({ host, port }: SocketConfig): Promise<WireClient> {
    const socket = connect(join(host, `.s.PGSQL.${port}`))
    await once(socket, "connect")
    return new WireClient(socket)
  }

  static async started(config: SocketConfig): Promise<WireClient> {
    const client = await WireClient.open(config)
    client.socket.write(startup(3 << 16, "user", "postgres", "database", "postgres", ""))
    await client.until("Z")
    return client
  }

  /** All bytes that came, and forgets them. */
  take(): Buffer {
    const bytes = this.#received
    this.#received = Buffer.alloc(0)
    return bytes
  }

  /** Message types until `last` came so often, e.g. `12DCZ`; errors as `E(26000)`. */
  async until(last: string, times = 1): Promise<string> {
    for (;;) {
      const types = this.#types()
      if (types.filter((type) => type.startsWith(last)).length >= times) {
        this.take()
        return types.join("")
      }
      if (this.socket.destroyed) throw new Error(`hung up after ${types.join("")}`)
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
  }

  async send(last: string, ...messages: ReadonlyArray<Buffer>): Promise<string> {
    this.socket.write(Buffer.concat(messages))
    return this.until(last)
  }

  #types(): Array<string> {
    const types: Array<string> = []
    const bytes = this.#received
    for (let at = 0; at + 5 <= bytes.length; at += 1 + bytes.readInt32BE(at + 1)) {
      const type = String.fromCharCode(bytes[at]!)
      const fields = type === "E" ? bytes.toString("latin1", at + 5) : ""
      types.push(type === "E" ? `E(${/\0C(.{5})\0/.exec(fields)?.[1]})` : type)
    }
    return types
  }
}

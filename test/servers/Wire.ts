import { once } from "node:events"
import { connect, createServer, type Socket } from "node:net"

/** A line between a client and a server that a test can cut without closing it. */
export interface Wire {
  readonly port: number
  /** Nothing more goes through the connections that are open, and nobody is told. */
  readonly cut: () => void
  readonly stop: () => Promise<void>
}

export const startWire = async (to: number): Promise<Wire> => {
  const open = new Set<Socket>()
  const server = createServer((near) => {
    const far = connect(to, "127.0.0.1")
    for (const [from, other] of [[near, far] as const, [far, near] as const]) {
      open.add(from)
      from.pipe(other)
      from.on("error", () => other.destroy())
      from.on("close", () => {
        open.delete(from)
        other.destroy()
      })
    }
  }).listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  if (address === null || typeof address === "string") throw new Error("no port was given")
  return {
    port: address.port,
    cut: () => {
      for (const socket of open) {
        socket.unpipe()
        socket.pause()
      }
    },
    stop: async () => {
      server.close()
      for (const socket of open) socket.destroy()
      await once(server, "close")
    }
  }
}

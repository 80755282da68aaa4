import { once } from "node:events"
import { connect } from "node:net"
import { findRedis } from "../../scripts/findServers.mjs"
import { freePort, type Running, ready, start, stop } from "./child.ts"

const answers = async (port: number) => {
  const socket = connect(port, "127.0.0.1")
  try {
    socket.write("PING\r\n")
    const [reply] = await once(socket, "data")
    return String(reply).startsWith("+PONG")
  } finally {
    socket.destroy()
  }
}

/** A Redis that keeps nothing on disk. */
export const startRedis = async (folder: string): Promise<Running> => {
  const command = findRedis()
  if (command === undefined) throw new Error("no Redis found: run `npm run setup`")
  const port = await freePort()
  const options = ["--port", `${port}`, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
  const server = start(command, [...options, "--dir", folder], folder)
  await ready(server, () => answers(port))
  return { url: `redis://127.0.0.1:${port}`, stop: () => stop(server.child, "SIGKILL") }
}

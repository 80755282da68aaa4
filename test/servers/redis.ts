import { execFile } from "node:child_process"
import { once } from "node:events"
import { connect } from "node:net"
import { dirname, join } from "node:path"
import { promisify } from "node:util"
import { findRedis } from "../../scripts/findServers.mjs"
import { freePort, type Running, ready, start, stop } from "./child.ts"

const answers = async (port: number) => {
  const socket = connect(port, "127.0.0.1")
  try {
    socket.write("PING\r\n")
    const [reply] = await once(socket, "data")
    return /^(?:\+PONG|-NOAUTH)/.test(String(reply))
  } finally {
    socket.destroy()
  }
}

const program = (): string => {
  const command = findRedis()
  if (command === undefined) throw new Error("no Redis found: run `npm run setup`")
  return command
}

/** What the server's own command line client prints. */
export const redisCli = async (...args: ReadonlyArray<string>): Promise<string> => {
  const server = program()
  const client = server.endsWith("valkey-server") ? "valkey-cli" : "redis-cli"
  const { stdout } = await promisify(execFile)(join(dirname(server), client), args)
  return stdout
}

/** A Redis in a folder, on a port of its own; it keeps nothing on disk unless asked to. */
export const startRedisAt = async (
  folder: string,
  port: number,
  options: ReadonlyArray<string> = []
) => {
  const own = ["--port", `${port}`, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
  const server = start(program(), [...own, "--dir", folder, ...options], folder)
  await ready(server, () => answers(port))
  return server.child
}

/** A Redis that keeps nothing on disk. */
export const startRedis = async (folder: string): Promise<Running> => {
  const port = await freePort()
  const child = await startRedisAt(folder, port)
  return { url: `redis://127.0.0.1:${port}`, stop: () => stop(child, "SIGKILL") }
}

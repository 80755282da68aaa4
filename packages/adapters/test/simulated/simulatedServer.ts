/** Simulated servers in real time, over wires without length unless told otherwise. */
import type { Handler } from "@doorbuster/adapters/simulated/Execution"
import { directLink, type Link } from "@doorbuster/adapters/simulated/Link"
import * as SimulatedDatabase from "@doorbuster/adapters/simulated/SimulatedDatabase"
import { type ServerOptions, SimulatedServer } from "@doorbuster/adapters/simulated/SimulatedServer"

const after = (ms: number, task: () => void) => {
  const timer = setTimeout(task, ms)
  return () => clearTimeout(timer)
}

/** A server that knows these statements; a deadlock is found soon. */
export const simulatedServer = (
  statements: ReadonlyMap<string, Handler>,
  options: Partial<ServerOptions> = {}
) => new SimulatedServer(statements, { now: Date.now, after, deadlockMs: 10, ...options })

/** One store process's pool of connections to the server. */
export const databaseOf = (server: SimulatedServer, link: Link = directLink) =>
  SimulatedDatabase.make({ server, link, after })

import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { createServer } from "node:net"
import { setTimeout as sleep } from "node:timers/promises"
import { owner } from "./owner.ts"

export interface Running {
  readonly url: string
  readonly stop: () => Promise<void>
}

export const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  server.close()
  await once(server, "close")
  if (address === null || typeof address === "string") throw new Error("no free port was given")
  return address.port
}

/** Servers do not outlive the process that started them. */
const alive = new Set<ChildProcess>()
process.on("exit", () => {
  for (const child of alive) child.kill("SIGKILL")
})

/** Starts a server of ours; what it says is kept for the message of a start that fails. */
export const start = (command: string, args: ReadonlyArray<string>, cwd: string) => {
  const child = spawn(command, args, { cwd, stdio: ["ignore", "pipe", "pipe"], ...owner })
  alive.add(child)
  child.once("exit", () => alive.delete(child))
  let said = ""
  const keep = (chunk: Buffer) => {
    said = `${said}${chunk}`.slice(-2000)
  }
  child.stdout.on("data", keep)
  child.stderr.on("data", keep)
  return { child, said: () => said }
}

/** Asks until the server answers, and fails with its last words when it died or stays silent. */
export const ready = async (
  { child, said }: ReturnType<typeof start>,
  answers: () => Promise<boolean>
): Promise<void> => {
  const attempts = 300
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    if (child.exitCode !== null) break
    if (await answers().catch(() => false)) return
    await sleep(50)
  }
  child.kill("SIGKILL")
  throw new Error(`${child.spawnfile} did not come up:\n${said()}`)
}

export const stop = async (child: ChildProcess, signal: NodeJS.Signals): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, "exit")
  child.kill(signal)
  await gone
}

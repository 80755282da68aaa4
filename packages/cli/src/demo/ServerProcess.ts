import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { createInterface } from "node:readline"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Ready } from "../programs/serve.ts"

/** The server of the demo ended before it was ready. */
export class ServerDied extends Schema.TaggedError<ServerDied>()("ServerDied", {
  said: Schema.String
}) {
  override get message() {
    return `the demo's server did not come up: ${this.said}`
  }
}

export interface ServerProcess {
  readonly url: string
  readonly port: number
  /** At once, as a power button does it: nothing is finished, nothing is handed over. */
  readonly kill: () => void
  /** Asks it to stop, and answers with its exit code. */
  readonly stop: Effect.Effect<number | null>
}

/** The program that runs this process; the same one is the server. */
const program = (): string => process.argv[1] ?? ""

/** Nothing of the machine's own settings reaches the demo's server; it goes when the demo goes. */
const environment = () => ({
  PATH: process.env["PATH"],
  HOME: process.env["HOME"],
  STORE_LAUNCHER_PID: String(process.pid)
})

const start = (dataDir: string, port: number): ChildProcess =>
  spawn(
    process.execPath,
    [
      program(),
      "serve",
      "--json",
      "--data-dir",
      dataDir,
      "--host",
      "127.0.0.1",
      "--port",
      `${port}`
    ],
    { cwd: dataDir, env: environment(), stdio: ["ignore", "pipe", "pipe", "ipc"] }
  )

const ready = (child: ChildProcess): Effect.Effect<Ready, ServerDied> =>
  Effect.tryPromise({
    try: async () => {
      let said = ""
      child.stderr?.on("data", (chunk) => {
        said = `${said}${chunk}`.slice(-1_000)
      })
      if (child.stdout === null) throw new Error("it has no stdout")
      const line = once(createInterface(child.stdout), "line")
      const early = once(child, "exit").then(() => {
        throw new Error(said)
      })
      const [text] = await Promise.race([line, early])
      early.catch(() => undefined)
      return JSON.parse(text) as Ready
    },
    catch: (cause) => new ServerDied({ said: cause instanceof Error ? cause.message : `${cause}` })
  })

const isGone = ({ exitCode, signalCode }: ChildProcess): boolean =>
  exitCode !== null || signalCode !== null

/** A store server in a process of its own; port 0 takes a free one. */
export const serverProcess = (dataDir: string, port: number) =>
  Effect.gen(function* () {
    const child = yield* Effect.acquireRelease(
      Effect.sync(() => start(dataDir, port)),
      (open) => Effect.sync(() => void open.kill("SIGKILL"))
    )
    const { port: taken, url } = yield* ready(child)
    const server: ServerProcess = {
      url,
      port: taken,
      kill: () => void child.kill("SIGKILL"),
      stop: Effect.promise(async () => {
        if (isGone(child)) return child.exitCode
        const gone = once(child, "exit")
        child.kill("SIGTERM")
        await gone
        return child.exitCode
      })
    }
    return server
  })

/** `store serve` as a child, on a database that a bench has made. */
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createInterface } from "node:readline"
import type { ScratchDatabase } from "@doorbuster/loadgen/bench/BenchGround"
import { BenchRefused } from "@doorbuster/loadgen/bench/errors"
import type { ServedStore } from "@doorbuster/loadgen/bench/httpCheckout"
import * as Effect from "effect/Effect"
import type { Ready } from "./serve.ts"

const temporaryDirectory = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "doorbuster-bench-"))),
  (directory) =>
    Effect.sync(() => rmSync(directory, { recursive: true, force: true, maxRetries: 5 }))
)

/** The database's address goes by the environment, since it may hold a password. */
const start = (dataDir: string, databaseUrl: string, poolSize: number): ChildProcess => {
  const flags = ["--json", "--data-dir", dataDir, "--host", "127.0.0.1", "--port", "0"]
  return spawn(process.execPath, [process.argv[1] ?? "", "serve", ...flags], {
    cwd: dataDir,
    env: {
      PATH: process.env["PATH"],
      HOME: process.env["HOME"],
      DATABASE_URL: databaseUrl,
      STORE_POOL_SIZE: `${poolSize}`,
      STORE_LAUNCHER_PID: `${process.pid}`
    },
    stdio: ["ignore", "pipe", "pipe", "ipc"]
  })
}

const isGone = ({ exitCode, signalCode }: ChildProcess): boolean =>
  exitCode !== null || signalCode !== null

const ready = (child: ChildProcess) =>
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
      early.catch(() => undefined)
      const [text] = await Promise.race([line, early])
      return JSON.parse(text) as Ready
    },
    catch: (cause) => {
      const said = cause instanceof Error ? cause.message : String(cause)
      return new BenchRefused({ problem: `the server under test did not come up: ${said}` })
    }
  })

/** Runs until its scope closes; nothing of this machine's own settings reaches it. */
export const servedStore =
  (poolSize: number) =>
  ({ address }: ScratchDatabase) =>
    Effect.gen(function* () {
      const dataDir = yield* temporaryDirectory
      const child = yield* Effect.acquireRelease(
        Effect.sync(() => start(dataDir, String(address), poolSize)),
        (open) => Effect.sync(() => void open.kill("SIGKILL"))
      )
      const { pid, url } = yield* ready(child)
      const served: ServedStore = {
        url,
        pid,
        stop: Effect.promise(async () => {
          if (isGone(child)) return
          const gone = once(child, "exit")
          child.kill("SIGTERM")
          await gone
        })
      }
      return served
    })

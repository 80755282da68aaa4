/** A Postgres server that a test may break. */
import { chmodSync, chownSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { freePort, type Running, stop } from "./child.ts"
import { owner } from "./owner.ts"
import { initPostgres, startPostgresAt } from "./postgres.ts"

export interface ThrowawayPostgres extends Running {
  /** `kill -9`: the server is gone with whatever it had not written. */
  readonly kill: () => Promise<void>
  /** Comes back on the same port, with what it had written. */
  readonly restart: () => Promise<void>
}

const folders = new Set<string>()
const remove = (folder: string): void => {
  folders.delete(folder)
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
}
process.on("exit", () => folders.forEach(remove))

const restartTries = 20

export const startThrowawayPostgres = async (): Promise<ThrowawayPostgres> => {
  const folder = mkdtempSync(join(tmpdir(), "doorbuster-postgres-"))
  folders.add(folder)
  chmodSync(folder, 0o755)
  if (owner !== undefined) chownSync(folder, owner.uid, owner.gid)
  initPostgres(folder)
  const port = await freePort()
  let running = await startPostgresAt(folder, port)
  /** The sessions of a killed server end a moment after it, and none can start before. */
  const restart = async (): Promise<void> => {
    for (let tries = 1; ; tries += 1) {
      try {
        running = await startPostgresAt(folder, port)
        return
      } catch (cause) {
        if (tries === restartTries) throw cause
        await sleep(250)
      }
    }
  }
  return {
    url: running.url,
    kill: () => stop(running.child, "SIGKILL"),
    restart,
    stop: async () => {
      await stop(running.child, "SIGQUIT")
      remove(folder)
    }
  }
}

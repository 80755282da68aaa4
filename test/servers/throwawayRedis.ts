/** Redis servers that a test may break. */
import { chmodSync, chownSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { freePort, type Running, stop } from "./child.ts"
import { owner } from "./owner.ts"
import { redisCli, startRedisAt } from "./redis.ts"

export interface ThrowawayRedis extends Running {
  readonly port: number
  /** `kill -9`: nothing more is written, connections break. */
  readonly kill: () => Promise<void>
  /** Comes back on the same port: with this dump, or with nothing. */
  readonly restart: (dump?: Uint8Array) => Promise<void>
  /** What it holds now, as the file of a snapshot. */
  readonly dump: () => Promise<Uint8Array>
  /** Stops the process without ending it: connections stay open and nobody answers. */
  readonly freeze: () => void
  readonly thaw: () => void
}

const folders = new Set<string>()
export const removeFolder = (folder: string): void => {
  folders.delete(folder)
  rmSync(folder, { recursive: true, force: true })
}
process.on("exit", () => folders.forEach(removeFolder))

/** A new folder that the server's user may write into. */
export const serverFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "doorbuster-redis-"))
  chmodSync(folder, 0o755)
  if (owner !== undefined) chownSync(folder, owner.uid, owner.gid)
  folders.add(folder)
  return folder
}

export const startThrowawayRedis = async (
  options: ReadonlyArray<string> = []
): Promise<ThrowawayRedis> => {
  const folder = serverFolder()
  const port = await freePort()
  let child = await startRedisAt(folder, port, options)
  const file = join(folder, "dump.rdb")
  const kill = () => stop(child, "SIGKILL")
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    kill,
    restart: async (dump) => {
      await kill()
      rmSync(file, { force: true })
      if (dump !== undefined) {
        writeFileSync(file, dump)
        if (owner !== undefined) chownSync(file, owner.uid, owner.gid)
      }
      child = await startRedisAt(folder, port, options)
    },
    dump: async () => {
      await redisCli("-p", `${port}`, "SAVE")
      return readFileSync(file)
    },
    freeze: () => void child.kill("SIGSTOP"),
    thaw: () => void child.kill("SIGCONT"),
    stop: async () => {
      await kill()
      removeFolder(folder)
    }
  }
}

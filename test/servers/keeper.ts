/**
 * Holds the throwaway servers of one test run. A process of its own, so that they go when the run
 * goes, however it goes: the end of this process's stdin, which even a killed parent causes, stops
 * the servers and removes their folder.
 */
import { chmodSync, chownSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { owner } from "./owner.ts"
import { startPostgres } from "./postgres.ts"
import { startRedis } from "./redis.ts"

export interface Servers {
  readonly databaseUrl?: string
  readonly redisUrl?: string
}

const wanted = new Set(process.argv.slice(2))
const folder = mkdtempSync(join(tmpdir(), "doorbuster-test-"))
chmodSync(folder, 0o755)
if (owner !== undefined) chownSync(folder, owner.uid, owner.gid)
process.on("exit", () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }))

// Ctrl-C is the test runner's to handle; it closes our stdin when it is done.
process.on("SIGINT", () => {})

const ended = new Promise((resolve) => process.stdin.on("end", resolve).resume())
const [postgres, redis] = await Promise.all([
  wanted.has("postgres") ? startPostgres(folder) : undefined,
  wanted.has("redis") ? startRedis(folder) : undefined
])
const servers: Servers = {
  ...(postgres && { databaseUrl: postgres.url }),
  ...(redis && { redisUrl: redis.url })
}
process.stdout.write(`${JSON.stringify(servers)}\n`)

await ended
await Promise.all([postgres?.stop(), redis?.stop()])
process.exit(0)

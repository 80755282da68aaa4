import { type ChildProcess, spawn } from "node:child_process"
import { randomUUID } from "node:crypto"
import { once } from "node:events"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import { dropDatabases } from "./database.ts"
import type { Servers } from "./keeper.ts"

const keeperPath = fileURLToPath(new URL("keeper.ts", import.meta.url))

/** A group of its own: Ctrl-C must not reach the servers before the tests have ended. */
const startKeeper = async (wanted: ReadonlyArray<string>) => {
  const child = spawn(process.execPath, [keeperPath, ...wanted], {
    detached: true,
    stdio: ["pipe", "pipe", "inherit"]
  })
  const [line] = await Promise.race([
    once(createInterface(child.stdout), "line"),
    once(child, "exit").then(() => {
      throw new Error("the test servers did not start; the reason stands above")
    })
  ])
  const servers: Servers = JSON.parse(line)
  return { child, servers }
}

const endKeeper = async (child: ChildProcess) => {
  const gone = once(child, "exit")
  child.stdin?.end()
  await gone
}

/**
 * Gives the tests a Postgres (`DATABASE_URL_TEST`) and a Redis (`REDIS_URL_TEST`): those that
 * `DATABASE_URL` and `REDIS_URL` name, else throwaway ones. Vitest calls this once per project;
 * the first call does the work.
 */
export default async function globalSetup(): Promise<(() => Promise<void>) | undefined> {
  if (process.env["TEST_RUN"] !== undefined) return undefined
  process.env["TEST_RUN"] = randomUUID().slice(0, 8)
  const own = { postgres: !process.env["DATABASE_URL"], redis: !process.env["REDIS_URL"] }
  const wanted = Object.entries(own).flatMap(([name, isOurs]) => (isOurs ? [name] : []))
  const keeper = wanted.length > 0 ? await startKeeper(wanted) : undefined
  process.env["DATABASE_URL_TEST"] = keeper?.servers.databaseUrl ?? process.env["DATABASE_URL"]
  process.env["REDIS_URL_TEST"] = keeper?.servers.redisUrl ?? process.env["REDIS_URL"]
  return async () => {
    if (!own.postgres) await dropDatabases()
    if (keeper !== undefined) await endKeeper(keeper.child)
    delete process.env["TEST_RUN"]
  }
}

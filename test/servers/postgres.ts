import { execFileSync } from "node:child_process"
import { join } from "node:path"
import pg from "pg"
import { findPostgres } from "../../scripts/findServers.mjs"
import { freePort, type Running, ready, start, stop } from "./child.ts"
import { owner } from "./owner.ts"

const answers = async (url: string) => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.end()
  return true
}

const bin = (): string => {
  const folder = findPostgres()
  if (folder === undefined) throw new Error("no Postgres found: run `npm run setup`")
  return folder
}

/** Makes an empty database cluster in a folder. */
export const initPostgres = (folder: string): void => {
  const data = join(folder, "postgres")
  execFileSync(
    join(bin(), "initdb"),
    ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"],
    { cwd: folder, stdio: "pipe", ...owner }
  )
}

/**
 * Serves the cluster of a folder, with the defaults that money needs: `fsync` and
 * `synchronous_commit` stay on. It listens on a local port, and on a unix socket in the folder.
 */
export const startPostgresAt = async (folder: string, port: number) => {
  const settings = {
    listen_addresses: "127.0.0.1",
    port,
    unix_socket_directories: folder,
    max_connections: 200
  }
  const options = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`])
  const data = join(folder, "postgres")
  const server = start(join(bin(), "postgres"), ["-D", data, ...options], folder)
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`
  await ready(server, () => answers(url))
  return { url, child: server.child }
}

/** An empty Postgres in a folder, on a free port. */
export const startPostgres = async (folder: string): Promise<Running> => {
  initPostgres(folder)
  const { child, url } = await startPostgresAt(folder, await freePort())
  // SIGQUIT: nobody needs this data, so it is not written out first.
  return { url, stop: () => stop(child, "SIGQUIT") }
}

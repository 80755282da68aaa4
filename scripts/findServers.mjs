import { execFileSync } from "node:child_process"
import { accessSync, constants, readdirSync } from "node:fs"
import { delimiter, join } from "node:path"

const executable = (path) => {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

const onPath = () => (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== "")

/** Folders `<base>/<version>/bin`, the newest version first. */
const versioned = (base, prefix = "") => {
  try {
    return readdirSync(base)
      .filter((name) => name.startsWith(prefix))
      .sort(
        (a, b) =>
          Number.parseInt(b.replace(/\D/g, ""), 10) - Number.parseInt(a.replace(/\D/g, ""), 10)
      )
      .map((name) => join(base, name, "bin"))
  } catch {
    return []
  }
}

const pgConfig = () => {
  try {
    return [execFileSync("pg_config", ["--bindir"], { encoding: "utf8", stdio: "pipe" }).trim()]
  } catch {
    return []
  }
}

const homebrew = ["/opt/homebrew", "/usr/local", "/home/linuxbrew/.linuxbrew"]

const complete = (folder) =>
  executable(join(folder, "initdb")) && executable(join(folder, "postgres"))

/** The folder that holds `initdb` and `postgres`, or undefined. */
export const findPostgres = () =>
  onPath().find(complete) ??
  versioned("/usr/lib/postgresql").find(complete) ??
  versioned("/usr", "pgsql-").find(complete) ??
  homebrew.flatMap((base) => versioned(join(base, "opt"), "postgresql")).find(complete) ??
  pgConfig().find(complete)

/** The path of `redis-server` (or of `valkey-server`, which serves as well), or undefined. */
export const findRedis = () =>
  ["redis-server", "valkey-server"]
    .flatMap((name) =>
      [...onPath(), "/usr/sbin", ...homebrew.map((base) => join(base, "bin"))].map((folder) =>
        join(folder, name)
      )
    )
    .find(executable)

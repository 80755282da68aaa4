/** pgbench, which comes with Postgres: the plain way to do a thing, as fast as a client can be. */
import { spawn } from "node:child_process"
import { accessSync, constants, readdirSync } from "node:fs"
import { availableParallelism } from "node:os"
import { delimiter, join } from "node:path"
import { fileURLToPath } from "node:url"
import * as Effect from "effect/Effect"
import { ReferenceFailed } from "./errors.ts"

const isExecutable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Folders `<base>/<version>/bin`, the newest version first. */
const versioned = (base: string, prefix = ""): ReadonlyArray<string> => {
  try {
    return readdirSync(base)
      .filter((name) => name.startsWith(prefix))
      .sort((one, other) => other.localeCompare(one, "en", { numeric: true }))
      .map((name) => join(base, name, "bin"))
  } catch {
    return []
  }
}

const homebrew = ["/opt/homebrew", "/usr/local", "/home/linuxbrew/.linuxbrew"]

/** The path of `pgbench`: on PATH, else where the packages of Postgres put it. */
export const findPgbench = (): string | undefined =>
  [
    ...(process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== ""),
    ...versioned("/usr/lib/postgresql"),
    ...versioned("/usr", "pgsql-"),
    ...homebrew.flatMap((base) => versioned(join(base, "opt"), "postgresql"))
  ]
    .map((folder) => join(folder, "pgbench"))
    .find(isExecutable)

export interface PgbenchOptions {
  readonly program: string
  readonly url: string
  /** A file of `fixtures/bench`. */
  readonly script: string
  readonly clients: number
  readonly seconds: number
}

const fixtures = new URL("../../../../fixtures/bench/", import.meta.url)

export const benchFixture = (name: string): string => fileURLToPath(new URL(name, fixtures))

/** The password goes by the environment: other users can read a command line. */
const withoutPassword = (url: string) => {
  const open = new URL(url)
  const password = decodeURIComponent(open.password)
  open.password = ""
  return { address: open.href, env: password === "" ? {} : { PGPASSWORD: password } }
}

const tps = /^tps = ([\d.]+) \(without initial connection time\)/m
const failures = /^number of failed transactions: ([1-9]\d*)/m

const lastWords = (text: string): string => text.trim().split("\n").at(-1) ?? ""

/** Transactions per second. Interrupting it ends the program. */
export const pgbench = ({ clients, program, script, seconds, url }: PgbenchOptions) =>
  Effect.callback<number, ReferenceFailed>((resume) => {
    const { address, env } = withoutPassword(url)
    const threads = Math.min(clients, availableParallelism())
    const how = ["-n", "-M", "prepared", "-c", `${clients}`, "-j", `${threads}`]
    const child = spawn(
      program,
      [...how, "-T", `${Math.max(1, Math.round(seconds))}`, "-f", benchFixture(script), address],
      { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] }
    )
    let [out, said] = ["", ""]
    child.stdout.on("data", (chunk) => {
      out += chunk
    })
    child.stderr.on("data", (chunk) => {
      said = `${said}${chunk}`.slice(-2_000)
    })
    const fail = (detail: string) =>
      resume(Effect.fail(new ReferenceFailed({ reference: "pgbench", detail })))
    child.once("error", (error) => fail(error.message))
    child.once("close", (code) => {
      const [, figure] = tps.exec(out) ?? []
      if (code !== 0 || figure === undefined) return fail(lastWords(said) || `exit code ${code}`)
      if (failures.test(out)) return fail("some of its transactions failed")
      resume(Effect.succeed(Number(figure)))
    })
    return Effect.sync(() => void child.kill("SIGKILL"))
  })

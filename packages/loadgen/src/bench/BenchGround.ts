/** Where a bench runs: in databases of its own, which are gone when it ends, however it ends. */
import { randomBytes } from "node:crypto"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type SocketConfig, start } from "@doorbuster/adapters/embedded/EmbeddedPostgres"
import * as Database from "@doorbuster/adapters/postgres/Database"
import { migrate, schemas } from "@doorbuster/adapters/postgres/Migrator"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import { BenchRefused } from "./errors.ts"

export type Connection = Database.Options["connection"]
/** The same, as it is sent to another process. */
export type Address = string | SocketConfig

export const connectionOf = (address: Address): Connection =>
  typeof address === "string" ? Redacted.make(address) : address

/** A new, empty database; dropped when the scope closes. */
export interface ScratchDatabase {
  readonly connection: Connection
  readonly address: Address
}

export interface BenchGround {
  readonly kind: "server" | "embedded"
  /** Connections of the store under test to its database, at most. */
  readonly poolSize: number
  readonly scratch: Effect.Effect<ScratchDatabase, BenchRefused, Scope.Scope>
}

const scratchName = () => `doorbuster_bench_${process.pid}_${randomBytes(4).toString("hex")}`

const withDatabase = (server: Redacted.Redacted<string>, name: string) => {
  const url = new URL(Redacted.value(server))
  url.pathname = `/${name}`
  return url.href
}

const refused = (detail: string) =>
  new BenchRefused({
    problem:
      `the bench cannot make a database of its own (${detail}): it needs a role with CREATEDB, ` +
      "and never runs in a store's database"
  })

/** The server that a store is on; the store itself is left alone. */
export const onServer = (server: Redacted.Redacted<string>, poolSize: number): BenchGround => {
  const command = (name: string, text: string) =>
    Database.make({ connection: server, poolMax: 1 }).pipe(
      Effect.flatMap((admin) => admin.query("bench.scratch", { name: `bench_${name}`, text })),
      Effect.scoped
    )
  return {
    kind: "server",
    poolSize,
    scratch: Effect.gen(function* () {
      const name = scratchName()
      yield* Effect.acquireRelease(
        Effect.mapError(command(name, `create database ${name}`), ({ detail }) => refused(detail)),
        () => Effect.ignore(command(name, `drop database if exists ${name} with (force)`))
      )
      const address = withDatabase(server, name)
      return { connection: connectionOf(address), address }
    })
  }
}

const temporaryDirectory = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "doorbuster-bench-"))),
  (directory) =>
    Effect.sync(() => rmSync(directory, { recursive: true, force: true, maxRetries: 5 }))
)

/** A Postgres inside this process, in a directory that is thrown away. */
export const embedded = (poolSize: number): BenchGround => ({
  kind: "embedded",
  poolSize,
  scratch: Effect.gen(function* () {
    const { config } = yield* Effect.mapError(
      start(yield* temporaryDirectory),
      ({ message }) => new BenchRefused({ problem: message })
    )
    return { connection: config, address: config }
  })
})

/** A new database with all schemas of a store. */
export const emptyStore = Effect.fnUntraced(function* (ground: BenchGround) {
  const database = yield* ground.scratch
  yield* Database.make({ connection: database.connection, poolMax: 1 }).pipe(
    Effect.flatMap((made) => Effect.forEach(schemas, (schema) => migrate(made, schema))),
    Effect.scoped
  )
  return database
})

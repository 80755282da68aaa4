/** The kinds of ground that a matrix is played on. */
import { randomBytes } from "node:crypto"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { start } from "@doorbuster/adapters/embedded/EmbeddedPostgres"
import * as Database from "@doorbuster/adapters/postgres/Database"
import { migrate, schemas } from "@doorbuster/adapters/postgres/Migrator"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as WorkerThread from "../threads/WorkerThread.ts"
import type { CaseName } from "./CrashCase.ts"
import type * as Ground from "./Ground.ts"
import * as GroundPostgres from "./GroundPostgres.ts"
import { inMemory, type Player, playerOn } from "./Player.ts"
import type { Played } from "./play.ts"

export type TerrainName = "memory" | "embedded" | "postgres"

/** A ground with whoever plays on it. */
export interface Terrain {
  readonly name: TerrainName
  readonly players: ReadonlyArray<Player>
  /** Fast and repeatable enough for every pair of crashes. */
  readonly isVirtual: boolean
}

/** On this thread. */
export const memory: Terrain = {
  name: "memory",
  players: [inMemory],
  isVirtual: true
}

const entry = new URL("./crashWorker.ts", import.meta.url)

/** On so many other threads, gone with the scope. What comes of a case is the same. */
export const memoryThreads = Effect.fnUntraced(function* (jobs: number) {
  const threads = yield* Effect.forEach(Array.from({ length: jobs }), () =>
    WorkerThread.start<CaseName, Played>({ entry, name: "crashes" })
  )
  const players = threads.map(
    ({ ask }): Player =>
      ({ name }, faulted) =>
        ask({ scenario: name, faulted })
  )
  return { ...memory, players } satisfies Terrain
})

const migrated = Effect.fnUntraced(function* (connection: Database.Options["connection"]) {
  const database = yield* Database.make({ connection, poolMax: 1 })
  yield* Effect.forEach(schemas, (schema) => migrate(database, schema), { discard: true })
}, Effect.scoped)

const temporaryDirectory = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "doorbuster-crash-"))),
  (directory) =>
    Effect.sync(() => rmSync(directory, { recursive: true, force: true, maxRetries: 5 }))
)

const embeddedLane = Effect.gen(function* () {
  const { config } = yield* start(yield* temporaryDirectory)
  yield* migrated(config)
  return GroundPostgres.lane(config)
})

/** Embedded databases in folders of their own, gone with the scope. */
export const embedded = (lanes: number) =>
  Effect.map(
    Effect.all(
      Array.from({ length: lanes }, () => embeddedLane),
      { concurrency: "unbounded" }
    ),
    (opened): Terrain => ({
      name: "embedded",
      players: opened.map((lane) => playerOn(lane)),
      isVirtual: false
    })
  )

/** The server does not let this role make a database, and no other one is touched. */
export class NoOwnDatabase extends Schema.TaggedError<NoOwnDatabase>()("NoOwnDatabase", {
  detail: Schema.String
}) {
  override get message() {
    return (
      "crashes are played in databases of their own, made for it and dropped again, and this " +
      `server does not let its role make one (${this.detail}): grant it CREATEDB, or name ` +
      "another server"
    )
  }
}

const quoted = (name: string) => `"${name}"`

/** Connected to only to make and to drop: none of its rows is read or written. */
const ownDatabase = Effect.fnUntraced(function* (url: Redacted.Redacted<string>) {
  const name = `doorbuster_crash_${randomBytes(6).toString("hex")}`
  const admin = yield* Database.make({ connection: url, poolMax: 1 })
  const say = (text: string) => admin.query("crash.database", { name: "", text })
  yield* Effect.acquireRelease(
    Effect.mapError(say(`create database ${quoted(name)}`), (error) =>
      /^(42501|28)/.test(error.detail) ? new NoOwnDatabase({ detail: error.detail }) : error
    ),
    () => Effect.ignore(say(`drop database if exists ${quoted(name)} with (force)`))
  )
  const own = new URL(Redacted.value(url))
  own.pathname = `/${name}`
  return Redacted.make(own.href)
})

/** Databases of their own on a server, gone with the scope. */
export const server = (url: Redacted.Redacted<string>, lanes: number) =>
  Effect.gen(function* () {
    const opened: Array<Ground.Lane> = []
    for (let i = 0; i < lanes; i++) {
      const own = yield* ownDatabase(url)
      yield* migrated(own)
      opened.push(GroundPostgres.lane(own))
    }
    const terrain: Terrain = {
      name: "postgres",
      players: opened.map((lane) => playerOn(lane)),
      isVirtual: false
    }
    return terrain
  })

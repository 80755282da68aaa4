/**
 * A Postgres without a service to install: PGlite (Postgres compiled to WebAssembly) in a thread
 * of the process that owns the data directory. Everybody, the owner included, talks to it with the
 * ordinary `pg` client over a unix socket, so there is one driver for this and for a real server.
 *
 * What survives
 * - Any end of the process, `kill -9` included: each commit is with the operating system before
 *   it is acknowledged. A kill in the middle of the very first start is survived as well.
 *
 * What may not
 * - A power cut or a crash of the operating system: this Postgres runs with `fsync = off`.
 *
 * What differs from a server
 * - One session serves all connections. A transaction has it to itself, so transactions queue and
 *   never meet; who sleeps in one for a minute is rolled back and disconnected (25P03).
 * - `SET`, advisory locks, temporary tables, SQL-level PREPARE, LISTEN and DISCARD are shared by
 *   all connections. Use `set local`. Prepared statements of the protocol, i.e. `name` in `pg`,
 *   are each connection's own.
 * - Startup options (`options`, `statement_timeout`) are ignored, a running statement cannot be
 *   canceled, and COPY from the client is refused.
 * - The only user and database is `postgres`; the socket's directory is open to its owner only.
 * - Only systems with unix sockets and their paths: Linux and macOS.
 *
 * Files in the data directory: `pgdata/` the database, `store.lock` who owns it (JSON),
 * `store.lock.guard` the lock itself (empty, stays). Do not copy `pgdata` while an owner lives.
 */
import { randomBytes } from "node:crypto"
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs"
import { connect as connectSocket } from "node:net"
import { tmpdir } from "node:os"
import { basename, join, resolve } from "node:path"
import { StorageError } from "@doorbuster/core/StorageError"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import { acquireLock, type DirectoryInUse, readLock, storageError } from "./DirectoryLock.ts"
import { runThread } from "./WorkerThread.ts"

/** What `new pg.Pool(config)` needs. `host` is the directory of the socket. */
export interface SocketConfig {
  readonly host: string
  readonly port: number
  readonly user: "postgres"
  readonly database: "postgres"
}

/** No living process owns the directory: start one there first (`store serve`). */
export class NoOwner extends Schema.TaggedError<NoOwner>()("NoOwner", {
  directory: Schema.String
}) {
  override get message() {
    return `no store runs on ${this.directory}: start one with "store serve"`
  }
}

export interface Embedded {
  /** Whether this process owns the data directory, or is a guest of the process that does. */
  readonly owner: boolean
  readonly config: SocketConfig
  /** Fails when the owned database breaks while in use; never ends for a guest. */
  readonly lost: Effect.Effect<void, StorageError>
}

const port = 5432
const idleInTransactionMsMax = 60_000
const ownerPatienceMs = 30_000
const socketPrefix = "store-pg-"
/** A unix socket's path has to fit into 104 bytes on macOS, 108 on Linux. */
const socketDirectoryBytesMax = 80

const socketConfig = (host: string): SocketConfig => ({
  host,
  port,
  user: "postgres",
  database: "postgres"
})
const socketPath = (host: string) => join(host, `.s.PGSQL.${port}`)

const attempt = <A>(operation: string, run: () => A) =>
  Effect.try({ try: run, catch: storageError(operation) })

const removeDirectory = (path: string) =>
  attempt("embedded.clean", () => rmSync(path, { recursive: true, force: true })).pipe(
    Effect.ignore
  )

const newSocketDirectory = (): string => {
  const base = Buffer.byteLength(tmpdir()) > socketDirectoryBytesMax ? "/tmp" : tmpdir()
  return join(base, `${socketPrefix}${randomBytes(6).toString("hex")}`)
}

/** Only its owner may enter, which is the whole of our access control. */
const makeSocketDirectory = (host: string) =>
  Effect.acquireRelease(
    attempt("embedded.socket", () => mkdirSync(host, { mode: 0o700 })),
    () => removeDirectory(host)
  )

/** Made under another name and renamed, so that a kill while making it leaves no half database. */
const createDatabase = Effect.fnUntraced(function* (pgdata: string, socket: string) {
  const unfinished = `${pgdata}.unfinished`
  yield* attempt("embedded.create", () => rmSync(unfinished, { recursive: true, force: true }))
  yield* runThread({ task: "create", pgdata: unfinished, socket, idleInTransactionMsMax })
  yield* attempt("embedded.create", () => renameSync(unfinished, pgdata))
}, Effect.scoped)

/**
 * Becomes the owner of `dataDir` until the scope closes. The first start makes the database and
 * takes about 4 seconds, later ones about half a second.
 */
export const start = Effect.fnUntraced(function* (
  dataDir: string
): Effect.fn.Return<Embedded, DirectoryInUse | StorageError, Scope.Scope> {
  const directory = resolve(dataDir)
  const host = newSocketDirectory()
  const former = yield* acquireLock(directory, host)
  yield* makeSocketDirectory(host)
  if (Option.isSome(former) && basename(former.value.socket).startsWith(socketPrefix)) {
    yield* removeDirectory(former.value.socket)
  }
  const pgdata = join(directory, "pgdata")
  const socket = socketPath(host)
  if (!existsSync(pgdata)) yield* createDatabase(pgdata, socket)
  const lost = yield* runThread({ task: "serve", pgdata, socket, idleInTransactionMsMax })
  return { owner: true, config: socketConfig(host), lost }
})

/** True once somebody accepts connections there. */
const answers = (host: string): Effect.Effect<boolean> =>
  Effect.callback((resume) => {
    const socket = connectSocket(socketPath(host))
    const done = (answer: boolean) => {
      socket.destroy()
      resume(Effect.succeed(answer))
    }
    socket.once("connect", () => done(true)).once("error", () => done(false))
    return Effect.sync(() => socket.destroy())
  })

/** The way to the living owner of `dataDir`; waits while that one is still starting. */
export const connect = Effect.fnUntraced(function* (
  dataDir: string
): Effect.fn.Return<SocketConfig, NoOwner | StorageError> {
  const directory = resolve(dataDir)
  const stepMs = 100
  for (let waitedMs = 0; waitedMs < ownerPatienceMs; waitedMs += stepMs) {
    const record = yield* readLock(directory)
    if (Option.isNone(record)) return yield* new NoOwner({ directory })
    if (yield* answers(record.value.socket)) return socketConfig(record.value.socket)
    yield* Effect.sleep(stepMs)
  }
  return yield* new StorageError({
    operation: "embedded.connect",
    reason: "unavailable",
    detail: `the store that owns ${directory} does not answer; stop it and try again`
  })
})

/** Becomes the owner of `dataDir`, or the guest of the process that already is. */
export const openOrConnect = Effect.fnUntraced(function* (
  dataDir: string
): Effect.fn.Return<Embedded, StorageError, Scope.Scope> {
  // An owner may leave between our finding it and our reaching it; then the place is free.
  for (let tries = 0; tries < 5; tries++) {
    const own = yield* start(dataDir).pipe(
      Effect.catchTag("DirectoryInUse", () => Effect.succeed(null))
    )
    if (own !== null) return own
    const config = yield* connect(dataDir).pipe(
      Effect.catchTag("NoOwner", () => Effect.succeed(null))
    )
    if (config !== null) return { owner: false, config, lost: Effect.never }
  }
  return yield* new StorageError({
    operation: "embedded.open",
    reason: "unavailable",
    detail: `${dataDir} changes its owner again and again; see which stores run on it`
  })
})

/** The embedded database of this process. */
export class EmbeddedPostgres extends Context.Service<EmbeddedPostgres, Embedded>()(
  "@doorbuster/adapters/embedded/EmbeddedPostgres"
) {
  /** Owner of the directory, or an error when somebody else is. */
  static readonly layer = (
    dataDir: string
  ): Layer.Layer<EmbeddedPostgres, DirectoryInUse | StorageError> =>
    Layer.effect(EmbeddedPostgres, start(dataDir))

  /** Owner or guest. */
  static readonly layerShared = (dataDir: string): Layer.Layer<EmbeddedPostgres, StorageError> =>
    Layer.effect(EmbeddedPostgres, openOrConnect(dataDir))
}

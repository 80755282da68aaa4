import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { StorageError } from "@doorbuster/core/StorageError"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import { makeDirectory } from "./makeDirectory.ts"
import { isAlive, processStart } from "./processIdentity.ts"

/** Content of `store.lock`: who owns the data directory, and where to reach it. */
export const LockRecord = Schema.Struct({
  pid: Schema.Int,
  /** Start of that process in clock ticks since boot; null where the system does not tell. */
  started: Schema.NullOr(Schema.String),
  /** Directory of the unix socket, for `host` of a Postgres client. */
  socket: Schema.String,
  /** ISO 8601. */
  created: Schema.String
})
export type LockRecord = typeof LockRecord.Type

/** Another living process owns the directory. Reach it through `connect`, or stop it. */
export class DirectoryInUse extends Schema.TaggedError<DirectoryInUse>()("DirectoryInUse", {
  directory: Schema.String,
  /** Null while the owner is only just starting. */
  pid: Schema.NullOr(Schema.Int),
  socket: Schema.NullOr(Schema.String)
}) {
  override get message() {
    const owner = this.pid === null ? "another process" : `process ${this.pid}`
    return (
      `${this.directory} is in use by ${owner}: stop it, or choose another data directory ` +
      "(--data-dir or STORE_DATA_DIR)"
    )
  }
}

const lockFile = (directory: string) => join(directory, "store.lock")
const decodeRecord = Schema.decodeUnknownOption(Schema.fromJsonString(LockRecord))

/** The record as it lies there, whether its owner lives or not. */
const readRecord = (directory: string): Option.Option<LockRecord> => {
  try {
    return decodeRecord(readFileSync(lockFile(directory), "utf8"))
  } catch {
    return Option.none()
  }
}

/** Who owns the directory now; none when nobody does or the owner died without a word. */
export const readLock = (directory: string): Effect.Effect<Option.Option<LockRecord>> =>
  Effect.sync(() => Option.filter(readRecord(directory), (r) => isAlive(r.pid, r.started)))

export const storageError =
  (operation: string) =>
  (cause: unknown): StorageError =>
    new StorageError({
      operation,
      reason: "unavailable",
      detail: cause instanceof Error ? cause.message : String(cause)
    })

const SQLITE_BUSY = 5

/**
 * The lock proper: SQLite's exclusive lock on an empty file. It is a lock of the kernel, which
 * lets go whatever way the process ends, so there is nothing stale to judge and no race between
 * two that judge it, and it also holds between containers that share a volume, where process
 * numbers mean nothing. Undefined when somebody else has it.
 */
const seize = (directory: string): DatabaseSync | undefined => {
  const guard = new DatabaseSync(join(directory, "store.lock.guard"), { timeout: 0 })
  try {
    guard.exec("pragma journal_mode = memory; begin exclusive")
    return guard
  } catch (error) {
    guard.close()
    if ((error as { readonly errcode?: number }).errcode === SQLITE_BUSY) return undefined
    throw error
  }
}

const occupied = (directory: string, record: Option.Option<LockRecord>) =>
  new DirectoryInUse({
    directory,
    pid: Option.getOrNull(Option.map(record, (r) => r.pid)),
    socket: Option.getOrNull(Option.map(record, (r) => r.socket))
  })

/** The winner writes its record a moment after it has seized the directory. */
const refuse = Effect.fnUntraced(function* (directory: string) {
  let record = yield* readLock(directory)
  for (let tries = 0; Option.isNone(record) && tries < 15; tries++) {
    yield* Effect.sleep("20 millis")
    record = yield* readLock(directory)
  }
  return yield* occupied(directory, record)
})

/** Written beside and renamed, so that a reader never sees half a record. */
const writeRecord = (directory: string, record: LockRecord) => {
  const fresh = join(directory, `store.lock.${process.pid}`)
  writeFileSync(fresh, `${JSON.stringify(record)}\n`)
  renameSync(fresh, lockFile(directory))
}

const livesElsewhere = ({ pid, started }: LockRecord) =>
  pid !== process.pid && isAlive(pid, started)

/**
 * Owns `directory` until the scope closes, and names `socket` as the way to the owner.
 * Gives the record of a former owner that died without cleaning up, if there was one.
 */
export const acquireLock = Effect.fnUntraced(function* (
  directory: string,
  socket: string
): Effect.fn.Return<Option.Option<LockRecord>, DirectoryInUse | StorageError, Scope.Scope> {
  const attempt = <A>(run: () => A) =>
    Effect.try({ try: run, catch: storageError("embedded.lock") })
  yield* attempt(() => makeDirectory(directory))
  const guard = yield* Effect.acquireRelease(
    attempt(() => seize(directory)),
    (held) => Effect.sync(() => held?.close())
  )
  if (guard === undefined) return yield* refuse(directory)
  const former = readRecord(directory)
  // Where the file system's locks are make-believe, the record is the second line of defence.
  if (Option.isSome(former) && livesElsewhere(former.value)) {
    return yield* occupied(directory, former)
  }
  const created = DateTime.formatIso(yield* DateTime.now)
  const record = { pid: process.pid, started: processStart(process.pid), socket, created }
  yield* Effect.acquireRelease(
    attempt(() => writeRecord(directory, record)),
    // Still under the guard, so nobody else's record can lie there.
    () => attempt(() => rmSync(lockFile(directory), { force: true })).pipe(Effect.ignore)
  )
  return former
})

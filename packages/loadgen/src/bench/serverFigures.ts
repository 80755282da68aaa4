/** What a Postgres server says of its own work. */
import * as Database from "@doorbuster/adapters/postgres/Database"
import { integer, text } from "@doorbuster/adapters/postgres/rows"
import * as Effect from "effect/Effect"
import type { Connection } from "./BenchGround.ts"

/** Counts since the database was made; those of the log are of the whole server. */
export interface ServerFigures {
  readonly commits: number
  /** Rows inserted, updated and deleted. */
  readonly rows: number
  /** Times that the log was forced to disk; null where the server does not count them. */
  readonly fsyncs: number | null
  readonly walBytes: number
}

export interface Durability {
  readonly version: string
  readonly fsync: string
  readonly synchronous_commit: string
}

const counts = {
  name: "bench_counts",
  text: `select xact_commit as commits, tup_inserted + tup_updated + tup_deleted as rows,
      (pg_current_wal_lsn() - '0/0')::bigint as wal_bytes,
      current_setting('server_version_num')::int as version,
      (select count(*) from pg_stat_activity where datname = current_database()) as connections
    from pg_stat_database where datname = current_database()`
}

const syncs = {
  name: "bench_syncs",
  text: "select wal_sync as fsyncs from pg_stat_wal"
}

/** From version 18 on, they are counted with all other work on files. */
const syncsOfFiles = {
  name: "bench_syncs_of_files",
  text: "select coalesce(sum(fsyncs), 0)::bigint as fsyncs from pg_stat_io where object = 'wal'"
}

const settings = {
  name: "bench_settings",
  text: `select current_setting('server_version') as version, current_setting('fsync') as fsync,
    current_setting('synchronous_commit') as synchronous_commit`
}

const fsyncsOf = Effect.fnUntraced(function* (database: Database.Database, version: number) {
  if (version < 140_000) return null
  const [row] = yield* database.query("bench.syncs", version < 180_000 ? syncs : syncsOfFiles)
  return row === undefined ? null : integer(row, "fsyncs")
})

const triesMax = 40
const pauseMs = 50

/**
 * A connection tells what it has done when it ends, so this waits until its own is the only one
 * left: a store that is still up has not told everything.
 */
export const serverFigures = (connection: Connection) =>
  Effect.gen(function* () {
    const database = yield* Database.make({ connection, poolMax: 1 })
    for (let tries = 1; ; tries++) {
      const [row] = yield* database.query("bench.counts", counts)
      if (row === undefined) throw new Error("a database knows nothing of itself")
      if (integer(row, "connections") > 1 && tries < triesMax) {
        yield* Effect.sleep(pauseMs)
        continue
      }
      const figures: ServerFigures = {
        commits: integer(row, "commits"),
        rows: integer(row, "rows"),
        walBytes: integer(row, "wal_bytes"),
        fsyncs: yield* fsyncsOf(database, integer(row, "version"))
      }
      return figures
    }
  }).pipe(Effect.scoped)

export const durability = (connection: Connection) =>
  Database.make({ connection, poolMax: 1 }).pipe(
    Effect.flatMap((database) => database.query("bench.settings", settings)),
    Effect.map(
      ([row = {}]): Durability => ({
        version: text(row, "version"),
        fsync: text(row, "fsync"),
        synchronous_commit: text(row, "synchronous_commit")
      })
    ),
    Effect.scoped
  )

/** What one order costs. */
export interface Cost {
  readonly rows: number
  readonly commits: number
  readonly fsyncs: number | null
  readonly wal_bytes: number
}

export const costOf = (before: ServerFigures, after: ServerFigures, orders: number): Cost => ({
  rows: (after.rows - before.rows) / orders,
  commits: (after.commits - before.commits) / orders,
  fsyncs:
    after.fsyncs === null || before.fsyncs === null
      ? null
      : (after.fsyncs - before.fsyncs) / orders,
  wal_bytes: (after.walBytes - before.walBytes) / orders
})

import { createHash } from "node:crypto"
import { readdir, readFile } from "node:fs/promises"
import type { StorageError } from "@doorbuster/core/StorageError"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Database, Transaction } from "./Database.ts"
import { integer, type Row, text } from "./rows.ts"

export const schemas = ["inventory", "orders", "money", "catalog", "sandbox"] as const
export type SchemaName = (typeof schemas)[number]

/** The database was written by a newer program. */
export class DatabaseNewer extends Schema.TaggedError<DatabaseNewer>()("DatabaseNewer", {
  schema: Schema.String,
  migration: Schema.String
}) {
  override get message() {
    return (
      `schema "${this.schema}" has migration ${this.migration}, which this program does not ` +
      "know: install the newer program, or restore a backup made before that migration"
    )
  }
}

/** A migration that was applied reads differently now. */
export class MigrationChanged extends Schema.TaggedError<MigrationChanged>()("MigrationChanged", {
  schema: Schema.String,
  migration: Schema.String
}) {
  override get message() {
    return (
      `schema "${this.schema}": migration ${this.migration} was edited after it had been ` +
      "applied: restore the file, and write the change as a new migration"
    )
  }
}

export interface MigrationStatus {
  readonly schema: SchemaName
  /** Names in order of application, such as `0001_stock`. */
  readonly applied: ReadonlyArray<string>
  readonly pending: ReadonlyArray<string>
  /** Applied by a newer program, unknown to this one. */
  readonly newer: ReadonlyArray<string>
  /** Applied, and edited since. */
  readonly changed: ReadonlyArray<string>
}

interface Migration {
  readonly id: number
  readonly name: string
  readonly sql: string
  readonly checksum: string
}

const folder = new URL("../../migrations/", import.meta.url)

const checksumOf = (sql: string) => createHash("sha256").update(sql).digest("hex")

const load = (schema: SchemaName): Effect.Effect<ReadonlyArray<Migration>> =>
  Effect.promise(async () => {
    const names = (await readdir(new URL(`${schema}/`, folder))).sort()
    return Promise.all(
      names.map(async (name) => {
        const sql = await readFile(new URL(`${schema}/${name}/up.sql`, folder), "utf8")
        return { id: Number.parseInt(name, 10), name, sql, checksum: checksumOf(sql) }
      })
    )
  })

const hasTable = (schema: SchemaName) => ({
  name: `migrations_${schema}_exist`,
  text: `select to_regclass('${schema}.migrations') is not null as present`
})

const readApplied = (schema: SchemaName) => ({
  name: `migrations_${schema}_read`,
  text: `select id, name, checksum from ${schema}.migrations order by id`
})

const record = (schema: SchemaName) => ({
  name: `migrations_${schema}_record`,
  text: `insert into ${schema}.migrations (id, name, checksum) values ($1, $2, $3)`
})

const prepare = (schema: SchemaName) => `
  create schema if not exists ${schema};
  create table if not exists ${schema}.migrations (
    id integer primary key,
    name text not null,
    checksum text not null,
    applied_at timestamptz not null default now()
  )`

/** Two programs that start at once apply each migration once: the second waits for the first. */
const lock = {
  name: "migrations_lock",
  text: "select pg_advisory_xact_lock(hashtextextended('doorbuster.migrations.' || $1, 0))"
}

const compare = (
  schema: SchemaName,
  known: ReadonlyArray<Migration>,
  rows: ReadonlyArray<Row>
): MigrationStatus => {
  const applied = rows.map((row) => ({
    id: integer(row, "id"),
    name: text(row, "name"),
    checksum: text(row, "checksum")
  }))
  const checksums = new Map(known.map(({ checksum, id }) => [id, checksum]))
  const ids = new Set(applied.map(({ id }) => id))
  const names = (of: ReadonlyArray<{ readonly name: string }>) => of.map(({ name }) => name)
  return {
    schema,
    applied: names(applied.filter(({ id }) => checksums.has(id))),
    pending: names(known.filter(({ id }) => !ids.has(id))),
    newer: names(applied.filter(({ id }) => !checksums.has(id))),
    changed: names(
      applied.filter(({ checksum, id }) => checksums.has(id) && checksums.get(id) !== checksum)
    )
  }
}

/** Changes nothing, not even where the schema does not exist yet. */
export const status = (
  database: Database,
  schema: SchemaName
): Effect.Effect<MigrationStatus, StorageError> =>
  database.transaction("migrations.status", (transaction) =>
    Effect.gen(function* () {
      const known = yield* load(schema)
      const [found] = yield* transaction.query(hasTable(schema))
      const rows = found?.["present"] === true ? yield* transaction.query(readApplied(schema)) : []
      return compare(schema, known, rows)
    })
  )

const apply = Effect.fnUntraced(function* (
  transaction: Transaction,
  schema: SchemaName,
  { checksum, id, name, sql }: Migration
) {
  yield* transaction.script(sql)
  yield* transaction.query(record(schema), [id, name, checksum])
})

/**
 * Brings a schema up to this program, all pending migrations in one transaction. Answers how it
 * was found: `pending` has just been applied. Forward only.
 */
export const migrate = (
  database: Database,
  schema: SchemaName
): Effect.Effect<MigrationStatus, StorageError | DatabaseNewer | MigrationChanged> =>
  database.transaction("migrations.apply", (transaction) =>
    Effect.gen(function* () {
      const known = yield* load(schema)
      yield* transaction.query(lock, [schema])
      yield* transaction.script(prepare(schema))
      const before = compare(schema, known, yield* transaction.query(readApplied(schema)))
      const newer = before.newer[0]
      if (newer !== undefined) return yield* new DatabaseNewer({ schema, migration: newer })
      const changed = before.changed[0]
      if (changed !== undefined) return yield* new MigrationChanged({ schema, migration: changed })
      const pending = new Set(before.pending)
      for (const migration of known) {
        if (pending.has(migration.name)) yield* apply(transaction, schema, migration)
      }
      return before
    })
  )

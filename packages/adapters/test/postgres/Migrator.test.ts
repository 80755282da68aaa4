import * as Database from "@doorbuster/adapters/postgres/Database"
import { migrate, schemas, status } from "@doorbuster/adapters/postgres/Migrator"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { createDatabase } from "../../../../test/servers/database.ts"
import { connection } from "./testDatabase.ts"

const emptyDatabase = Effect.gen(function* () {
  const { url } = yield* Effect.acquireRelease(
    Effect.promise(() => createDatabase()),
    ({ drop }) => Effect.promise(drop)
  )
  return yield* Database.make(connection(url))
})

const run = (database: Database.Database, name: string, text: string) =>
  database.query("test", { name, text })

describe("Migrator", () => {
  it.live("applies what is pending once, in every schema", () =>
    Effect.gen(function* () {
      const database = yield* emptyDatabase
      for (const schema of schemas) {
        const before = yield* migrate(database, schema)
        assert.deepStrictEqual(before.applied, [])
        assert.isNotEmpty(before.pending)
        const after = yield* migrate(database, schema)
        assert.deepStrictEqual(after.applied, before.pending)
        assert.deepStrictEqual(after.pending, [])
      }
    }).pipe(Effect.scoped)
  )

  it.live("reports the state of an empty database without touching it", () =>
    Effect.gen(function* () {
      const database = yield* emptyDatabase
      const found = yield* status(database, "inventory")
      assert.deepStrictEqual(found.applied, [])
      assert.isNotEmpty(found.pending)
      const left = yield* run(database, "left", "select to_regnamespace('inventory') is null as ok")
      assert.deepStrictEqual(left, [{ ok: true }])
    }).pipe(Effect.scoped)
  )

  it.live("lets programs that start at once apply each migration once", () =>
    Effect.gen(function* () {
      const database = yield* emptyDatabase
      const starts = Array.from({ length: 6 }, () => migrate(database, "inventory"))
      const found = yield* Effect.all(starts, { concurrency: "unbounded" })
      assert.strictEqual(found.filter(({ pending }) => pending.length > 0).length, 1)
    }).pipe(Effect.scoped)
  )

  it.live("refuses a database that a newer program has written", () =>
    Effect.gen(function* () {
      const database = yield* emptyDatabase
      yield* migrate(database, "catalog")
      yield* run(
        database,
        "newer",
        "insert into catalog.migrations (id, name, checksum) values (999, '0999_later', 'x')"
      )
      const error = yield* Effect.flip(migrate(database, "catalog"))
      assert.strictEqual(error._tag, "DatabaseNewer")
      assert.include(error.message, "0999_later")
      assert.deepStrictEqual((yield* status(database, "catalog")).newer, ["0999_later"])
    }).pipe(Effect.scoped)
  )

  it.live("refuses a migration that was edited after it had been applied", () =>
    Effect.gen(function* () {
      const database = yield* emptyDatabase
      const { pending } = yield* migrate(database, "catalog")
      yield* run(database, "edit", "update catalog.migrations set checksum = 'edited' where id = 1")
      const error = yield* Effect.flip(migrate(database, "catalog"))
      assert.strictEqual(error._tag, "MigrationChanged")
      assert.deepStrictEqual((yield* status(database, "catalog")).changed, pending.slice(0, 1))
    }).pipe(Effect.scoped)
  )
})

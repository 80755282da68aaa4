import * as Database from "@doorbuster/adapters/postgres/Database"
import { timestamp } from "@doorbuster/adapters/postgres/rows"
import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { createDatabase } from "../../../../test/servers/database.ts"
import { connection } from "./testDatabase.ts"

const insert = { name: "insert", text: "insert into things values ($1)" }
const ids = { name: "ids", text: "select id from things order by id" }

/** A database with one table; one connection only, so that a broken one would be noticed. */
const withThings = Effect.gen(function* () {
  const { url } = yield* Effect.acquireRelease(
    Effect.promise(() => createDatabase()),
    ({ drop }) => Effect.promise(drop)
  )
  const database = yield* Database.make({ ...connection(url), poolMax: 1 })
  yield* database.query("test", {
    name: "create",
    text: "create table things (id integer primary key constraint small check (id < 100))"
  })
  return database
})

const idsIn = (database: Database.Database) =>
  Effect.map(database.query("test", ids), (rows) => rows.map((row) => row["id"]))

const reasonFor = (text: string) =>
  Effect.gen(function* () {
    const database = yield* withThings
    yield* database.query("test", insert, [1])
    const error = yield* Effect.flip(database.query("test", { name: "bad", text }))
    assert.deepStrictEqual(yield* idsIn(database), [1])
    return error
  }).pipe(Effect.scoped)

describe("Database", () => {
  it.live("calls a twin's key a reason to look again", () =>
    Effect.gen(function* () {
      const error = yield* reasonFor("insert into things values (1)")
      assert.strictEqual(error.reason, "retry")
    })
  )

  it.live("calls what can never be stored a bad value, and names the constraint", () =>
    Effect.gen(function* () {
      const error = yield* reasonFor("insert into things values (100)")
      assert.strictEqual(error.reason, "bad_value")
      assert.include(error.detail, "small")
      const malformed = yield* reasonFor("select 'x'::integer")
      assert.strictEqual(malformed.reason, "bad_value")
    })
  )

  it.live("leaves a bug of ours visible in the detail", () =>
    Effect.gen(function* () {
      const error = yield* reasonFor("select from nowhere")
      assert.strictEqual(error.reason, "unavailable")
      assert.include(error.detail, '42P01: relation "nowhere" does not exist')
    })
  )

  it.live("says that a server is unavailable when nobody answers", () =>
    Effect.gen(function* () {
      const database = yield* Database.make({ connection: { host: "127.0.0.1", port: 1 } })
      const error = yield* Effect.flip(database.query("test", ids))
      assert.strictEqual(error.reason, "unavailable")
      const same = yield* Effect.flip(database.transaction("test", (tx) => tx.query(ids)))
      assert.strictEqual(same.reason, "unavailable")
    }).pipe(Effect.scoped)
  )

  it.live("refuses an integer that a number cannot carry, and keeps the connection", () =>
    Effect.gen(function* () {
      const error = yield* reasonFor("select 9007199254740993::bigint")
      assert.strictEqual(error.reason, "bad_value")
      assert.include(error.detail, "beyond 2^53")
    })
  )

  it.live("brings moments back as the milliseconds they were", () =>
    Effect.gen(function* () {
      const database = yield* withThings
      const at = [0, 1, 1_291_161_599_999, 4_102_444_800_001, -86_400_001]
      const rows = yield* database.query(
        "test",
        { name: "at", text: "select unnest($1::timestamptz[]) as at" },
        [at.map(timestamp)]
      )
      assert.deepStrictEqual(
        rows.map((row) => row["at"]),
        at
      )
    }).pipe(Effect.scoped)
  )

  it.live("commits all of a transaction or nothing", () =>
    Effect.gen(function* () {
      const database = yield* withThings
      yield* database.transaction("test", (tx) =>
        Effect.andThen(tx.query(insert, [1]), tx.query(insert, [2]))
      )
      const failed = database.transaction("test", (tx) =>
        Effect.andThen(tx.query(insert, [3]), Effect.fail("changed my mind"))
      )
      assert.strictEqual(yield* Effect.flip(failed), "changed my mind")
      assert.deepStrictEqual(yield* idsIn(database), [1, 2])
    }).pipe(Effect.scoped)
  )

  it.live("rolls back what stood before the statement that failed in the last flight", () =>
    Effect.gen(function* () {
      const database = yield* withThings
      const failed = database.transaction("test", (tx) =>
        Effect.andThen(tx.query(insert, [1]), tx.finish(insert, [1]))
      )
      assert.include((yield* Effect.flip(failed)).detail, "23505")
      const flight = database.transaction("test", (tx) =>
        tx.flight([
          [insert, [1]],
          [insert, [100]],
          [insert, [2]]
        ])
      )
      // The first failure is the one that is told, not those that follow from it.
      assert.include((yield* Effect.flip(flight)).detail, "23514")
      assert.deepStrictEqual(yield* idsIn(database), [])
    }).pipe(Effect.scoped)
  )

  it.live("refuses a statement behind the end of a transaction", () =>
    Effect.gen(function* () {
      const database = yield* withThings
      const late = database.transaction("test", (tx) =>
        Effect.andThen(tx.finish(insert, [1]), tx.query(insert, [2]))
      )
      assert.strictEqual((yield* Effect.flip(late)).reason, "bad_value")
      assert.deepStrictEqual(yield* idsIn(database), [1])
    }).pipe(Effect.scoped)
  )

  it.live("rolls back a transaction that is interrupted between two statements", () =>
    Effect.gen(function* () {
      const database = yield* withThings
      const inside = yield* Deferred.make<void>()
      const fiber = yield* Effect.forkChild(
        database.transaction("test", (tx) =>
          tx
            .query(insert, [1])
            .pipe(Effect.andThen(Deferred.succeed(inside, undefined)), Effect.andThen(Effect.never))
        )
      )
      yield* Deferred.await(inside)
      yield* Fiber.interrupt(fiber)
      assert.deepStrictEqual(yield* idsIn(database), [])
    }).pipe(Effect.scoped)
  )

  it.live("keeps its connection, and what is prepared on it, behind an error of a statement", () =>
    Effect.gen(function* () {
      const database = yield* withThings
      const whoAmI = database.query("test", { name: "pid", text: "select pg_backend_pid() as pid" })
      const before = yield* whoAmI
      yield* database.query("test", insert, [1])
      for (const id of [1, 100]) yield* Effect.flip(database.query("test", insert, [id]))
      assert.deepStrictEqual(yield* whoAmI, before)
    }).pipe(Effect.scoped)
  )

  it.live("goes on with a new connection after the server has closed one", () =>
    Effect.gen(function* () {
      const database = yield* withThings
      const suicide = { name: "bye", text: "select pg_terminate_backend(pg_backend_pid())" }
      const error = yield* Effect.flip(
        database.transaction("test", (tx) =>
          Effect.andThen(tx.query(insert, [1]), tx.query(suicide))
        )
      )
      assert.strictEqual(error.reason, "unavailable")
      assert.deepStrictEqual(yield* idsIn(database), [])
    }).pipe(Effect.scoped)
  )
})

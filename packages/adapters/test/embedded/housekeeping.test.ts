import { afterAll, assert, beforeAll, test } from "@effect/vitest"
import { PGlite } from "@electric-sql/pglite"
import { housekeeping } from "../../src/embedded/housekeeping.ts"

let db: PGlite
beforeAll(async () => {
  db = await PGlite.create()
}, 60_000)
afterAll(() => db.close())

const one = async <Row>(sql: string): Promise<Row> => (await db.query<Row>(sql)).rows[0]!

test("a table whose rows changed a lot is vacuumed and analyzed, once", async () => {
  await db.exec('create table "Busy" (id int primary key, n int)')
  await db.exec('insert into "Busy" select i, 0 from generate_series(1, 3000) i')
  // Statistics are handed in at most once a second.
  await new Promise((resolve) => setTimeout(resolve, 1100))
  await db.exec('update "Busy" set n = n + 1')
  const state = "select vacuum_count::int as n from pg_stat_user_tables where relname = 'Busy'"
  await housekeeping(db)
  assert.deepStrictEqual(await one(state), { n: 1 })
  const rows = "select reltuples::int as n from pg_class where relname = 'Busy'"
  assert.deepStrictEqual(await one(rows), { n: 3000 })
  await housekeeping(db)
  assert.deepStrictEqual(await one(state), { n: 1 })
})

test("the write-ahead log is checkpointed before it grows long", async () => {
  const redo = "select redo_lsn::text as lsn from pg_control_checkpoint()"
  await housekeeping(db)
  const before = await one(redo)
  await housekeeping(db)
  assert.deepStrictEqual(await one(redo), before)
  await db.exec("create table long as select repeat('x', 1000) from generate_series(1, 70000)")
  await housekeeping(db)
  assert.notDeepEqual(await one(redo), before)
})

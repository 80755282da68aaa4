import { assert, describe, test } from "@effect/vitest"
import { bind, execute, flush, parse, query, sync, WireClient } from "./WireClient.ts"

import { client, codeOf, pool, store } from "./wireStore.ts"

/** A repeatable stand-in for chance. */
const sequence = (seed: number) => () => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
  return seed / 2 ** 32
}

describe("values", () => {
  test("arrive as they do from a server", async () => {
    const { rows } = await pool.query(
      `select 9007199254740993::bigint as big, 1.50::numeric as exact, $1::jsonb as document,
         $2::text[] as words, $3::bigint[] as numbers, $4::timestamptz as moment, $5::uuid as id,
         null::int as nothing, $6::bytea as bytes`,
      [
        { a: [1, "zwei", null] },
        ["a,b", 'c"d', null],
        ["1", "9007199254740993"],
        new Date(1762819200123),
        "01890a5d-ac96-774b-bcce-b302099a8057",
        Buffer.from([0, 255])
      ]
    )
    assert.deepStrictEqual(rows, [
      {
        big: "9007199254740993",
        exact: "1.50",
        document: { a: [1, "zwei", null] },
        words: ["a,b", 'c"d', null],
        numbers: ["1", "9007199254740993"],
        moment: new Date(1762819200123),
        id: "01890a5d-ac96-774b-bcce-b302099a8057",
        nothing: null,
        bytes: Buffer.from([0, 255])
      }
    ])
  })

  test("of several megabytes pass in both directions", async () => {
    const big = "ü".repeat(500_000)
    const { rows } = await pool.query("select $1::text as whole, repeat($1, 8) as eight", [big])
    assert.isTrue(rows[0].whole === big)
    assert.strictEqual(rows[0].eight.length, 4_000_000)
  })

  test("of a batch go in by unnest", async () => {
    await pool.query("create table batch (id bigint primary key, name text)")
    const ids = Array.from({ length: 2000 }, (_, i) => i)
    const done = await pool.query(
      "insert into batch select * from unnest($1::bigint[], $2::text[])",
      [ids, ids.map((i) => `name ${i}`)]
    )
    assert.strictEqual(done.rowCount, 2000)
  })
})

describe("transactions", () => {
  test("of many clients at once are exclusive, and every group gets its own answer", async () => {
    await pool.query("create table counter (name text primary key, n int)")
    await pool.query("insert into counter values ('shared', 0)")
    const commits = await Promise.all(
      Array.from({ length: 8 }, async (_, worker) => {
        const random = sequence(worker + 1)
        const mine = await client()
        let committed = 0
        for (let turn = 0; turn < 40; turn++) {
          const echo = await mine.query(
            random() < 0.5
              ? { name: "echo", text: `select $1::int + ${worker} as sum`, values: [turn] }
              : { text: `select $1::int + ${worker} as sum`, values: [turn] }
          )
          assert.strictEqual(echo.rows[0].sum, turn + worker)
          if (random() < 0.4) continue
          await mine.query("begin")
          const { rows } = await mine.query("select n from counter where name = 'shared'")
          if (random() < 0.5) await new Promise((resolve) => setImmediate(resolve))
          // Reads and writes apart and without a lock: only exclusiveness saves the count.
          await mine.query("update counter set n = $1", [rows[0].n + 1])
          const keep = random() < 0.7
          await mine.query(keep ? "commit" : "rollback")
          if (keep) committed++
        }
        await mine.end()
        return committed
      })
    )
    const { rows } = await pool.query("select n from counter")
    assert.strictEqual(
      rows[0].n,
      commits.reduce((sum, n) => sum + n, 0)
    )
    assert.isAbove(rows[0].n, 50)
  }, 30_000)

  test("that meet an error refuse everything until ROLLBACK, then go on", async () => {
    const mine = await client()
    await mine.query("begin")
    assert.strictEqual(await codeOf(mine.query("select 1 / $1::int", [0])), "22012")
    assert.strictEqual(await codeOf(mine.query("select 1")), "25P02")
    const others = pool.query("select 2 as two")
    await mine.query("rollback")
    assert.strictEqual((await others).rows[0].two, 2)
    assert.strictEqual((await mine.query("select 1 as one")).rows[0].one, 1)
    await mine.end()
  })

  test("of a client that vanishes are rolled back, and nobody waits for it", async () => {
    await pool.query("create table vanished (id int)")
    const wire = await WireClient.started(store.config)
    assert.strictEqual(await wire.send("Z", query("begin; insert into vanished values (1)")), "CCZ")
    const waiting = pool.query("select count(*)::int as n from vanished")
    wire.socket.destroy()
    assert.strictEqual((await waiting).rows[0].n, 0)
  })

  test("that are implicit, between Flush and Sync, are rolled back just so", async () => {
    await pool.query("create table flushed (id int)")
    const wire = await WireClient.started(store.config)
    const insert = parse("", "insert into flushed values (1)")
    assert.strictEqual(await wire.send("C", insert, bind(""), execute(), flush), "12C")
    const waiting = pool.query("select count(*)::int as n from flushed")
    wire.socket.destroy()
    assert.strictEqual((await waiting).rows[0].n, 0)
  })

  test("left after an error between Flush and Sync never swallow other work", async () => {
    const wire = await WireClient.started(store.config)
    const failing = parse("", "select 1/0")
    assert.strictEqual(await wire.send("E", failing, bind(""), execute(), flush), "1E(22012)")
    wire.socket.destroy()
    assert.strictEqual((await pool.query("select 3 as three")).rows[0].three, 3)
  })
})

describe("prepared statements", () => {
  test("of the same name belong to each connection alone", async () => {
    const [left, right] = [await client(), await client()]
    const name = "n".repeat(60)
    for (let turn = 0; turn < 3; turn++) {
      const a = await left.query({ name, text: "select 'left' as side" })
      const b = await right.query({ name, text: "select 'right' as side, $1::int", values: [1] })
      assert.deepStrictEqual([a.rows[0].side, b.rows[0].side], ["left", "right"])
    }
    await Promise.all([left.end(), right.end()])
  })

  test("are gone when their connection is", async () => {
    const mine = await client()
    await mine.query({ name: "leftover", text: "select 1" })
    const count =
      "select count(*)::int as n from pg_prepared_statements where name like '%leftover'"
    assert.strictEqual((await pool.query(count)).rows[0].n, 1)
    await mine.end()
    // The server hears of the end a moment later.
    while ((await pool.query(count)).rows[0].n > 0);
  })

  test("without a name are never another client's", async () => {
    const wire = await WireClient.started(store.config)
    assert.strictEqual(await wire.send("Z", parse("", "select 'mine'"), sync), "1Z")
    assert.strictEqual(await wire.send("Z", bind(""), execute(), sync), "2DCZ")
    await pool.query("select $1::text as theirs", ["theirs"])
    assert.strictEqual(await wire.send("Z", bind(""), execute(), sync), "E(26000)Z")
    wire.socket.destroy()
  })
})

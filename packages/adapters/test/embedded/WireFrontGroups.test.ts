import { once } from "node:events"
import { assert, describe, test } from "@effect/vitest"
import {
  bind,
  execute,
  flush,
  frame,
  parse,
  query,
  startup,
  sync,
  WireClient
} from "./WireClient.ts"

import { client, codeOf, pool, store } from "./wireStore.ts"

describe("groups", () => {
  test("sent ahead are answered in order, and an error ends only its own", async () => {
    const mine = await client({ pipeline: true })
    const outcomes = await Promise.all(
      Array.from({ length: 600 }, (_, i) =>
        mine.query("select 100 / $1::int as q", [i % 10]).then(
          ({ rows }) => rows[0].q as number,
          (error: { readonly code: string }) => error.code
        )
      )
    )
    const expected = outcomes.map((_, i) => (i % 10 === 0 ? "22012" : Math.trunc(100 / (i % 10))))
    assert.deepStrictEqual(outcomes, expected)
    await mine.end()
  })

  test("are run whatever way the bytes are cut", async () => {
    const wire = await WireClient.started(store.config)
    const first = [parse("", "select 1"), bind(""), execute(), sync]
    const bytes = Buffer.concat([...first, query("select 2")])
    for (const byte of bytes) {
      wire.socket.write(Buffer.from([byte]))
      await new Promise((resolve) => setImmediate(resolve))
    }
    assert.strictEqual(await wire.until("Z", 2), "12DCZTDCZ")
    wire.socket.destroy()
  })

  test("can be read a few rows at a time while others wait their turn", async () => {
    const wire = await WireClient.started(store.config)
    const series = parse("", "select generate_series(1, 5)")
    assert.strictEqual(await wire.send("s", series, bind(""), execute(2), flush), "12DDs")
    const other = pool.query("select 1 as one")
    assert.strictEqual(await wire.send("s", execute(2), flush), "DDs")
    assert.strictEqual(await wire.send("Z", execute(2), sync), "DCZ")
    assert.strictEqual((await other).rows[0].one, 1)
    wire.socket.destroy()
  })

  test("of a client that does not read its answers wait, and others run", async () => {
    await pool.query("create sequence ran")
    const wire = await WireClient.started(store.config)
    wire.socket.pause()
    const large = query("select nextval('ran'), repeat('x', 1000000)")
    wire.socket.write(Buffer.concat(Array.from({ length: 20 }, () => large)))
    for (let i = 0; i < 50; i++) await pool.query("select 1")
    const { rows } = await pool.query("select last_value::int as n from ran")
    assert.isBelow(rows[0].n, 20)
    wire.socket.resume()
    assert.strictEqual(await wire.until("Z", 20), "TDCZ".repeat(20))
    wire.socket.destroy()
  })
})

describe("what the store cannot do", () => {
  test("COPY from the client is refused and leaves the connection usable", async () => {
    await pool.query("create table copied (id int)")
    const wire = await WireClient.started(store.config)
    const copy = "/* a comment */ copy copied from stdin"
    assert.strictEqual(await wire.send("Z", query(copy)), "GE(57014)Z")
    // What a client that believed in it would still send.
    wire.socket.write(Buffer.concat([frame("d", Buffer.from("1\n")), frame("c")]))
    const extended = [parse("", copy), bind(""), execute(), sync]
    assert.strictEqual(await wire.send("Z", ...extended), "12GE(57014)Z")
    assert.strictEqual(await wire.send("Z", query("select 1")), "TDCZ")
    assert.strictEqual((await pool.query("select count(*)::int as n from copied")).rows[0].n, 0)
    wire.socket.destroy()
  })

  test("SSL is declined and a cancel request is hung up on", async () => {
    const wire = await WireClient.open(store.config)
    wire.socket.write(startup(80877103))
    while (wire.take().toString() !== "N") await new Promise((resolve) => setTimeout(resolve, 2))
    wire.socket.destroy()
    const cancel = await WireClient.open(store.config)
    cancel.socket.write(startup(80877102))
    await once(cancel.socket, "close")
  })

  test("another database, another protocol or nonsense is refused to its sender only", async () => {
    assert.strictEqual(await codeOf(client({ database: "other" })), "3D000")
    const old = await WireClient.open(store.config)
    old.socket.write(startup(2 << 16, ""))
    assert.strictEqual(await old.until("E"), "E(0A000)")
    const odd = await WireClient.started(store.config)
    odd.socket.write(Buffer.from("GET / HTTP/1.1\r\n\r\n"))
    assert.strictEqual(await odd.until("E"), "E(08P01)")
    assert.strictEqual((await pool.query("select 1 as one")).rows[0].one, 1)
  })
})

import { once } from "node:events"
import { connect } from "node:net"
import pg from "pg"
import { afterAll, beforeAll, expect, test } from "vitest"
import { createDatabase, type TestDatabase } from "./database.ts"

const seeded = {
  name: "seeded",
  prepare: async (url: string) => {
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    await client.query("create table door (id int primary key); insert into door values (1)")
    await client.end()
  }
}

const query = async (url: string, text: string) => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}

let databases: ReadonlyArray<TestDatabase> = []
beforeAll(async () => {
  databases = await Promise.all([seeded, seeded, undefined].map((t) => createDatabase(t)))
})
afterAll(() => Promise.all(databases.map((database) => database.drop())))

test("the test Postgres keeps what it acknowledged", async () => {
  const [first] = databases
  const settings = await query(
    first?.url ?? "",
    "select name, setting from pg_settings where name in ('fsync', 'synchronous_commit') order by 1"
  )
  expect(settings).toEqual([
    { name: "fsync", setting: "on" },
    { name: "synchronous_commit", setting: "on" }
  ])
})

test("each copy of a template begins with its rows and keeps its own", async () => {
  const [first, second, empty] = databases.map((database) => database.url)
  await query(first ?? "", "insert into door values (2)")
  expect(await query(first ?? "", "select id from door order by 1")).toEqual([{ id: 1 }, { id: 2 }])
  expect(await query(second ?? "", "select id from door")).toEqual([{ id: 1 }])
  expect(await query(empty ?? "", "select to_regclass('door') as door")).toEqual([{ door: null }])
})

test("a dropped database is gone even while somebody is connected", async () => {
  const database = await createDatabase()
  const client = new pg.Client({ connectionString: database.url })
  client.on("error", () => {})
  await client.connect()
  await database.drop()
  await expect(query(database.url, "select 1")).rejects.toThrow("does not exist")
  await client.end().catch(() => {})
})

test("the test Redis answers", async () => {
  const { hostname, port } = new URL(process.env["REDIS_URL_TEST"] ?? "")
  const socket = connect(Number(port), hostname)
  socket.write("PING\r\n")
  const [reply] = await once(socket, "data")
  socket.destroy()
  expect(String(reply)).toBe("+PONG\r\n")
})

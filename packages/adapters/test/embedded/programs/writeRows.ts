/** Owns a store and commits rows from two connections; prints the id of each acknowledged one. */
import pg from "pg"
import { openStore } from "../openStore.ts"

const { config } = await openStore(process.argv[2]!)
const pool = new pg.Pool({ ...config, max: 2 })
await pool.query("create table if not exists written (id bigint primary key, filler text)")
const found = await pool.query("select coalesce(max(id), 0) as last from written")
let id = Number(found.rows[0].last)
process.stdout.write("started\n")

const write = async () => {
  for (;;) {
    const mine = ++id
    await pool.query({
      name: "write",
      text: "insert into written values ($1, $2)",
      values: [mine, "x".repeat(200)]
    })
    process.stdout.write(`ack ${mine}\n`)
  }
}
await Promise.all([write(), write()])

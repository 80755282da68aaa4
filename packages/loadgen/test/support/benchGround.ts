/** The throwaway server as a bench finds it, and what a bench has left there. */

import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import pg from "pg"
import { createDatabase } from "../../../../test/servers/database.ts"
import { onServer } from "../../src/bench/BenchGround.ts"

const scratchOf = async (url: string): Promise<ReadonlyArray<string>> => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const pattern = `doorbuster_bench_${process.pid}_%`
    const found = await client.query<{ datname: string }>(
      "select datname from pg_database where datname like $1",
      [pattern]
    )
    return found.rows.map(({ datname }) => datname)
  } finally {
    await client.end()
  }
}

export const benchGround = Effect.acquireRelease(
  Effect.promise(() => createDatabase()),
  (database) => Effect.promise(() => database.drop())
).pipe(
  Effect.map(({ url }) => ({
    ground: onServer(Redacted.make(url), 4),
    scratch: Effect.promise(() => scratchOf(url))
  }))
)

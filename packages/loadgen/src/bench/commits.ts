/** What one commit takes here: the least that any order can wait for. */
import * as Database from "@doorbuster/adapters/postgres/Database"
import * as Effect from "effect/Effect"
import type { Connection } from "./BenchGround.ts"
import { quantile } from "./statistics.ts"

const table = {
  name: "bench_commits",
  text: `create table if not exists bench_commits
    (id bigint generated always as identity primary key, at timestamptz not null default now())`
}

const insert = { name: "bench_commit", text: "insert into bench_commits default values" }

/** The share of the time in which nothing counts yet. */
const warmupShare = 0.2

/** Milliseconds that a commit of one row takes over one connection, in the middle. */
export const commitMs = (connection: Connection, measureMs: number) =>
  Effect.gen(function* () {
    const database = yield* Database.make({ connection, poolMax: 1 })
    yield* database.query("bench.commits", table)
    const took: Array<number> = []
    const from = performance.now() + warmupShare * measureMs
    const until = from + measureMs
    for (let now = performance.now(); now < until; ) {
      yield* database.query("bench.commit", insert)
      const after = performance.now()
      if (now >= from) took.push(after - now)
      now = after
    }
    return quantile(took, 0.5)
  }).pipe(Effect.scoped)

/** The reference: a database with the hand-written order, and pgbench on it. */
import { readFileSync } from "node:fs"
import * as Database from "@doorbuster/adapters/postgres/Database"
import * as Effect from "effect/Effect"
import type { BenchGround, Connection } from "./BenchGround.ts"
import { benchFixture, findPgbench, type PgbenchOptions, pgbench } from "./pgbench.ts"

export interface Reference {
  /** Transactions per second of one script. */
  readonly run: (
    options: Pick<PgbenchOptions, "script" | "clients" | "seconds">
  ) => ReturnType<typeof pgbench>
}

const noPgbench = {
  missing:
    "pgbench was not found on PATH nor beside Postgres, so there are no ratios to it: it comes " +
    "with the server's package (postgresql, or postgresql-contrib)",
  embedded:
    "pgbench cannot reach the embedded database, so there are no ratios to it: name a server " +
    "with --database-url or DATABASE_URL"
}

const prepare = (connection: Connection, scripts: ReadonlyArray<string>) =>
  Database.make({ connection, poolMax: 1 }).pipe(
    Effect.flatMap((database) =>
      database.transaction("bench.reference", (transaction) =>
        Effect.forEach(scripts, (name) =>
          transaction.script(readFileSync(benchFixture(name), "utf8"))
        )
      )
    ),
    Effect.scoped
  )

/** Made once for all rounds; or a note that says why there is none. */
export const makeReference = Effect.fnUntraced(function* (
  ground: BenchGround,
  schemas: ReadonlyArray<string> = ["reference-schema.sql"]
) {
  const program = findPgbench()
  const { address, connection } = yield* ground.scratch
  if (typeof address !== "string") return { reference: null, note: noPgbench.embedded, connection }
  if (program === undefined) return { reference: null, note: noPgbench.missing, connection }
  yield* prepare(connection, schemas)
  const reference: Reference = {
    run: (options) => pgbench({ ...options, program, url: address })
  }
  return { reference, note: null, connection }
})

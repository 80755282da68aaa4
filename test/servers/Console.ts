/** Somebody at a database console who may do anything, triggers and all. */
import * as Effect from "effect/Effect"
import pg from "pg"

type Row = Readonly<Record<string, unknown>>

export interface Console {
  readonly query: (sql: string) => Effect.Effect<ReadonlyArray<Row>>
  /** As `query`, but what the database forbids is answered with the name of its constraint. */
  readonly attempt: (sql: string) => Effect.Effect<string | null>
}

export const open = (connection: pg.ClientConfig) =>
  Effect.map(
    Effect.acquireRelease(
      Effect.promise(async () => {
        const client = new pg.Client(connection)
        await client.connect()
        return client
      }),
      (client) => Effect.promise(() => client.end())
    ),
    (client): Console => {
      // Triggers do not fire in a replica's session. It is set anew in each transaction: the
      // connections of an embedded database share their settings.
      const run = async (sql: string): Promise<ReadonlyArray<Row>> => {
        const text = `begin; set local session_replication_role = replica; ${sql}; commit`
        try {
          const results = (await client.query(text)) as unknown as ReadonlyArray<pg.QueryResult>
          return results.at(-2)?.rows ?? []
        } catch (cause) {
          await client.query("rollback")
          throw cause
        }
      }
      return {
        query: (sql) => Effect.promise(() => run(sql)),
        attempt: (sql) =>
          Effect.promise(() =>
            run(sql).then(
              () => null,
              (cause: pg.DatabaseError) => {
                if (cause.constraint === undefined) throw cause
                return cause.constraint
              }
            )
          )
      }
    }
  )

/** Every table that a store writes to, as `schema.table`. */
export const storeTables = ({ query }: Console) =>
  Effect.map(
    query(`select schemaname || '.' || tablename as name from pg_tables
      where schemaname in ('inventory', 'orders', 'money', 'catalog', 'sandbox')
        and tablename not in ('migrations', 'transitions')
      order by name`),
    (rows) => rows.map((row) => row["name"] as string)
  )

/** A store as it was on its first day. Truncating so many small tables would take longer. */
export const empty = Effect.fnUntraced(function* (console: Console) {
  const tables = yield* storeTables(console)
  yield* console.query(tables.map((table) => `delete from ${table}`).join("; "))
})

/** Every row of every table, as text; who is alive is left out. */
export const contents = Effect.fnUntraced(function* (console: Console) {
  const tables = yield* storeTables(console)
  const selects = tables
    .filter((table) => table !== "orders.workers")
    .map((table) => `select '${table} ' || t::text as row from ${table} as t`)
  const rows = yield* console.query(`${selects.join(" union all ")} order by row`)
  return rows.map((row) => row["row"] as string)
})

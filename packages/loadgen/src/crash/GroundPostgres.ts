/** A database with all schemas, embedded or on a server, and real time. */
import * as SandboxBookPostgres from "@doorbuster/adapters/payments/SandboxBookPostgres"
import * as BooksPostgres from "@doorbuster/adapters/postgres/BooksPostgres"
import * as CartsPostgres from "@doorbuster/adapters/postgres/CartsPostgres"
import * as CatalogPostgres from "@doorbuster/adapters/postgres/CatalogPostgres"
import * as Database from "@doorbuster/adapters/postgres/Database"
import * as InventoryPostgres from "@doorbuster/adapters/postgres/InventoryPostgres"
import * as OrdersPostgres from "@doorbuster/adapters/postgres/OrdersPostgres"
import * as PaymentsPostgres from "@doorbuster/adapters/postgres/PaymentsPostgres"
import * as SagasPostgres from "@doorbuster/adapters/postgres/SagasPostgres"
import type { Settings } from "@doorbuster/core/saga/Settings"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { type Ground, type Lane, providerOver } from "./Ground.ts"

/** What a real database has to be waited for in real time. */
export const liveSettings: Settings = {
  reservationTtlMs: 60_000,
  leaseTtlMs: 300,
  pollMs: 50,
  claimLimit: 64,
  sagaDeadlineMs: 10_000,
  drainMs: 100,
  patience: { attempts: 10, delayMs: 10, delayMsMax: 50 }
}

const postgresPorts = Layer.mergeAll(
  BooksPostgres.layer,
  CartsPostgres.layer,
  CatalogPostgres.layer,
  InventoryPostgres.layer,
  OrdersPostgres.layer,
  PaymentsPostgres.layer,
  SagasPostgres.layer
)

type Connection = Database.Options["connection"]

export const postgres = (connection: Connection, settings: Settings = liveSettings): Ground => ({
  reach: (sandbox, book) => {
    const provider = providerOver(sandbox, book).pipe(Layer.provide(SandboxBookPostgres.layer))
    // A process of its own has a pool of its own: small, for a server's connections are few.
    const databases = Layer.fresh(Database.layer({ connection, poolMax: 2 }))
    return Layer.build(
      Layer.fresh(Layer.merge(postgresPorts, provider).pipe(Layer.provide(databases)))
    )
  },
  settings,
  soonMs: settings.leaseTtlMs + 50,
  briefMs: 500,
  leavesAlone: true,
  // Soon enough for one process to wait for it, so that its calls are not left to chance.
  lateMs: 40
})

const storeTables = {
  name: "crash_tables",
  text: `select schemaname || '.' || tablename as name from pg_tables
    where schemaname in ('inventory', 'orders', 'money', 'catalog', 'sandbox')
      and tablename not in ('migrations', 'transitions')
    order by name desc`
}

/**
 * A store as it was on its first day. Deleting row by row takes less than truncating so many small
 * tables; a refund goes before the payment that it refers to. What is append-only forbids both, so
 * its triggers rest meanwhile. Only ever for a database that was made for this.
 */
export const emptied = (connection: Connection) =>
  Effect.gen(function* () {
    const database = yield* Database.make({ connection, poolMax: 1 })
    yield* database.transaction("crash.empty", (transaction) =>
      Effect.gen(function* () {
        const rows = yield* transaction.query(storeTables)
        const script = rows.map(({ name }) => {
          const table = `alter table ${name}`
          return `${table} disable trigger user; delete from ${name}; ${table} enable trigger user`
        })
        yield* transaction.script(script.join("; "))
      })
    )
  }).pipe(Effect.scoped)

/** The database, emptied for each play. */
export const lane = (connection: Connection): Lane =>
  Effect.as(Effect.orDie(emptied(connection)), postgres(connection))

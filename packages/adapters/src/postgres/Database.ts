import type { StorageError } from "@doorbuster/core/StorageError"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import { Kysely, PostgresDialect } from "kysely"
import pg from "pg"
import { type Row, types } from "./rows.ts"
import { storageError } from "./storageErrors.ts"
import type { Tables } from "./Tables.ts"
import { runTransaction, type Statement, type Transaction } from "./Transaction.ts"

export type { Statement, Transaction }

/**
 * A pool of connections to one Postgres.
 *
 * A statement that was sent is waited for: interrupting would not stop it, and its outcome would be
 * lost. `unavailable` after a write means that it may have happened.
 */
export interface Database {
  /** One prepared statement in a transaction of its own. */
  readonly query: (
    operation: string,
    statement: Statement,
    parameters?: ReadonlyArray<unknown>
  ) => Effect.Effect<ReadonlyArray<Row>, StorageError>
  /** Commits when `body` succeeds, rolls back when it fails or is interrupted. */
  readonly transaction: <A, E>(
    operation: string,
    body: (transaction: Transaction) => Effect.Effect<A, E>
  ) => Effect.Effect<A, E | StorageError>
  /** For reads that are not on the hot path. */
  readonly read: <A>(
    operation: string,
    run: (kysely: Kysely<Tables>) => Promise<A>
  ) => Effect.Effect<A, StorageError>
}

const key = (name: string) => `@doorbuster/adapters/postgres/${name}` as const

/** Each schema may be a database of its own, so each has a service of its own. */
export class InventoryDatabase extends Context.Service<InventoryDatabase, Database>()(
  key("InventoryDatabase")
) {}
export class OrdersDatabase extends Context.Service<OrdersDatabase, Database>()(
  key("OrdersDatabase")
) {}
export class MoneyDatabase extends Context.Service<MoneyDatabase, Database>()(
  key("MoneyDatabase")
) {}
export class CatalogDatabase extends Context.Service<CatalogDatabase, Database>()(
  key("CatalogDatabase")
) {}

export interface Options {
  /** Where the server is: a URL, or the driver's own settings (host, socket, password, ...). */
  readonly connection: Redacted.Redacted<string> | pg.PoolConfig
  /** Connections at most; writes come in batches, so a few are enough. */
  readonly poolMax?: number
  /** How long a statement waits for a free connection or a new one. */
  readonly connectMsMax?: number
}

/**
 * SQLSTATE classes of errors behind which the connection is as good as new: bad values, broken
 * constraints, lost races, wrong SQL, locks not had. Behind all others it is closed.
 */
const harmless = new Set(["22", "23", "40", "42", "55", "P0"])

const isHarmless = (cause: unknown): boolean =>
  cause instanceof pg.DatabaseError && harmless.has(cause.code?.slice(0, 2) ?? "")

/** The pool's own `query` closes its connection, with all that is prepared on it, on any error. */
const queryOn = async (pool: pg.Pool, statement: Statement, parameters: ReadonlyArray<unknown>) => {
  const client = await pool.connect()
  let isFit = false
  try {
    const { name, text } = statement
    const { rows } = await client.query<Row>({ name, text, values: [...parameters] })
    isFit = true
    return rows
  } catch (cause) {
    isFit = isHarmless(cause)
    throw cause
  } finally {
    client.release(!isFit)
  }
}

const poolOf = (options: Options): pg.Pool => {
  const { connection } = options
  const pool = new pg.Pool({
    application_name: "doorbuster",
    connectionTimeoutMillis: options.connectMsMax ?? 10_000,
    max: options.poolMax ?? 8,
    ...(Redacted.isRedacted(connection)
      ? { connectionString: Redacted.value(connection) }
      : connection),
    pipeline: true,
    types
  })
  // A connection that dies while nobody uses it is replaced; its next user learns of the outage
  // from a statement. Without listeners the event would end the process.
  const ignore = () => undefined
  pool.on("error", ignore)
  pool.on("connect", (client) => client.on("error", ignore))
  return pool
}

/** Opens no connection yet: the first statement does. Closing the scope closes the pool. */
export const make = (options: Options): Effect.Effect<Database, never, Scope.Scope> =>
  Effect.gen(function* () {
    const pool = yield* Effect.acquireRelease(
      Effect.sync(() => poolOf(options)),
      (open) => Effect.promise(() => open.end())
    )
    const kysely = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })

    const attempt = <A>(operation: string, run: () => Promise<A>) =>
      Effect.uninterruptible(
        Effect.tryPromise({ try: run, catch: (cause) => storageError(operation, cause) })
      )

    return {
      query: (operation, statement, parameters = []) =>
        attempt(operation, () => queryOn(pool, statement, parameters)),
      transaction: (operation, body) => runTransaction(pool, operation, body),
      read: (operation, run) => attempt(operation, () => run(kysely))
    }
  })

/** The four databases; schemas with equal options share one pool. */
export interface AllOptions {
  readonly inventory: Options
  readonly orders: Options
  readonly money: Options
  readonly catalog: Options
}

/** One pool for each distinct (by identity) entry, so `sameForAll` opens one pool in all. */
export const layerAll = (
  all: AllOptions
): Layer.Layer<InventoryDatabase | OrdersDatabase | MoneyDatabase | CatalogDatabase> =>
  Layer.effectContext(
    Effect.gen(function* () {
      const opened = new Map<Options, Database>()
      for (const options of new Set([all.inventory, all.orders, all.money, all.catalog])) {
        opened.set(options, yield* make(options))
      }
      const of = (options: Options) => opened.get(options) as Database
      return Context.make(InventoryDatabase, of(all.inventory)).pipe(
        Context.add(OrdersDatabase, of(all.orders)),
        Context.add(MoneyDatabase, of(all.money)),
        Context.add(CatalogDatabase, of(all.catalog))
      )
    })
  )

/** One pool for all four schemas. */
export const layer = (options: Options) =>
  layerAll({ inventory: options, orders: options, money: options, catalog: options })

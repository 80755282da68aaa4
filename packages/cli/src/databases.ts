/** Where the store's data is kept: in Postgres servers, or in an embedded one. */
import { existsSync } from "node:fs"
import { join, resolve } from "node:path"
import {
  type Embedded,
  openOrConnect,
  type SocketConfig,
  start
} from "@doorbuster/adapters/embedded/EmbeddedPostgres"
import * as Database from "@doorbuster/adapters/postgres/Database"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import type { Configuration } from "./configuration/Configuration.ts"
import { ensureUsable } from "./configuration/directoryFlaw.ts"

/** Nothing was ever stored in the embedded database's directory. */
export class NoStoreHere extends Schema.TaggedError<NoStoreHere>()("NoStoreHere", {
  directory: Schema.String
}) {
  override get message() {
    return (
      `there is no store in ${this.directory} yet: run \`store seed\` or \`store serve\` first, ` +
      "or name another one with --data-dir or --database-url"
    )
  }
}

/** Where the store's data is kept. */
export type Place =
  | { readonly kind: "server" }
  | { readonly kind: "embedded"; readonly directory: string; readonly embedded: Embedded }

export class StorePlace extends Context.Service<StorePlace, Place>()(
  "@doorbuster/cli/StorePlace"
) {}

/**
 * How a command comes to the store.
 *
 * - `existing`: it has to be there and to be migrated; nothing is made.
 * - `create`: it is made and migrated where needed; another process may own it.
 * - `own`: the same, and the embedded directory has to be free.
 */
export type Access = "existing" | "create" | "own"

/** One pool for each distinct address. */
const servers = ({ values }: Configuration): Database.AllOptions => {
  const options = new Map<string, Database.Options>()
  const of = (own: typeof values.databaseUrl): Database.Options => {
    const connection = own ?? values.databaseUrl
    if (connection === undefined) throw new Error("a store on a server has its addresses")
    const key = Redacted.value(connection)
    const known = options.get(key) ?? { connection, poolMax: values.poolSize }
    options.set(key, known)
    return known
  }
  return {
    inventory: of(values.inventoryDatabaseUrl),
    orders: of(values.ordersDatabaseUrl),
    money: of(values.moneyDatabaseUrl),
    catalog: of(values.catalogDatabaseUrl)
  }
}

export const isEmbedded = ({ values }: Configuration): boolean =>
  values.databaseUrl === undefined && values.ordersDatabaseUrl === undefined

export const hasDatabase = (directory: string): boolean => existsSync(join(directory, "pgdata"))

const openEmbedded = Effect.fnUntraced(function* (directory: string, access: Access) {
  if (access !== "existing" || existsSync(directory)) yield* ensureUsable(directory)
  if (access !== "existing" && !hasDatabase(directory)) {
    process.stderr.write(`making a database in ${directory}, which takes some seconds\n`)
  }
  if (access === "own") return yield* start(directory)
  if (access === "existing" && !hasDatabase(directory)) return yield* new NoStoreHere({ directory })
  return yield* openOrConnect(directory)
})

const embeddedOptions = (connection: SocketConfig, poolMax: number): Database.Options => ({
  connection,
  poolMax
})

/** The databases and where they are; connects, but asks nothing of them. */
export const databases = (configuration: Configuration, access: Access) =>
  Layer.unwrap(
    Effect.gen(function* () {
      if (!isEmbedded(configuration)) {
        return Layer.merge(
          Database.layerAll(servers(configuration)),
          Layer.succeed(StorePlace, { kind: "server" })
        )
      }
      const { dataDir, poolSize } = configuration.values
      const directory = resolve(dataDir)
      const embedded = yield* openEmbedded(directory, access)
      return Layer.merge(
        Database.layer(embeddedOptions(embedded.config, poolSize)),
        Layer.succeed(StorePlace, { kind: "embedded", directory, embedded })
      )
    })
  )

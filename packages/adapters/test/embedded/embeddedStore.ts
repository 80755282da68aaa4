import * as Database from "@doorbuster/adapters/postgres/Database"
import { migrate, type SchemaName } from "@doorbuster/adapters/postgres/Migrator"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { afterAll } from "vitest"
import * as Console from "../../../../test/servers/Console.ts"
import { openStore, temporaryDirectory } from "./openStore.ts"

const schemas: ReadonlyArray<SchemaName> = ["inventory", "orders", "money", "catalog", "sandbox"]

/** The one embedded database of a test file, with all schemas: a first start takes seconds. */
export const embeddedStore = async () => {
  const { path, remove } = temporaryDirectory()
  const { config, stop } = await openStore(path)
  afterAll(async () => {
    await stop()
    remove()
  })
  const options: Database.Options = { connection: config, poolMax: 8 }
  await Database.make(options).pipe(
    Effect.flatMap((database) => Effect.forEach(schemas, (schema) => migrate(database, schema))),
    Effect.scoped,
    Effect.runPromise
  )
  const emptied = Effect.flatMap(Console.open(config), Console.empty).pipe(Effect.scoped)
  return {
    config,
    /** Forgets everything that was stored. */
    emptied,
    /** The database, emptied for whoever builds this. */
    database: Layer.fresh(Database.layer(options).pipe(Layer.provide(Layer.effectDiscard(emptied))))
  }
}

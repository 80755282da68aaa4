import * as Database from "@doorbuster/adapters/postgres/Database"
import { migrate, type SchemaName } from "@doorbuster/adapters/postgres/Migrator"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { createDatabase } from "../../../../test/servers/database.ts"

export const connection = (url: string): Database.Options => ({
  connection: Redacted.make(url),
  poolMax: 8
})

/** A fresh database with these schemas, copied from one that was migrated once per run. */
export const migratedDatabase = (schemas: ReadonlyArray<SchemaName>) =>
  Effect.acquireRelease(
    Effect.promise(() =>
      createDatabase({
        // Short, for Postgres cuts the names of databases at 63 bytes.
        name: schemas.map((schema) => schema.slice(0, 3)).join("_"),
        prepare: (url) =>
          Database.make(connection(url)).pipe(
            Effect.flatMap((database) =>
              Effect.forEach(schemas, (schema) => migrate(database, schema))
            ),
            Effect.scoped,
            Effect.asVoid,
            Effect.runPromise
          )
      })
    ),
    (database) => Effect.promise(() => database.drop())
  )

/** All four databases in one, with the schemas that a test needs. */
export const databaseLayer = (...schemas: ReadonlyArray<SchemaName>) =>
  Layer.unwrap(Effect.map(migratedDatabase(schemas), ({ url }) => Database.layer(connection(url))))

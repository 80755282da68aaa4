import * as Database from "@doorbuster/adapters/postgres/Database"
import { migrate, schemas } from "@doorbuster/adapters/postgres/Migrator"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { createDatabase } from "../../../../test/servers/database.ts"

const connectionOf = (url: string) => Redacted.make(url)

const prepare = (url: string) =>
  Database.make({ connection: connectionOf(url) }).pipe(
    Effect.flatMap((database) => Effect.forEach(schemas, (schema) => migrate(database, schema))),
    Effect.scoped,
    Effect.asVoid,
    Effect.runPromise
  )

/** A fresh database with all schemas, copied from one that was migrated once per run. */
export const migratedDatabase = Effect.acquireRelease(
  Effect.promise(() => createDatabase({ name: "whole", prepare })),
  (database) => Effect.promise(() => database.drop())
).pipe(Effect.map(({ url }) => ({ url, connection: connectionOf(url) })))

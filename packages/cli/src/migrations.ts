import {
  CatalogDatabase,
  type Database,
  InventoryDatabase,
  MoneyDatabase,
  OrdersDatabase
} from "@doorbuster/adapters/postgres/Database"
import {
  DatabaseNewer,
  MigrationChanged,
  type MigrationStatus,
  migrate,
  type SchemaName,
  schemas,
  status
} from "@doorbuster/adapters/postgres/Migrator"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"

/** The database lacks what this program needs. */
export class NotMigrated extends Schema.TaggedError<NotMigrated>()("NotMigrated", {
  schema: Schema.String,
  pending: Schema.Array(Schema.String)
}) {
  override get message() {
    return (
      `the database is not ready for this program: schema "${this.schema}" lacks ` +
      `${this.pending.join(", ")}; run \`store serve\` or \`store seed\`, which apply migrations`
    )
  }
}

/** Schemas without a database of their own (the sandbox provider's book) lie with the money. */
const all = Effect.gen(function* () {
  const homes: Readonly<Record<string, Database>> = {
    inventory: yield* InventoryDatabase,
    orders: yield* OrdersDatabase,
    catalog: yield* CatalogDatabase
  }
  const money = yield* MoneyDatabase
  return schemas.map((schema): readonly [SchemaName, Database] => [schema, homes[schema] ?? money])
})

/** How each schema stands; changes nothing. */
export const statuses = Effect.flatMap(all, (homes) =>
  Effect.forEach(homes, ([schema, database]) => status(database, schema))
)

const refuse = Effect.fnUntraced(function* ({ changed, newer, pending, schema }: MigrationStatus) {
  const [unknown] = newer
  if (unknown !== undefined) return yield* new DatabaseNewer({ schema, migration: unknown })
  const [edited] = changed
  if (edited !== undefined) return yield* new MigrationChanged({ schema, migration: edited })
  if (pending.length > 0) return yield* new NotMigrated({ schema, pending })
})

/** Refuses a database that is older or newer than this program. */
export const layerChecked = Layer.effectDiscard(
  Effect.flatMap(statuses, (found) => Effect.forEach(found, refuse, { discard: true }))
)

/** Brings every schema up to this program; a newer one is refused. */
export const layerApplied = Layer.effectDiscard(
  Effect.flatMap(all, (homes) =>
    Effect.forEach(homes, ([schema, database]) => migrate(database, schema), { discard: true })
  )
)

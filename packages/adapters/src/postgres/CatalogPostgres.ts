import { Catalog } from "@doorbuster/core/catalog/Catalog"
import type { Sku } from "@doorbuster/core/catalog/Sku"
import type { StorageError } from "@doorbuster/core/StorageError"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { writesOf } from "./catalog/change.ts"
import { entriesOf, rulesOf } from "./catalog/entries.ts"
import * as statements from "./catalog/statements.ts"
import { CatalogDatabase, type Database } from "./Database.ts"
import { timestamp } from "./rows.ts"
import { lookAgain } from "./twins.ts"

const readProducts = (database: Database, skus: ReadonlyArray<Sku>) =>
  database
    .query("catalog.products", statements.products, [skus])
    .pipe(Effect.map((rows) => entriesOf(rows)))

const list = Effect.fnUntraced(function* (
  database: Database,
  page: { readonly after?: Sku; readonly limit: number }
) {
  const { after, limit } = page
  const rows = yield* database.read("catalog.list", (kysely) => {
    const listed = kysely.selectFrom("catalog.products").select("sku").where("listed", "=", true)
    const behind = after === undefined ? listed : listed.where("sku", ">", after)
    return behind.orderBy("sku").limit(limit).execute()
  })
  const skus = rows.map(({ sku }) => sku as Sku)
  const entries = yield* readProducts(database, skus)
  return skus.flatMap((sku) => entries.get(sku) ?? [])
})

const save = (database: Database, change: Parameters<typeof writesOf>[0]) =>
  Effect.suspend((): Effect.Effect<void, StorageError> => {
    const writes = writesOf(change)
    if (writes.length === 0) return Effect.void
    const write = database.transaction("catalog.save", (transaction) => transaction.flight(writes))
    return Effect.asVoid(lookAgain(write))
  })

/** The catalogue in Postgres; the caches for browsing stand in front of it. */
export const layer: Layer.Layer<Catalog, never, CatalogDatabase> = Layer.effect(
  Catalog,
  Effect.gen(function* () {
    const database = yield* CatalogDatabase
    return Catalog.of({
      products: (skus) => readProducts(database, skus),
      list: (page) => list(database, page),
      pricingRules: (atMs) =>
        database
          .query("catalog.pricing_rules", statements.pricingRules, [timestamp(atMs)])
          .pipe(Effect.map((rows) => rulesOf(rows))),
      save: (change) => save(database, change)
    })
  })
)

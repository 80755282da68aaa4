import { Books, type Duplicate, type StockBook } from "@doorbuster/core/audit/Books"
import type { StockKey } from "@doorbuster/core/inventory/StockKey"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import * as statements from "./books/bookStatements.ts"
import { captureOf } from "./books/captureRows.ts"
import { type Databases, orderBooks } from "./books/orderBooks.ts"
import { type Database, InventoryDatabase, MoneyDatabase, OrdersDatabase } from "./Database.ts"
import { trialBalance, withPostings } from "./money/entryRows.ts"
import { looseEntries } from "./money/journalStatements.ts"
import { boolean, integer, plainArray, type Row, text } from "./rows.ts"

const keysPerPage = 2_000
const entriesPerPage = 2_000

const segmentOf = (row: Row): StockBook["segments"][number] => ({
  key: text(row, "sku") as StockKey,
  segment: integer(row, "segment"),
  received: integer(row, "received"),
  reserved: integer(row, "reserved"),
  sold: integer(row, "sold"),
  held: integer(row, "held"),
  committed: integer(row, "committed"),
  returned: integer(row, "returned"),
  givenBack: integer(row, "given_back")
})

const stock = (db: Database) =>
  Stream.paginate("", (after: string) =>
    Effect.gen(function* () {
      const operation = "books.stock"
      const keys = yield* db.query(operation, statements.stockKeys, [after, keysPerPage])
      const end = keys.at(-1)
      if (end === undefined) return [[], Option.none<string>()] as const
      const last = text(end, "sku")
      const rows = yield* db.query(operation, statements.stock, [after, last])
      const books = [...Map.groupBy(rows, (row) => text(row, "sku"))].map(
        ([key, group]): StockBook => ({
          key: key as StockKey,
          moved: group[0] === undefined ? 0 : integer(group[0], "moved"),
          segments: group.map(segmentOf)
        })
      )
      const isLast = keys.length < keysPerPage
      return [books, isLast ? Option.none<string>() : Option.some<string>(last)] as const
    })
  )

const loose = (db: Database) =>
  Stream.paginate("", (after: string) =>
    Effect.gen(function* () {
      const operation = "books.looseEntries"
      const rows = yield* db.query(operation, looseEntries, [after, entriesPerPage])
      const entries = yield* withPostings(db, operation, rows)
      const last = rows.length < entriesPerPage ? undefined : entries.at(-1)
      return [entries, Option.map(Option.fromUndefinedOr(last), (entry) => entry.entryId)] as const
    })
  )

const looseCaptures = (db: Database) =>
  Stream.paginate("", (after: string) =>
    Effect.gen(function* () {
      const operation = "books.looseCaptures"
      const rows = yield* db.query(operation, statements.looseCaptures, [after, entriesPerPage])
      const captures = rows.map(captureOf)
      const last = rows.length < entriesPerPage ? undefined : captures.at(-1)?.captureId
      return [captures, Option.fromUndefinedOr(last)] as const
    })
  )

const idsOf = (row: Row): ReadonlyArray<string> => row["ids"] as ReadonlyArray<string>

/** Keys and references are in one database and payments in another: each is asked for its part. */
const claims = ({ money, orders }: Databases) =>
  Effect.gen(function* () {
    const operation = "books.claims"
    const [row] = yield* orders.query(operation, statements.claimsChecked)
    const twice = yield* money.query(operation, statements.paidTwice)
    const suspects = yield* orders.query(operation, statements.claimsToJudge, [
      plainArray(twice.map((paid) => text(paid, "order_id")))
    ])
    const counts = yield* money.query(operation, statements.paidCounts, [
      plainArray([...new Set(suspects.flatMap(idsOf))])
    ])
    const paid = new Map(counts.map((it) => [text(it, "order_id"), integer(it, "payments")]))
    const duplicates = suspects
      .map(
        (it): Duplicate => ({
          key: text(it, "claim"),
          orders: integer(it, "orders"),
          payments: idsOf(it).reduce((sum, id) => sum + (paid.get(id) ?? 0), 0)
        })
      )
      .filter((it) => it.orders > 1 || it.payments > 1)
    return { checked: row === undefined ? 0 : integer(row, "checked"), duplicates }
  })

/**
 * The books in Postgres, page by page. Within a schema each page is of one instant only where the
 * port says so; between schemas nothing is: on a live store the audit allows for that.
 */
export const layer: Layer.Layer<Books, never, InventoryDatabase | OrdersDatabase | MoneyDatabase> =
  Layer.effect(
    Books,
    Effect.gen(function* () {
      const databases = {
        inventory: yield* InventoryDatabase,
        orders: yield* OrdersDatabase,
        money: yield* MoneyDatabase
      }
      return Books.of({
        stock: stock(databases.inventory),
        orders: orderBooks(databases),
        looseEntries: loose(databases.money),
        looseCaptures: looseCaptures(databases.money),
        orphanPostings: Effect.map(
          databases.money.query("books.orphans", statements.orphans),
          (rows) => rows.map((row) => text(row, "entry_id"))
        ),
        trialBalance: trialBalance(databases.money),
        claims: claims(databases),
        now: Effect.map(databases.orders.query("books.now", statements.now), ([row]) =>
          row === undefined
            ? { at: 0, live: false }
            : { at: integer(row, "at"), live: boolean(row, "live") }
        )
      })
    })
  )

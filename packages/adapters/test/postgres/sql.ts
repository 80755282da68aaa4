import { MoneyDatabase, OrdersDatabase } from "@doorbuster/adapters/postgres/Database"
import * as Effect from "effect/Effect"

/** Plain SQL, as somebody with a console would send it; all schemas of a test share a database. */
export const ordersSql = (sql: string) =>
  OrdersDatabase.use((db) => db.transaction("test", (tx) => tx.script(sql)))

export const moneySql = (sql: string) =>
  MoneyDatabase.use((db) => db.transaction("test", (tx) => tx.script(sql)))

/** What the database says to a statement that it must refuse. */
export const refusalOf = <R>(statement: Effect.Effect<void, { readonly detail: string }, R>) =>
  Effect.map(Effect.flip(statement), ({ detail }) => detail)

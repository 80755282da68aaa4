import type { OrderLine } from "@doorbuster/core/order/Order"
import type { OrderId } from "@doorbuster/core/order/OrderId"
import { type OrderQuery, Orders } from "@doorbuster/core/order/Orders"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { textArray, uuidArray } from "./arrays.ts"
import { type Database, OrdersDatabase, type Statement } from "./Database.ts"
import { move } from "./orders/completing.ts"
import { create } from "./orders/creating.ts"
import { byOrder, historyEventOf, lineOf, orderOf, shipmentOf } from "./orders/orderRows.ts"
import * as statements from "./orders/orderStatements.ts"
import { type Row, text } from "./rows.ts"
import { lookAgain } from "./twins.ts"

const noLines: ReadonlyArray<OrderLine> = []

const withLines = (db: Database, operation: string, rows: ReadonlyArray<Row>) => {
  if (rows.length === 0) return Effect.succeed([])
  const ids = uuidArray(rows.map((row) => text(row, "order_id")))
  return Effect.map(db.query(operation, statements.lines, [ids]), (lineRows) => {
    const lines = byOrder(lineRows, lineOf)
    return rows.map((row) => orderOf(row, lines.get(text(row, "order_id") as OrderId) ?? noLines))
  })
}

/** One prepared statement for each combination of filters. */
const listStatement = (query: OrderQuery): readonly [Statement, ReadonlyArray<unknown>] => {
  const parameters: Array<unknown> = [query.limit]
  const filters: Array<string> = []
  const names: Array<string> = []
  const filter = (name: string, condition: string, value: unknown) => {
    if (value === undefined) return
    parameters.push(value)
    names.push(name)
    filters.push(condition.replace("?", `$${parameters.length}`))
  }
  filter("account", "account = ?::text", query.account)
  filter("external_ref", "external_ref = ?::text", query.externalRef)
  filter("state", "state = ?::text", query.state)
  filter("before", "order_id < ?::uuid", query.before)
  const where = filters.length === 0 ? "" : `where ${filters.join(" and ")}`
  return [
    {
      name: ["orders.orders.list", ...names].join("."),
      text: `select ${statements.orderColumns} from orders.orders ${where}
        order by order_id desc limit $1::integer`
    },
    parameters
  ]
}

/** Orders in Postgres. Locks go from sagas to orders, each sorted by id. */
export const layer: Layer.Layer<Orders, never, OrdersDatabase> = Layer.effect(
  Orders,
  Effect.gen(function* () {
    const db = yield* OrdersDatabase
    return Orders.of({
      create: (batch) => lookAgain(create(db, batch)),
      move: (batch) => lookAgain(move(db, batch)),
      find: (orderId) =>
        db.query("orders.find", statements.find, [orderId]).pipe(
          Effect.flatMap((rows) => withLines(db, "orders.find", rows)),
          Effect.map(([order]) => order)
        ),
      list: (query) =>
        Effect.flatMap(db.query("orders.list", ...listStatement(query)), (rows) =>
          withLines(db, "orders.list", rows)
        ),
      byExternalRefs: (refs) =>
        Effect.map(
          db.query("orders.byExternalRefs", statements.byExternalRefs, [textArray(refs)]),
          (rows) =>
            new Map(
              rows.map((row) => [text(row, "external_ref"), text(row, "order_id") as OrderId])
            )
        ),
      history: (orderId, afterSeq) =>
        Effect.map(db.query("orders.history", statements.history, [orderId, afterSeq]), (rows) =>
          rows.map(historyEventOf)
        ),
      shipments: (orderId) =>
        Effect.map(db.query("orders.shipments", statements.shipments, [orderId]), (rows) =>
          rows.map(shipmentOf)
        )
    })
  })
)

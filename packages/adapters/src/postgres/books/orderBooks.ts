import type { OrderBook } from "@doorbuster/core/audit/Books"
import type { Reservation, ReservationState } from "@doorbuster/core/inventory/Inventory"
import type { StockKey } from "@doorbuster/core/inventory/StockKey"
import type { OrderId } from "@doorbuster/core/order/OrderId"
import type { SagaRecord, StoredAnswer } from "@doorbuster/core/order/SagaRecord"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type { Database } from "../Database.ts"
import { withPostings } from "../money/entryRows.ts"
import { paymentOf, refundOf } from "../money/paymentRows.ts"
import { byOrder, historyEventOf, lineOf, orderOf, shipmentOf } from "../orders/orderRows.ts"
import { sagaOf } from "../orders/sagaRows.ts"
import { integer, type Row, text } from "../rows.ts"
import { captureOf } from "./captureRows.ts"
import * as statements from "./pageStatements.ts"

export interface Databases {
  readonly inventory: Database
  readonly orders: Database
  readonly money: Database
}

/** Orders per page: with 25 lines each, some 50,000 rows are in memory at once. */
const pageSize = 1_000
const beforeAll = "00000000-0000-0000-0000-000000000000"
const behindAll = "ffffffff-ffff-ffff-ffff-ffffffffffff"
const operation = "books.orders"

const reservationOf = (row: Row): Reservation => ({
  orderId: text(row, "order_id") as OrderId,
  key: text(row, "sku") as StockKey,
  segment: integer(row, "segment"),
  quantity: integer(row, "quantity"),
  returned: integer(row, "returned"),
  state: text(row, "state") as ReservationState,
  expiresAt: integer(row, "expires_at")
})

const answerOf = (row: Row): StoredAnswer => ({
  status: integer(row, "status"),
  body: text(row, "body")
})

const withoutPayload = (row: Row): Omit<SagaRecord, "payload"> => {
  const { payload: _payload, ...saga } = sagaOf(row)
  return saga
}

/** The next ids, over all schemas. */
const nextIds = (databases: Databases, after: string) =>
  Effect.gen(function* () {
    const parameters = [after, pageSize]
    const found = yield* Effect.all([
      databases.orders.query(operation, statements.orderIds, parameters),
      databases.money.query(operation, statements.moneyIds, parameters),
      databases.inventory.query(operation, statements.fenceIds, parameters)
    ])
    const ids = new Set(found.flat().map((row) => text(row, "order_id") as OrderId))
    return [...ids].sort().slice(0, pageSize)
  })

/** What each database has in a range of ids; entries come with their postings. */
const readPage = ({ inventory, money, orders }: Databases, after: string, last: string) =>
  Effect.gen(function* () {
    const range = [after, last]
    const entryRows = yield* money.query(operation, statements.entries, range)
    return {
      orders: yield* orders.query(operation, statements.orders, range),
      lines: byOrder(yield* orders.query(operation, statements.lines, range), lineOf),
      events: byOrder(yield* orders.query(operation, statements.events, range), historyEventOf),
      shipments: byOrder(yield* orders.query(operation, statements.shipments, range), shipmentOf),
      sagas: byOrder(yield* orders.query(operation, statements.sagas, range), withoutPayload),
      answers: byOrder(yield* orders.query(operation, statements.answers, range), answerOf),
      payments: byOrder(yield* money.query(operation, statements.payments, range), paymentOf),
      captures: byOrder(yield* money.query(operation, statements.captures, range), captureOf),
      refunds: byOrder(yield* money.query(operation, statements.refunds, range), refundOf),
      entries: Map.groupBy(
        yield* withPostings(money, operation, entryRows),
        ({ orderId }) => orderId
      ),
      reservations: byOrder(
        yield* inventory.query(operation, statements.reservations, range),
        reservationOf
      )
    }
  })

const readBooks = (databases: Databases, after: string) =>
  Effect.gen(function* () {
    const ids = yield* nextIds(databases, after)
    const next = ids.length < pageSize ? undefined : ids.at(-1)
    // The last page has no upper end: what only a table of lines knows may lie behind all ids.
    const page = yield* readPage(databases, after, next ?? behindAll)
    const rows = new Map(page.orders.map((row) => [text(row, "order_id"), row]))
    // Reservations may name orders that nothing else knows.
    const all = new Set([...ids, ...page.reservations.keys(), ...page.lines.keys()])
    const books = [...all].sort().map((orderId): OrderBook => {
      const row = rows.get(orderId)
      return {
        orderId,
        order: row === undefined ? null : orderOf(row, page.lines.get(orderId) ?? []),
        history: page.events.get(orderId) ?? [],
        shipments: page.shipments.get(orderId) ?? [],
        sagas: page.sagas.get(orderId) ?? [],
        answers: page.answers.get(orderId) ?? [],
        reservations: page.reservations.get(orderId) ?? [],
        payments: page.payments.get(orderId) ?? [],
        captures: page.captures.get(orderId) ?? [],
        refunds: page.refunds.get(orderId) ?? [],
        entries: page.entries.get(orderId) ?? []
      }
    })
    return [books, Option.fromNullishOr<string | undefined>(next)] as const
  })

/** Those whose ids come behind `first`, which are all of them unless it is given. */
export const orderBooks = (databases: Databases, first: string = beforeAll) =>
  Stream.paginate(first, (after: string) => readBooks(databases, after))

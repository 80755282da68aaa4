import { MoneyDatabase } from "@doorbuster/adapters/postgres/Database"
import { integer, nullable, text } from "@doorbuster/adapters/postgres/rows"
import type { OrderId } from "@doorbuster/core/order/OrderId"
import * as Effect from "effect/Effect"

/**
 * When the store wrote things down, epoch milliseconds by id. What happened in the world may be
 * older: a replayed order was placed long before it was recorded.
 */
export interface RecordedTimes {
  readonly payments: ReadonlyMap<string, { readonly created: number; readonly updated: number }>
  readonly refunds: ReadonlyMap<string, { readonly intended: number; readonly done: number | null }>
  readonly entries: ReadonlyMap<string, number>
}

const payments = {
  name: "cli.explain.payments",
  text: `select payment_id, created_at, updated_at from money.payments where order_id = $1::uuid`
}

const refunds = {
  name: "cli.explain.refunds",
  text: `select refund_id, intended_at, refunded_at from money.refunds where order_id = $1::uuid`
}

const entries = {
  name: "cli.explain.entries",
  text: `select entry_id, posted_at from money.entries where order_id = $1::uuid`
}

export const recordedTimes = Effect.fnUntraced(function* (orderId: OrderId) {
  const database = yield* MoneyDatabase
  const rowsOf = (statement: typeof payments) => database.query("explain", statement, [orderId])
  const times: RecordedTimes = {
    payments: new Map(
      (yield* rowsOf(payments)).map((row) => [
        text(row, "payment_id"),
        { created: integer(row, "created_at"), updated: integer(row, "updated_at") }
      ])
    ),
    refunds: new Map(
      (yield* rowsOf(refunds)).map((row) => [
        text(row, "refund_id"),
        { intended: integer(row, "intended_at"), done: nullable(integer, row, "refunded_at") }
      ])
    ),
    entries: new Map(
      (yield* rowsOf(entries)).map((row) => [text(row, "entry_id"), integer(row, "posted_at")])
    )
  }
  return times
})

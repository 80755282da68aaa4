import type { OrderId } from "@doorbuster/core/order/OrderId"
import { Payments } from "@doorbuster/core/payment/Payments"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { uuidArray } from "./arrays.ts"
import { type Database, MoneyDatabase } from "./Database.ts"
import * as attempts from "./money/attempts.ts"
import { recognise, recordCapture } from "./money/captures.ts"
import { trialBalance, withPostings } from "./money/entryRows.ts"
import { entriesOfOrders } from "./money/journalStatements.ts"
import { paymentOf, refundOf } from "./money/paymentRows.ts"
import * as statements from "./money/paymentStatements.ts"
import { post } from "./money/posting.ts"
import { intendRefund, recordRefund } from "./money/refunds.ts"
import { lookAgain } from "./twins.ts"

const ofOrder = (db: Database, orderId: OrderId) =>
  Effect.gen(function* () {
    const operation = "payments.ofOrder"
    const ids = [uuidArray([orderId])]
    const payments = yield* db.query(operation, statements.ofOrders, ids)
    const refunds = yield* db.query(operation, statements.refundsOfOrders, ids)
    const entries = yield* db.query(operation, entriesOfOrders, ids)
    return {
      payments: payments.map(paymentOf),
      refunds: refunds.map(refundOf),
      entries: yield* withPostings(db, operation, entries)
    }
  })

/** Money in Postgres. Every write locks the payments it changes, sorted by id. */
export const layer: Layer.Layer<Payments, never, MoneyDatabase> = Layer.effect(
  Payments,
  Effect.gen(function* () {
    const db = yield* MoneyDatabase
    return Payments.of({
      create: (batch) => lookAgain(attempts.create(db, batch)),
      send: (batch) => lookAgain(attempts.send(db, batch)),
      recordCapture: (batch) => lookAgain(recordCapture(db, batch)),
      recordDecline: (batch) => lookAgain(attempts.recordDecline(db, batch)),
      cancel: (batch) => lookAgain(attempts.cancel(db, batch)),
      intendRefund: (batch) => lookAgain(intendRefund(db, batch)),
      recordRefund: (batch) => lookAgain(recordRefund(db, batch)),
      recognise: (batch) => lookAgain(recognise(db, batch)),
      post: (batch) => lookAgain(post(db, batch)),
      fence: (orders) => lookAgain(attempts.fence(db, orders)),
      find: (paymentId) =>
        Effect.map(db.query("payments.find", statements.find, [paymentId]), ([row]) =>
          row === undefined ? undefined : paymentOf(row)
        ),
      ofOrder: (orderId) => ofOrder(db, orderId),
      trialBalance: trialBalance(db)
    })
  })
)

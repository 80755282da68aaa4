import { bookCapture, bookRecognition } from "@doorbuster/core/payment/booking"
import type { CaptureOutcome, Recognise, RecordCapture } from "@doorbuster/core/payment/Payments"
import * as Effect from "effect/Effect"
import { textArray, uuidArray } from "../arrays.ts"
import type { Database } from "../Database.ts"
import { boolean, text } from "../rows.ts"
import type { Transaction } from "../Transaction.ts"
import { Booking } from "./Booking.ts"
import { book } from "./journalStatements.ts"
import { paymentRowsOf } from "./paymentRows.ts"
import * as statements from "./paymentStatements.ts"

/** Whether each of these captures was booked before, and if so whether it was applied. */
const booked = (tx: Transaction, captures: ReadonlyArray<RecordCapture>) =>
  captures.length === 0
    ? Effect.succeed(new Map<string, boolean>())
    : Effect.map(
        tx.query(statements.receipts, [textArray(captures.map((item) => item.captureId))]),
        (rows) => new Map(rows.map((row) => [text(row, "capture_id"), boolean(row, "applied")]))
      )

/** Two round trips where every payment waits for its first capture. */
export const recordCapture = (db: Database, batch: ReadonlyArray<RecordCapture>) =>
  db.transaction("payments.recordCapture", (tx) =>
    Effect.gen(function* () {
      const ids = uuidArray(batch.map(({ paymentId }) => paymentId))
      const booking = new Booking(paymentRowsOf(yield* tx.query(statements.lock, [ids])))
      // A payment that is still open has no receipts; the hot path does not look for them. A
      // capture that was booked to another payment all the same ends in a violation of its key.
      const settled = batch.filter(({ paymentId }) => {
        const state = booking.find(paymentId)?.payment.state
        return state !== "created" && state !== "capture_sent"
      })
      const receipts = yield* booked(tx, settled)
      const outcomes = batch.map((item): CaptureOutcome => {
        const payment = booking.find(item.paymentId)?.payment ?? null
        const before = receipts.get(item.captureId)
        if (before !== undefined) {
          return before
            ? { _tag: "Applied", replayed: true }
            : { _tag: "Unapplied", replayed: true, payment }
        }
        const result = bookCapture(payment, item)
        const { unapplied } = result
        if (result.payment !== null) booking.change(result.payment)
        booking.enter(result.entry)
        booking.receive(item, unapplied)
        receipts.set(item.captureId, unapplied === null)
        return unapplied === null
          ? { _tag: "Applied", replayed: false }
          : { _tag: "Unapplied", replayed: false, payment: result.payment }
      })
      if (!booking.isEmpty) yield* tx.finish(book, booking.parameters)
      return outcomes
    })
  )

/** Deferred revenue is recognised once: what was recognised before is deferred no longer. */
export const recognise = (db: Database, batch: ReadonlyArray<Recognise>) =>
  db.transaction("payments.recognise", (tx) =>
    Effect.gen(function* () {
      const orders = uuidArray(batch.map(({ orderId }) => orderId))
      const rows = yield* tx.query(statements.lockOfOrders, [orders])
      const booking = new Booking(paymentRowsOf(rows))
      for (const { occurredAt, orderId, shipmentId } of batch) {
        for (const payment of booking.payments) {
          if (payment.orderId !== orderId) continue
          const result = bookRecognition(payment, shipmentId, occurredAt)
          if (result === null) continue
          booking.change(result.payment)
          booking.enter(result.entry)
        }
      }
      if (!booking.isEmpty) yield* tx.finish(book, booking.parameters)
    })
  )

import type { Minor } from "@doorbuster/core/money/Minor"
import {
  bookRefund,
  isFullyRefunded,
  orderRefunded,
  refundable
} from "@doorbuster/core/payment/booking"
import type { Refund } from "@doorbuster/core/payment/Payment"
import type {
  IntendOutcome,
  IntendRefund,
  RecordRefund,
  RefundOutcome
} from "@doorbuster/core/payment/Payments"
import type { Uuid } from "@doorbuster/core/Uuid"
import * as Effect from "effect/Effect"
import { bigintArray, textArray, timestampArray, uuidArray } from "../arrays.ts"
import type { Database } from "../Database.ts"
import { Booking } from "./Booking.ts"
import { book } from "./journalStatements.ts"
import { paymentRowsOf, refundOf } from "./paymentRows.ts"
import * as statements from "./paymentStatements.ts"

interface Intended extends Refund {
  readonly at: number
}

const intendParameters = (intended: ReadonlyArray<Intended>, booking: Booking) => {
  const ids = new Set(intended.map(({ paymentId }) => paymentId))
  const payments = booking.payments.filter(({ paymentId }) => ids.has(paymentId))
  return [
    uuidArray(intended.map((item) => item.refundId)),
    uuidArray(intended.map((item) => item.paymentId)),
    uuidArray(intended.map((item) => item.orderId)),
    bigintArray(intended.map((item) => item.amount)),
    textArray(intended.map((item) => item.source)),
    timestampArray(intended.map((item) => item.at)),
    uuidArray(payments.map((payment) => payment.paymentId)),
    bigintArray(payments.map((payment) => payment.intended))
  ]
}

/** The refunds are read behind the locks of their payments, so none can be added meanwhile. */
export const intendRefund = (db: Database, batch: ReadonlyArray<IntendRefund>) =>
  db.transaction("payments.intendRefund", (tx) =>
    Effect.gen(function* () {
      const ids = uuidArray(batch.map(({ paymentId }) => paymentId))
      const booking = new Booking(paymentRowsOf(yield* tx.query(statements.lock, [ids])))
      const orders = uuidArray(booking.payments.map(({ orderId }) => orderId))
      const [mine = [], others = []] = yield* tx.flight([
        [statements.refundsById, [uuidArray(batch.map(({ refundId }) => refundId))]],
        [statements.refundsOfOrders, [orders]]
      ])
      const refunds = new Map(
        [...mine, ...others].map(refundOf).map((refund) => [refund.refundId, refund])
      )
      const intended: Array<Intended> = []
      const outcomes = batch.map((item): IntendOutcome => {
        const { at, paymentId, refundId, source } = item
        const before = refunds.get(refundId)
        if (before !== undefined) return { _tag: "Intended", amount: before.amount }
        const payment = booking.find(paymentId)?.payment
        if (payment === undefined) return { _tag: "UnknownPayment" }
        const asked = [...refunds.values()].filter((refund) => refund.paymentId === paymentId)
        const left = refundable(payment, asked, source)
        const amount = item.amount ?? left
        if (amount > left || left === 0n) return { _tag: "ExceedsCaptured", left }
        const { orderId } = payment
        const refund: Refund = { refundId, paymentId, orderId, amount, source, state: "intended" }
        refunds.set(refundId, refund)
        intended.push({ ...refund, at })
        booking.change({ ...payment, intended: (payment.intended + amount) as Minor })
        return { _tag: "Intended", amount }
      })
      if (intended.length > 0) {
        yield* tx.finish(statements.intend, intendParameters(intended, booking))
      }
      return outcomes
    })
  )

export const recordRefund = (db: Database, batch: ReadonlyArray<RecordRefund>) =>
  db.transaction("payments.recordRefund", (tx) =>
    Effect.gen(function* () {
      const ids = uuidArray(batch.map(({ refundId }) => refundId))
      const [paymentRows = [], refundRows = []] = yield* tx.flight([
        [statements.lockOfRefunds, [ids]],
        [statements.refundsById, [ids]]
      ])
      const booking = new Booking(paymentRowsOf(paymentRows))
      const refunds = new Map<Uuid, Refund>(
        refundRows.map(refundOf).map((refund) => [refund.refundId, refund])
      )
      const outcomes = batch.map((item): RefundOutcome => {
        const refund = refunds.get(item.refundId)
        let payment = refund && booking.find(refund.paymentId)?.payment
        if (refund === undefined || payment === undefined) return { _tag: "UnknownRefund" }
        if (refund.state === "intended") {
          const result = bookRefund(payment, refund, item.occurredAt)
          payment = result.payment
          booking.change(payment)
          booking.enter(result.entry)
          booking.giveBack(refund.refundId, item.occurredAt)
          refunds.set(refund.refundId, { ...refund, state: "refunded" })
        }
        return {
          _tag: "Refunded",
          full: isFullyRefunded(payment),
          refunded: orderRefunded(payment)
        }
      })
      if (!booking.isEmpty) yield* tx.finish(book, booking.parameters)
      return outcomes
    })
  )

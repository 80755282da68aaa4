/** Statements of the schema `money` with parameters, as the adapter sends them. */
import { textArray, timestampArray } from "@doorbuster/adapters/postgres/arrays"
import type { Statement } from "@doorbuster/adapters/postgres/Database"
import { Booking } from "@doorbuster/adapters/postgres/money/Booking"
import { entryParameters } from "@doorbuster/adapters/postgres/money/entryRows"
import * as journal from "@doorbuster/adapters/postgres/money/journalStatements"
import * as statements from "@doorbuster/adapters/postgres/money/paymentStatements"
import { plainArray } from "@doorbuster/adapters/postgres/rows"
import type { Entry } from "@doorbuster/core/ledger/Entry"
import { bookCapture, newPayment } from "@doorbuster/core/payment/booking"
import type { Payment } from "@doorbuster/core/payment/Payment"
import type { CreatePayment, RecordCapture } from "@doorbuster/core/payment/Payments"
import type { Uuid } from "@doorbuster/core/Uuid"

export type Call = readonly [Statement, ReadonlyArray<unknown>]

export const create = (...batch: ReadonlyArray<CreatePayment>): Call => [
  statements.create,
  [
    plainArray(batch.map((item) => item.paymentId)),
    plainArray(batch.map((item) => item.orderId)),
    plainArray(batch.map((item) => item.epoch)),
    textArray(batch.map((item) => item.provider)),
    textArray(batch.map((item) => item.currency)),
    plainArray(batch.map((item) => item.amount)),
    plainArray(batch.map((item) => item.breakdown.sales)),
    plainArray(batch.map((item) => item.breakdown.discounts)),
    plainArray(batch.map((item) => item.breakdown.shipping)),
    plainArray(batch.map((item) => item.breakdown.tax)),
    timestampArray(batch.map((item) => item.at)),
    "created"
  ]
]

export const send = (...batch: ReadonlyArray<CreatePayment>): Call => [
  statements.send,
  [
    plainArray(batch.map((item) => item.paymentId)),
    plainArray(batch.map((item) => item.orderId)),
    plainArray(batch.map((item) => item.epoch))
  ]
]

export const lock = (...payments: ReadonlyArray<CreatePayment>): Call => [
  statements.lock,
  [plainArray(payments.map(({ paymentId }) => paymentId))]
]

export const lockOfOrder = ({ orderId }: CreatePayment): Call => [
  statements.lockOfOrders,
  [plainArray([orderId])]
]

export const find = ({ paymentId }: CreatePayment): Call => [statements.find, [paymentId]]

export const fenceOf = ({ orderId }: CreatePayment): Call => [
  statements.fences,
  [plainArray([orderId])]
]

export const raiseFence = ({ orderId }: CreatePayment, epoch: number): Call => [
  statements.raiseFences,
  [plainArray([orderId]), plainArray([epoch])]
]

export const lockForFence = ({ orderId }: CreatePayment): Call => [
  statements.lockForFence,
  [plainArray([orderId])]
]

export const raisePayments = ({ orderId }: CreatePayment, epoch: number): Call => [
  statements.raisePayments,
  [plainArray([orderId]), plainArray([epoch])]
]

/** `book`, to leave a payment as it is given. */
export const change = (...payments: ReadonlyArray<Payment>): Call => {
  const booking = new Booking(new Map())
  for (const payment of payments) booking.change(payment)
  return [journal.book, booking.parameters]
}

/** `book`, for what a payment's first capture brings. */
export const capture = (request: CreatePayment, received: RecordCapture): Call => {
  const { entry, payment, unapplied } = bookCapture(newPayment(request, "created"), received)
  const booking = new Booking(new Map())
  if (payment !== null) booking.change(payment)
  booking.enter(entry)
  booking.receive(received, unapplied)
  return [journal.book, booking.parameters]
}

export const post = (...entries: ReadonlyArray<Entry>): Call => [
  journal.post,
  entryParameters(entries)
]

export const postingsOf = ({ entryId }: Entry): Call => [journal.postings, [textArray([entryId])]]

/** `intend`, and what the payment is left with. */
export const intend = (
  { orderId, paymentId }: CreatePayment,
  refund: { readonly refundId: Uuid; readonly amount: bigint; readonly source: string },
  intended: bigint
): Call => [
  statements.intend,
  [
    plainArray([refund.refundId]),
    plainArray([paymentId]),
    plainArray([orderId]),
    plainArray([refund.amount]),
    textArray([refund.source]),
    timestampArray([0]),
    plainArray([paymentId]),
    plainArray([intended])
  ]
]

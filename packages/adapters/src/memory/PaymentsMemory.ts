import { type Entry, imbalance } from "@doorbuster/core/ledger/Entry"
import type { Minor } from "@doorbuster/core/money/Minor"
import type { OrderId } from "@doorbuster/core/order/OrderId"
import {
  bookCapture,
  bookRecognition,
  bookRefund,
  isFullyRefunded,
  newPayment,
  orderRefunded,
  refundable
} from "@doorbuster/core/payment/booking"
import type { Payment, Refund } from "@doorbuster/core/payment/Payment"
import {
  type CancelOutcome,
  type CaptureOutcome,
  type CreateOutcome,
  type CreatePayment,
  type DeclineOutcome,
  type IntendOutcome,
  type IntendRefund,
  type PaymentRef,
  Payments,
  type PostOutcome,
  type Recognise,
  type RecordCapture,
  type RecordRefund,
  type RefundOutcome,
  type SendOutcome
} from "@doorbuster/core/payment/Payments"
import { StorageError } from "@doorbuster/core/StorageError"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { MemoryStore, type MoneyTables } from "./MemoryStore.ts"
import { addTo, moneyOfOrder, refundsOf, sameBooking, trialBalance } from "./moneyRows.ts"

const superseded = { _tag: "Superseded" } as const

/** False for a writer whose saga was taken over; else its epoch stands from now on. */
const enter = (tables: MoneyTables, orderId: OrderId, epoch: number): boolean => {
  if (epoch < (tables.epochs.get(orderId) ?? 0)) return false
  tables.epochs.set(orderId, epoch)
  return true
}

const book = (tables: MoneyTables, payment: Payment | null, entry: Entry | null): void => {
  if (payment !== null) tables.payments.set(payment.paymentId, payment)
  if (entry === null) return
  tables.entries.set(entry.entryId, entry)
  if (entry.orderId !== null) addTo(tables.entriesOfOrder, entry.orderId, entry.entryId)
}

const insert = (tables: MoneyTables, payment: Payment): void => {
  tables.payments.set(payment.paymentId, payment)
  addTo(tables.paymentsOfOrder, payment.orderId, payment.paymentId)
}

const create = (tables: MoneyTables, request: CreatePayment): CreateOutcome => {
  if (!enter(tables, request.orderId, request.epoch)) return superseded
  const before = tables.payments.get(request.paymentId)
  if (before === undefined) insert(tables, newPayment(request, "created"))
  else tables.payments.set(before.paymentId, { ...before, epoch: request.epoch })
  return { _tag: "Created", state: before?.state ?? "created" }
}

const send = (tables: MoneyTables, request: PaymentRef, payment: Payment): SendOutcome => {
  if (!enter(tables, request.orderId, request.epoch)) return superseded
  const { epoch, paymentId } = request
  switch (payment.state) {
    case "canceled":
      return { _tag: "Canceled" }
    case "declined":
      return { _tag: "Declined", reason: tables.declines.get(paymentId) ?? "" }
    case "captured":
      return { _tag: "Captured" }
    default:
      tables.payments.set(paymentId, { ...payment, epoch, state: "capture_sent" })
      return { _tag: "Sending" }
  }
}

const recordCapture = (tables: MoneyTables, capture: RecordCapture): CaptureOutcome => {
  const before = tables.receipts.get(capture.captureId)
  const payment = tables.payments.get(capture.paymentId) ?? null
  if (before !== undefined) {
    if (before.applied) return { _tag: "Applied", replayed: true }
    return { _tag: "Unapplied", replayed: true, payment }
  }
  const booked = bookCapture(payment, capture)
  book(tables, booked.payment, booked.entry)
  const applied = booked.unapplied === null
  tables.receipts.set(capture.captureId, { ...capture, applied })
  if (booked.unapplied === null) return { _tag: "Applied", replayed: false }
  tables.breaks.push({ reason: booked.unapplied, capture })
  return { _tag: "Unapplied", replayed: false, payment: booked.payment }
}

const recordDecline = (
  tables: MoneyTables,
  request: PaymentRef & { readonly reason: string },
  payment: Payment
): DeclineOutcome => {
  const { epoch, paymentId, reason } = request
  if (!enter(tables, request.orderId, epoch)) return superseded
  if (payment.state === "captured") return { _tag: "Captured" }
  if (payment.state === "created" || payment.state === "capture_sent") {
    tables.payments.set(paymentId, { ...payment, epoch, state: "declined" })
    tables.declines.set(paymentId, reason)
  }
  return { _tag: "Declined" }
}

const cancel = (tables: MoneyTables, request: CreatePayment): CancelOutcome => {
  const { epoch, orderId, paymentId } = request
  if (!enter(tables, orderId, epoch)) return superseded
  const before = tables.payments.get(paymentId)
  if (before === undefined) insert(tables, newPayment(request, "canceled"))
  else if (before.state === "captured") return { _tag: "Captured" }
  else if (before.state !== "declined") {
    tables.payments.set(paymentId, { ...before, epoch, state: "canceled" })
  }
  return { _tag: "Canceled" }
}

const intendRefund = (tables: MoneyTables, request: IntendRefund): IntendOutcome => {
  const { paymentId, refundId, source } = request
  const before = tables.refunds.get(refundId)
  if (before !== undefined) return { _tag: "Intended", amount: before.amount }
  const payment = tables.payments.get(paymentId)
  if (payment === undefined) return { _tag: "UnknownPayment" }
  const left = refundable(payment, refundsOf(tables, paymentId), source)
  const amount = request.amount ?? left
  if (amount > left || left === 0n) return { _tag: "ExceedsCaptured", left }
  const { orderId } = payment
  const refund: Refund = { refundId, paymentId, orderId, amount, source, state: "intended" }
  tables.refunds.set(refundId, refund)
  addTo(tables.refundsOfPayment, paymentId, refundId)
  tables.payments.set(paymentId, { ...payment, intended: (payment.intended + amount) as Minor })
  return { _tag: "Intended", amount }
}

const recordRefund = (tables: MoneyTables, request: RecordRefund): RefundOutcome => {
  const refund = tables.refunds.get(request.refundId)
  const before = refund && tables.payments.get(refund.paymentId)
  if (refund === undefined || before === undefined) return { _tag: "UnknownRefund" }
  let payment = before
  if (refund.state === "intended") {
    const booked = bookRefund(before, refund, request.occurredAt)
    payment = booked.payment
    book(tables, payment, booked.entry)
    tables.refunds.set(refund.refundId, { ...refund, state: "refunded" })
  }
  const full = isFullyRefunded(payment)
  return { _tag: "Refunded", full, refunded: orderRefunded(payment) }
}

const recognise = (tables: MoneyTables, request: Recognise): void => {
  const { occurredAt, orderId, shipmentId } = request
  if (tables.entries.has(`recognition:${shipmentId}`)) return
  for (const paymentId of tables.paymentsOfOrder.get(orderId) ?? []) {
    const payment = tables.payments.get(paymentId)
    const booked = payment && bookRecognition(payment, shipmentId, occurredAt)
    if (booked) book(tables, booked.payment, booked.entry)
  }
}

const post = (tables: MoneyTables, entry: Entry): PostOutcome => {
  if (imbalance(entry) !== 0n || entry.postings.length < 2) return { _tag: "Unbalanced" }
  const before = tables.entries.get(entry.entryId)
  if (before === undefined) {
    book(tables, null, entry)
    return { _tag: "Posted", replayed: false }
  }
  return sameBooking(before, entry) ? { _tag: "Posted", replayed: true } : { _tag: "EntryReused" }
}

const fence = (tables: MoneyTables, orderId: OrderId, epoch: number): void => {
  if (!enter(tables, orderId, epoch)) return
  for (const paymentId of tables.paymentsOfOrder.get(orderId) ?? []) {
    const payment = tables.payments.get(paymentId)
    if (payment !== undefined) tables.payments.set(paymentId, { ...payment, epoch })
  }
}

/** Payments that a batch writes to must exist; looked for before any of them is written. */
const existing = <Item extends PaymentRef, Outcome>(
  operation: string,
  tables: MoneyTables,
  write: (tables: MoneyTables, item: Item, payment: Payment) => Outcome
) =>
  Effect.fnUntraced(function* (batch: ReadonlyArray<Item>) {
    const missing = batch.find(({ paymentId }) => !tables.payments.has(paymentId))
    if (missing !== undefined) {
      const detail = `payment ${missing.paymentId} does not exist: create it first`
      return yield* new StorageError({ operation, reason: "bad_value", detail })
    }
    return batch.flatMap((item) => {
      const payment = tables.payments.get(item.paymentId)
      return payment === undefined ? [] : [write(tables, item, payment)]
    })
  })

/** Money in memory: each method is one synchronous turn of the event loop. */
export const layer: Layer.Layer<Payments, never, MemoryStore> = Layer.effect(
  Payments,
  Effect.gen(function* () {
    const { money: tables } = yield* MemoryStore
    return Payments.of({
      create: (batch) => Effect.sync(() => batch.map((item) => create(tables, item))),
      send: existing("payments.send", tables, send),
      recordCapture: (batch) => Effect.sync(() => batch.map((item) => recordCapture(tables, item))),
      recordDecline: existing("payments.recordDecline", tables, recordDecline),
      cancel: (batch) => Effect.sync(() => batch.map((item) => cancel(tables, item))),
      intendRefund: (batch) => Effect.sync(() => batch.map((item) => intendRefund(tables, item))),
      recordRefund: (batch) => Effect.sync(() => batch.map((item) => recordRefund(tables, item))),
      recognise: (batch) =>
        Effect.sync(() => {
          for (const item of batch) recognise(tables, item)
        }),
      post: (batch) => Effect.sync(() => batch.map((item) => post(tables, item))),
      fence: (orders) =>
        Effect.sync(() => {
          for (const { epoch, orderId } of orders) fence(tables, orderId, epoch)
        }),
      find: (paymentId) => Effect.sync(() => tables.payments.get(paymentId)),
      ofOrder: (orderId) => Effect.sync(() => moneyOfOrder(tables, orderId)),
      trialBalance: Effect.sync(() => trialBalance(tables))
    })
  })
)

/** A payment's life up to its capture: created, sent, declined, canceled; fenced by epochs. */
import type { OrderId } from "@doorbuster/core/order/OrderId"
import type {
  CancelOutcome,
  CreateOutcome,
  CreatePayment,
  DeclineOutcome,
  PaymentRef,
  SendOutcome
} from "@doorbuster/core/payment/Payments"
import { StorageError } from "@doorbuster/core/StorageError"
import type { Uuid } from "@doorbuster/core/Uuid"
import * as Effect from "effect/Effect"
import { bigintArray, integerArray, textArray, timestampArray, uuidArray } from "../arrays.ts"
import type { Database } from "../Database.ts"
import { text } from "../rows.ts"
import type { Transaction } from "../Transaction.ts"
import { Booking } from "./Booking.ts"
import { book } from "./journalStatements.ts"
import { fencesOf, type PaymentRow, paymentRowsOf } from "./paymentRows.ts"
import * as statements from "./paymentStatements.ts"

const superseded = { _tag: "Superseded" } as const

type Ref = Pick<PaymentRef, "paymentId" | "orderId" | "epoch">

/** The payments under their locks, and the highest epoch seen for each of the orders. */
const lockRefs = (tx: Transaction, batch: ReadonlyArray<Ref>) =>
  Effect.gen(function* () {
    const [paymentRows = [], fenceRows = []] = yield* tx.flight([
      [statements.lock, [uuidArray(batch.map(({ paymentId }) => paymentId))]],
      [statements.fences, [uuidArray(batch.map(({ orderId }) => orderId))]]
    ])
    const rows = paymentRowsOf(paymentRows)
    const epochs = new Map(fencesOf(fenceRows))
    for (const { payment } of rows.values()) {
      const fence = epochs.get(payment.orderId) ?? 0
      epochs.set(payment.orderId, Math.max(fence, payment.epoch))
    }
    return { booking: new Booking(rows), epochs }
  })

/** False for a writer whose saga was taken over; else its epoch stands for the batch's next. */
const enter = (epochs: Map<OrderId, number>, { epoch, orderId }: Ref): boolean => {
  if (epoch < (epochs.get(orderId) ?? 0)) return false
  epochs.set(orderId, epoch)
  return true
}

const insertParameters = (batch: ReadonlyArray<CreatePayment>, state: "created" | "canceled") => [
  uuidArray(batch.map((item) => item.paymentId)),
  uuidArray(batch.map((item) => item.orderId)),
  integerArray(batch.map((item) => item.epoch)),
  textArray(batch.map((item) => item.provider)),
  textArray(batch.map((item) => item.currency)),
  bigintArray(batch.map((item) => item.amount)),
  bigintArray(batch.map((item) => item.breakdown.sales)),
  bigintArray(batch.map((item) => item.breakdown.discounts)),
  bigintArray(batch.map((item) => item.breakdown.shipping)),
  bigintArray(batch.map((item) => item.breakdown.tax)),
  timestampArray(batch.map((item) => item.at)),
  state
]

const recreate = (db: Database, batch: ReadonlyArray<CreatePayment>) =>
  db.transaction("payments.create", (tx) =>
    Effect.gen(function* () {
      const { booking, epochs } = yield* lockRefs(tx, batch)
      const outcomes = batch.map((item): CreateOutcome => {
        if (!enter(epochs, item)) return superseded
        const found = booking.find(item.paymentId)
        if (found === undefined) return { _tag: "Created", state: "created" }
        if (found.payment.epoch < item.epoch) {
          booking.change({ ...found.payment, epoch: item.epoch })
        }
        return { _tag: "Created", state: found.payment.state }
      })
      if (!booking.isEmpty) yield* tx.finish(book, booking.parameters)
      return outcomes
    })
  )

/** One statement where all payments are new; the others are looked at under their locks. */
export const create = (db: Database, batch: ReadonlyArray<CreatePayment>) =>
  Effect.gen(function* () {
    const parameters = insertParameters(batch, "created")
    const rows = yield* db.query("payments.create", statements.create, parameters)
    const made = new Set(rows.map((row) => text(row, "payment_id") as Uuid))
    const others = batch.filter(({ paymentId }) => !made.has(paymentId))
    const answers = others.length === 0 ? [] : yield* recreate(db, others)
    const outcomes = new Map(others.map((item, index) => [item, answers[index]]))
    return batch.map((item): CreateOutcome => {
      return outcomes.get(item) ?? { _tag: "Created", state: "created" }
    })
  })

/** Payments that a batch writes to must exist. */
const known = (operation: string, booking: Booking, batch: ReadonlyArray<Ref>) =>
  Effect.gen(function* () {
    const missing = batch.find(({ paymentId }) => booking.find(paymentId) === undefined)
    if (missing === undefined) return
    const detail = `payment ${missing.paymentId} does not exist: create it first`
    return yield* new StorageError({ operation, reason: "bad_value", detail })
  })

const sendOutcome = ({ declineReason, payment }: PaymentRow): SendOutcome => {
  switch (payment.state) {
    case "canceled":
      return { _tag: "Canceled" }
    case "declined":
      return { _tag: "Declined", reason: declineReason ?? "" }
    case "captured":
      return { _tag: "Captured" }
    case "created":
    case "capture_sent":
      return { _tag: "Sending" }
  }
}

const resend = (db: Database, batch: ReadonlyArray<PaymentRef>) =>
  db.transaction("payments.send", (tx) =>
    Effect.gen(function* () {
      const { booking, epochs } = yield* lockRefs(tx, batch)
      yield* known("payments.send", booking, batch)
      const outcomes = batch.map((item): SendOutcome => {
        const found = booking.find(item.paymentId)
        if (found === undefined || !enter(epochs, item)) return superseded
        const outcome = sendOutcome(found)
        if (outcome._tag === "Sending") {
          booking.change({ ...found.payment, epoch: item.epoch, state: "capture_sent" })
        }
        return outcome
      })
      if (!booking.isEmpty) yield* tx.finish(book, booking.parameters)
      return outcomes
    })
  )

/** One statement where all payments are just created; the others are looked at under locks. */
export const send = (db: Database, batch: ReadonlyArray<PaymentRef>) =>
  Effect.gen(function* () {
    const sorted = [...batch].sort((a, b) => (a.paymentId < b.paymentId ? -1 : 1))
    const rows = yield* db.query("payments.send", statements.send, [
      uuidArray(sorted.map(({ paymentId }) => paymentId)),
      uuidArray(sorted.map(({ orderId }) => orderId)),
      integerArray(sorted.map(({ epoch }) => epoch))
    ])
    const sent = new Set(rows.map((row) => text(row, "payment_id") as Uuid))
    const others = batch.filter(({ paymentId }) => !sent.has(paymentId))
    const answers = others.length === 0 ? [] : yield* resend(db, others)
    const outcomes = new Map(others.map((item, index) => [item, answers[index]]))
    return batch.map((item): SendOutcome => outcomes.get(item) ?? { _tag: "Sending" })
  })

export const recordDecline = (
  db: Database,
  batch: ReadonlyArray<PaymentRef & { readonly reason: string }>
) =>
  db.transaction("payments.recordDecline", (tx) =>
    Effect.gen(function* () {
      const { booking, epochs } = yield* lockRefs(tx, batch)
      yield* known("payments.recordDecline", booking, batch)
      const outcomes = batch.map((item): DeclineOutcome => {
        const payment = booking.find(item.paymentId)?.payment
        if (payment === undefined || !enter(epochs, item)) return superseded
        if (payment.state === "captured") return { _tag: "Captured" }
        if (payment.state === "created" || payment.state === "capture_sent") {
          booking.change({ ...payment, epoch: item.epoch, state: "declined" }, item.reason)
        }
        return { _tag: "Declined" }
      })
      if (!booking.isEmpty) yield* tx.finish(book, booking.parameters)
      return outcomes
    })
  )

/** Leaves a canceled row also where none was, so that a late twin of `create` finds it. */
export const cancel = (db: Database, batch: ReadonlyArray<CreatePayment>) =>
  db.transaction("payments.cancel", (tx) =>
    Effect.gen(function* () {
      const { booking, epochs } = yield* lockRefs(tx, batch)
      const missing = new Map<Uuid, CreatePayment>()
      const outcomes = batch.map((item): CancelOutcome => {
        if (!enter(epochs, item)) return superseded
        const payment = booking.find(item.paymentId)?.payment
        if (payment === undefined) missing.set(item.paymentId, item)
        else if (payment.state === "captured") return { _tag: "Captured" }
        else if (payment.state !== "declined") {
          booking.change({ ...payment, epoch: item.epoch, state: "canceled" })
        }
        return { _tag: "Canceled" }
      })
      if (missing.size > 0) {
        const parameters = insertParameters([...missing.values()], "canceled")
        yield* tx.query(statements.insert, parameters)
      }
      if (!booking.isEmpty) yield* tx.finish(book, booking.parameters)
      return outcomes
    })
  )

/** The fences, then the payments that stand; whatever is written later finds one or the other. */
export const fence = (
  db: Database,
  orders: ReadonlyArray<{ readonly orderId: OrderId; readonly epoch: number }>
) =>
  db.transaction("payments.fence", (tx) =>
    Effect.gen(function* () {
      const ids = uuidArray(orders.map(({ orderId }) => orderId))
      const epochs = integerArray(orders.map(({ epoch }) => epoch))
      yield* tx.flight([
        [statements.raiseFences, [ids, epochs]],
        [statements.lockForFence, [ids]]
      ])
      yield* tx.finish(statements.raisePayments, [ids, epochs])
    })
  )

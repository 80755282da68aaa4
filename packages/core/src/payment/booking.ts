/** What a money event does to a payment: pure, so that every adapter books alike. */
import type { Entry } from "../ledger/Entry.ts"
import {
  captureEntry,
  recognitionEntry,
  refundEntry,
  refundShares,
  unappliedEntry
} from "../ledger/templates.ts"
import type { Currency } from "../money/Currency.ts"
import type { Minor } from "../money/Minor.ts"
import type { Uuid } from "../Uuid.ts"
import type { Payment, Refund } from "./Payment.ts"
import type { CreatePayment, RecordCapture } from "./Payments.ts"

const zero = 0n as Minor
const plus = (a: Minor, b: Minor): Minor => (a + b) as Minor

/** The row a payment begins with. */
export const newPayment = (created: CreatePayment, state: "created" | "canceled"): Payment => ({
  paymentId: created.paymentId,
  orderId: created.orderId,
  provider: created.provider,
  currency: created.currency,
  amount: created.amount,
  breakdown: created.breakdown,
  epoch: created.epoch,
  state,
  captured: zero,
  unapplied: zero,
  intended: zero,
  refunded: zero,
  unappliedRefunded: zero,
  taxRefunded: zero,
  deferred: zero
})

/** Why money came in that cannot be applied: a reason code of reconciliation. */
export type UnappliedReason =
  | "unknown_payment"
  | "captured_but_canceled"
  | "duplicate_capture"
  | "amount_differs"
  | "currency_differs"

export interface BookedCapture {
  readonly payment: Payment | null
  readonly entry: Entry
  /** Null when the money was applied to its order. */
  readonly unapplied: UnappliedReason | null
}

const whyNotApplied = (payment: Payment | null, capture: RecordCapture): UnappliedReason | null => {
  if (payment === null) return "unknown_payment"
  if (payment.state === "captured") return "duplicate_capture"
  if (payment.state === "canceled" || payment.state === "declined") return "captured_but_canceled"
  if (payment.currency !== capture.currency) return "currency_differs"
  return payment.amount === capture.amount ? null : "amount_differs"
}

/**
 * Books a capture that was not booked before. A capture of another amount or currency leaves the
 * payment canceled: the order gets all of its money or none.
 */
export const bookCapture = (payment: Payment | null, capture: RecordCapture): BookedCapture => {
  const unapplied = whyNotApplied(payment, capture)
  if (payment !== null && unapplied === null) {
    return {
      payment: {
        ...payment,
        state: "captured",
        captured: plus(payment.captured, capture.amount),
        deferred: (payment.amount - payment.breakdown.tax) as Minor
      },
      entry: captureEntry(payment, capture.captureId, capture.occurredAt),
      unapplied
    }
  }
  const entry = unappliedEntry({
    captureId: capture.captureId,
    provider: capture.provider,
    currency: capture.currency as Currency,
    amount: capture.amount,
    payment,
    paymentId: capture.paymentId,
    occurredAt: capture.occurredAt
  })
  if (payment === null) return { payment, entry, unapplied }
  const open = payment.state === "created" || payment.state === "capture_sent"
  const state = open ? "canceled" : payment.state
  // Money of another currency cannot be added to the payment's own; its entry stands alone.
  if (unapplied === "currency_differs") return { payment: { ...payment, state }, entry, unapplied }
  return {
    payment: {
      ...payment,
      state,
      captured: plus(payment.captured, capture.amount),
      unapplied: plus(payment.unapplied, capture.amount)
    },
    entry,
    unapplied
  }
}

/** What may still be given back out of a payment's applied or unapplied money. */
export const refundable = (
  payment: Payment,
  intents: ReadonlyArray<Pick<Refund, "amount" | "source">>,
  source: Refund["source"]
): Minor => {
  const asked = intents.reduce((sum, r) => (r.source === source ? sum + r.amount : sum), 0n)
  const all = source === "unapplied" ? payment.unapplied : payment.captured - payment.unapplied
  return (all - asked) as Minor
}

/** Books a refund that the provider has made. */
export const bookRefund = (
  payment: Payment,
  refund: Pick<Refund, "refundId" | "amount" | "source">,
  occurredAt: number
): { readonly payment: Payment; readonly entry: Entry } => {
  if (refund.source === "unapplied") {
    const none = { tax: zero, deferred: zero, recognised: zero }
    return {
      payment: {
        ...payment,
        refunded: plus(payment.refunded, refund.amount),
        unappliedRefunded: plus(payment.unappliedRefunded, refund.amount)
      },
      entry: refundEntry(payment, refund, none, occurredAt)
    }
  }
  const shares = refundShares(payment, refund.amount)
  return {
    payment: {
      ...payment,
      refunded: plus(payment.refunded, refund.amount),
      taxRefunded: plus(payment.taxRefunded, shares.tax),
      deferred: (payment.deferred - shares.deferred) as Minor
    },
    entry: refundEntry(payment, refund, shares, occurredAt)
  }
}

/** Money of the order that was given back so far. */
export const orderRefunded = (payment: Payment): Minor =>
  (payment.refunded - payment.unappliedRefunded) as Minor

/** True when the whole of the order's money was given back. */
export const isFullyRefunded = (payment: Payment): boolean =>
  orderRefunded(payment) === payment.captured - payment.unapplied

/** Recognises what is deferred; null when there is nothing left to recognise. */
export const bookRecognition = (
  payment: Payment,
  shipmentId: Uuid,
  occurredAt: number
): { readonly payment: Payment; readonly entry: Entry } | null =>
  payment.deferred === 0n
    ? null
    : {
        payment: { ...payment, deferred: zero },
        entry: recognitionEntry(payment, shipmentId, occurredAt)
      }

/** Every capture is told twice, by its receipt and by its entry, and both tell the same. */

import type { Entry } from "../ledger/Entry.ts"
import { captureEntryId } from "../ledger/templates.ts"
import type { Payment } from "../payment/Payment.ts"
import type { CaptureReceipt, OrderBook } from "./Books.ts"
import { equal, holds, sum, type Violation } from "./Invariant.ts"

export const isOfCapture = ({ kind }: Entry): boolean => kind === "capture" || kind === "unapplied"

const toldByReceipt = ({ amount, applied, currency }: CaptureReceipt): string =>
  `${applied ? "capture" : "unapplied"} of ${amount} ${currency}`

/** The amount that came in is what the entry has on the debit side. */
const toldByEntry = ({ currency, kind, postings }: Entry): string => {
  const debits = postings.filter(({ amount }) => amount > 0n)
  return `${kind} of ${sum(debits, ({ amount }) => amount)} ${currency}`
}

/** The receipt has its entry, which books as much to the same payment. */
export const entered = (
  receipt: CaptureReceipt,
  entries: ReadonlyMap<string, Entry>
): ReadonlyArray<Violation> => {
  const entry = entries.get(captureEntryId(receipt.captureId))
  const told = entry === undefined ? "no entry" : toldByEntry(entry)
  return [
    ...equal(receipt.captureId, "receipt", toldByReceipt(receipt), told),
    ...(entry === undefined
      ? []
      : equal(receipt.captureId, "payment", receipt.paymentId, `${entry.paymentId}`))
  ]
}

/** Each of these entries of captures has its receipt. */
export const received = (
  entries: Iterable<Entry>,
  captures: ReadonlyArray<CaptureReceipt>
): ReadonlyArray<Violation> => {
  const known = new Set(captures.map(({ captureId }) => captureEntryId(captureId)))
  return [...entries].flatMap(({ entryId, kind }) =>
    holds(known.has(entryId), entryId, `an entry of ${kind}`, "its receipt")
  )
}

/** The payment's figures are the sums of its receipts; other currencies stand alone. */
const summed = (payment: Payment, captures: ReadonlyArray<CaptureReceipt>) => {
  const { captured, currency, paymentId: key, unapplied } = payment
  const own = captures.filter((c) => c.paymentId === key && c.currency === currency)
  const total = (of: ReadonlyArray<CaptureReceipt>) => sum(of, ({ amount }) => amount)
  const left = own.filter(({ applied }) => !applied)
  return [
    ...equal(key, "received", total(own), captured),
    ...equal(key, "received and not applied", total(left), unapplied)
  ]
}

export const receipts = ({ captures, entries, payments }: OrderBook): ReadonlyArray<Violation> => {
  const booked = entries.filter(isOfCapture)
  const byId = new Map(booked.map((entry) => [entry.entryId, entry]))
  return [
    ...payments.flatMap((payment) => summed(payment, captures)),
    ...captures.flatMap((receipt) => entered(receipt, byId)),
    ...received(booked, captures)
  ]
}

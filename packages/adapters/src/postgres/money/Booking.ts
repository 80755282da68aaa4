import type { Entry } from "@doorbuster/core/ledger/Entry"
import type { UnappliedReason } from "@doorbuster/core/payment/booking"
import type { Payment } from "@doorbuster/core/payment/Payment"
import type { RecordCapture } from "@doorbuster/core/payment/Payments"
import type { Uuid } from "@doorbuster/core/Uuid"
import {
  bigintArray,
  booleanArray,
  integerArray,
  textArray,
  timestampArray,
  uuidArray
} from "../arrays.ts"
import { entryParameters } from "./entryRows.ts"
import type { PaymentRow } from "./paymentRows.ts"

/**
 * What a transaction is going to write, gathered under the locks of the payments it was given.
 * Items of one batch see what the items before them have done.
 */
export class Booking {
  readonly #rows: Map<Uuid, PaymentRow>
  readonly #changed = new Set<Uuid>()
  readonly #entries: Array<Entry> = []
  readonly #receipts: Array<{ readonly capture: RecordCapture; readonly applied: boolean }> = []
  readonly #breaks: Array<{ readonly capture: RecordCapture; readonly reason: UnappliedReason }> =
    []
  readonly #refunds: Array<{ readonly refundId: Uuid; readonly at: number }> = []

  constructor(rows: Map<Uuid, PaymentRow>) {
    this.#rows = rows
  }

  find(paymentId: Uuid): PaymentRow | undefined {
    return this.#rows.get(paymentId)
  }

  /** Payments as they stand by now. */
  get payments(): ReadonlyArray<Payment> {
    return [...this.#rows.values()].map(({ payment }) => payment)
  }

  change(payment: Payment, declineReason?: string): void {
    const before = this.#rows.get(payment.paymentId)
    this.#rows.set(payment.paymentId, {
      payment,
      declineReason: declineReason ?? before?.declineReason ?? null
    })
    this.#changed.add(payment.paymentId)
  }

  enter(entry: Entry): void {
    this.#entries.push(entry)
  }

  receive(capture: RecordCapture, unapplied: UnappliedReason | null): void {
    this.#receipts.push({ capture, applied: unapplied === null })
    if (unapplied !== null) this.#breaks.push({ capture, reason: unapplied })
  }

  giveBack(refundId: Uuid, at: number): void {
    this.#refunds.push({ refundId, at })
  }

  get isEmpty(): boolean {
    return this.#changed.size === 0 && this.#receipts.length === 0 && this.#entries.length === 0
  }

  /** The parameters of the statement `book`. */
  get parameters(): ReadonlyArray<unknown> {
    const rows = [...this.#changed].sort().flatMap((id) => this.#rows.get(id) ?? [])
    const receipts = this.#receipts.map((receipt) => ({ ...receipt.capture, ...receipt }))
    const breaks = this.#breaks.map((found) => ({ ...found.capture, ...found }))
    return [
      uuidArray(rows.map(({ payment }) => payment.paymentId)),
      textArray(rows.map(({ payment }) => payment.state)),
      integerArray(rows.map(({ payment }) => payment.epoch)),
      textArray(rows.map(({ declineReason }) => declineReason)),
      bigintArray(rows.map(({ payment }) => payment.captured)),
      bigintArray(rows.map(({ payment }) => payment.unapplied)),
      bigintArray(rows.map(({ payment }) => payment.refunded)),
      bigintArray(rows.map(({ payment }) => payment.unappliedRefunded)),
      bigintArray(rows.map(({ payment }) => payment.taxRefunded)),
      bigintArray(rows.map(({ payment }) => payment.deferred)),
      uuidArray(this.#refunds.map(({ refundId }) => refundId)),
      timestampArray(this.#refunds.map(({ at }) => at)),
      textArray(receipts.map(({ captureId }) => captureId)),
      uuidArray(receipts.map(({ paymentId }) => paymentId)),
      bigintArray(receipts.map(({ amount }) => amount)),
      textArray(receipts.map(({ currency }) => currency)),
      booleanArray(receipts.map(({ applied }) => applied)),
      timestampArray(receipts.map(({ occurredAt }) => occurredAt)),
      textArray(breaks.map(({ captureId }) => captureId)),
      textArray(breaks.map(({ reason }) => reason)),
      uuidArray(breaks.map(({ paymentId }) => paymentId)),
      bigintArray(breaks.map(({ amount }) => amount)),
      textArray(breaks.map(({ currency }) => currency)),
      timestampArray(breaks.map(({ occurredAt }) => occurredAt)),
      textArray(breaks.map(({ provider }) => `booked to unapplied receipts of ${provider}`)),
      ...entryParameters(this.#entries)
    ]
  }
}

import type { CaptureReceipt } from "@doorbuster/core/audit/Books"
import type { Currency } from "@doorbuster/core/money/Currency"
import type { Minor } from "@doorbuster/core/money/Minor"
import type { Uuid } from "@doorbuster/core/Uuid"
import { amount, boolean, type Row, text } from "../rows.ts"

/** Of `money.receipts r`. */
export const captureColumns = "r.capture_id, r.payment_id, r.amount::text, r.currency, r.applied"

export const captureOf = (row: Row): CaptureReceipt => ({
  captureId: text(row, "capture_id"),
  paymentId: text(row, "payment_id") as Uuid,
  amount: amount(row, "amount") as Minor,
  currency: text(row, "currency") as Currency,
  applied: boolean(row, "applied")
})

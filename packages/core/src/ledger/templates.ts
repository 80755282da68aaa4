/**
 * What each event books. Debits are positive. Goods are income when they leave the house: a capture
 * goes to deferred revenue, shipping recognises it, and a refund reverses whichever of the two
 * holds the money at that moment.
 */
import type { Currency } from "../money/Currency.ts"
import type { Minor } from "../money/Minor.ts"
import { divide } from "../money/Rounding.ts"
import type { Uuid } from "../Uuid.ts"
import { type LedgerAccount, providerAccount } from "./Account.ts"
import type { Entry, EntryKind, Posting } from "./Entry.ts"
import type { LedgerPayment, RefundSource } from "./LedgerPayment.ts"

const least = (a: bigint, b: bigint): bigint => (a < b ? a : b)

/** Drops zero amounts; an entry never carries them. */
const postings = (
  ...amounts: ReadonlyArray<readonly [LedgerAccount, bigint]>
): ReadonlyArray<Posting> =>
  amounts.flatMap(([account, amount]) =>
    amount === 0n ? [] : [{ account, amount: amount as Minor }]
  )

const entryOf = (
  payment: LedgerPayment,
  kind: EntryKind,
  entryId: string,
  occurredAt: number,
  lines: ReadonlyArray<Posting>
): Entry => ({
  entryId,
  kind,
  currency: payment.currency,
  orderId: payment.orderId,
  paymentId: payment.paymentId,
  memo: "",
  occurredAt,
  postings: lines
})

export const captureEntryId = (captureId: string): string => `capture:${captureId}`

/** Money for an order that is still to be shipped. */
export const captureEntry = (
  payment: LedgerPayment,
  captureId: string,
  occurredAt: number
): Entry =>
  entryOf(
    payment,
    "capture",
    captureEntryId(captureId),
    occurredAt,
    postings(
      [providerAccount(payment.provider), payment.amount],
      ["liabilities:deferred_revenue", payment.breakdown.tax - payment.amount],
      ["liabilities:tax", -payment.breakdown.tax]
    )
  )

export const unappliedPostings = (provider: string, amount: Minor) =>
  postings([providerAccount(provider), amount], ["liabilities:unapplied_receipts", -amount])

/** Money that belongs to no order: it is owed to whoever sent it. */
export const unappliedEntry = (receipt: {
  readonly captureId: string
  readonly provider: string
  readonly currency: Currency
  readonly amount: Minor
  readonly payment: LedgerPayment | null
  readonly paymentId: Uuid
  readonly occurredAt: number
}): Entry => ({
  entryId: captureEntryId(receipt.captureId),
  kind: "unapplied",
  currency: receipt.currency,
  orderId: receipt.payment?.orderId ?? null,
  paymentId: receipt.paymentId,
  memo: "money that belongs to no order",
  occurredAt: receipt.occurredAt,
  postings: unappliedPostings(receipt.provider, receipt.amount)
})

/**
 * Recognises what is still deferred. Discounts are shown apart, so sales are gross of them; what an
 * earlier refund took out of the deferred amount is never recognised.
 */
export const recognitionEntry = (
  payment: LedgerPayment,
  shipmentId: Uuid,
  occurredAt: number
): Entry => {
  const { discounts, shipping } = payment.breakdown
  const shippingPart = least(shipping, payment.deferred)
  return entryOf(
    payment,
    "recognition",
    `recognition:${shipmentId}`,
    occurredAt,
    postings(
      ["liabilities:deferred_revenue", payment.deferred],
      ["contra:discounts", discounts],
      ["income:sales", -(payment.deferred - shippingPart + discounts)],
      ["income:shipping", -shippingPart]
    )
  )
}

export interface RefundShares {
  /** Tax given back with this refund; over all refunds it sums to the tax exactly. */
  readonly tax: Minor
  /** Taken out of deferred revenue. */
  readonly deferred: Minor
  /** Taken out of recognised revenue. */
  readonly recognised: Minor
}

/**
 * Splits a refund of an order's money. Tax goes back in proportion, cumulatively and half up, so
 * that partial refunds add up to the whole without a rest.
 */
export const refundShares = (payment: LedgerPayment, amount: Minor): RefundShares => {
  const before = payment.refunded - payment.unappliedRefunded
  const taxSoFar = divide(payment.breakdown.tax * (before + amount), payment.amount, "half_up")
  const tax = taxSoFar - payment.taxRefunded
  const net = amount - tax
  const deferred = least(net, payment.deferred)
  return {
    tax: tax as Minor,
    deferred: deferred as Minor,
    recognised: (net - deferred) as Minor
  }
}

export const refundEntry = (
  payment: LedgerPayment,
  refund: { readonly refundId: Uuid; readonly amount: Minor; readonly source: RefundSource },
  shares: RefundShares,
  occurredAt: number
): Entry =>
  refund.source === "unapplied"
    ? entryOf(
        payment,
        "unapplied_refund",
        `refund:${refund.refundId}`,
        occurredAt,
        postings(
          ["liabilities:unapplied_receipts", refund.amount],
          [providerAccount(payment.provider), -refund.amount]
        )
      )
    : entryOf(
        payment,
        "refund",
        `refund:${refund.refundId}`,
        occurredAt,
        postings(
          ["liabilities:deferred_revenue", shares.deferred],
          ["contra:refunds", shares.recognised],
          ["liabilities:tax", shares.tax],
          [providerAccount(payment.provider), -refund.amount]
        )
      )

/** A refund for which no sale was found: given back all the same. */
export const unmatchedRefundPostings = (provider: string, amount: Minor) =>
  postings(["contra:refunds", amount], [providerAccount(provider), -amount])

/** A debt given up (positive amount) or paid after all (negative). */
export const badDebtPostings = (provider: string, amount: Minor) =>
  postings(["expenses:bad_debts", amount], [providerAccount(provider), -amount])

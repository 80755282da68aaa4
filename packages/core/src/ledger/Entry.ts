import type { Currency } from "../money/Currency.ts"
import type { Minor } from "../money/Minor.ts"
import type { OrderId } from "../order/OrderId.ts"
import type { Uuid } from "../Uuid.ts"
import type { LedgerAccount } from "./Account.ts"

/** Debits are positive, credits negative; minor units of the entry's currency. Never zero. */
export interface Posting {
  readonly account: LedgerAccount
  readonly amount: Minor
}

export type EntryKind =
  | "capture"
  | "recognition"
  | "refund"
  | "unapplied"
  | "unapplied_refund"
  | "unmatched_refund"
  | "bad_debt"

/**
 * One booking in one currency; its postings sum to zero. The id is made from the event that is
 * booked, so posting twice is posting once.
 */
export interface Entry {
  readonly entryId: string
  readonly kind: EntryKind
  readonly currency: Currency
  readonly orderId: OrderId | null
  readonly paymentId: Uuid | null
  readonly memo: string
  /** Epoch milliseconds of the business event. */
  readonly occurredAt: number
  readonly postings: ReadonlyArray<Posting>
}

/** Sum of the postings; an entry may be stored only if it is zero. */
export const imbalance = (entry: Pick<Entry, "postings">): bigint =>
  entry.postings.reduce((sum, posting) => sum + posting.amount, 0n)

export interface TrialBalanceRow {
  readonly account: LedgerAccount
  readonly currency: Currency
  readonly debit: Minor
  readonly credit: Minor
}

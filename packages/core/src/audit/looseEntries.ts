/** Entries without an order: debts, refunds of no sale, and money for payments nobody knows. */
import { providerAccount } from "../ledger/Account.ts"
import type { Entry, EntryKind, Posting } from "../ledger/Entry.ts"
import { badDebtPostings, unappliedPostings, unmatchedRefundPostings } from "../ledger/templates.ts"
import type { Minor } from "../money/Minor.ts"
import { equal, holds, type Violation } from "./Invariant.ts"

const anyProvider = providerAccount("*")

/** The kind and the accounts it was booked to; which provider it was is its own affair. */
const reading = (kind: EntryKind, postings: ReadonlyArray<Posting>): string => {
  const accounts = postings.map(({ account }) =>
    account.startsWith(providerAccount("")) ? anyProvider : account
  )
  return `${kind}: ${accounts.join(", ")}`
}

/** Of each kind that is booked without an order: the postings of one unit. */
const templates: Partial<Record<EntryKind, ReadonlyArray<Posting>>> = {
  bad_debt: badDebtPostings("*", 1n as Minor),
  unmatched_refund: unmatchedRefundPostings("*", 1n as Minor),
  unapplied: unappliedPostings("*", 1n as Minor)
}

export const loose = ({ entryId, kind, paymentId, postings }: Entry): ReadonlyArray<Violation> => {
  const left = `an entry of ${kind} of payment ${paymentId ?? "none"}`
  const template = templates[kind]
  if (template === undefined) return [{ key: entryId, left, right: "its order" }]
  const isOfPayment = kind === "unapplied"
  const right = isOfPayment ? "its payment" : "no payment"
  return [
    ...holds(isOfPayment === (paymentId !== null), entryId, left, right),
    ...equal(entryId, "accounts", reading(kind, postings), reading(kind, template))
  ]
}

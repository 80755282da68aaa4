import type { LedgerAccount } from "@doorbuster/core/ledger/Account"
import type { Entry, EntryKind, Posting, TrialBalanceRow } from "@doorbuster/core/ledger/Entry"
import type { Currency } from "@doorbuster/core/money/Currency"
import type { Minor } from "@doorbuster/core/money/Minor"
import type { OrderId } from "@doorbuster/core/order/OrderId"
import type { StorageError } from "@doorbuster/core/StorageError"
import type { Uuid } from "@doorbuster/core/Uuid"
import * as Effect from "effect/Effect"
import { bigintArray, smallintArray, textArray, timestampArray, uuidArray } from "../arrays.ts"
import type { Database } from "../Database.ts"
import { amount, integer, nullable, type Row, text } from "../rows.ts"
import * as statements from "./journalStatements.ts"

export const entryParameters = (entries: ReadonlyArray<Entry>) => {
  const postings = entries.flatMap((entry) =>
    entry.postings.map((posting, index) => ({ entryId: entry.entryId, no: index + 1, ...posting }))
  )
  return [
    textArray(entries.map((entry) => entry.entryId)),
    textArray(entries.map((entry) => entry.kind)),
    textArray(entries.map((entry) => entry.currency)),
    uuidArray(entries.map((entry) => entry.orderId)),
    uuidArray(entries.map((entry) => entry.paymentId)),
    textArray(entries.map((entry) => entry.memo)),
    timestampArray(entries.map((entry) => entry.occurredAt)),
    textArray(postings.map((posting) => posting.entryId)),
    smallintArray(postings.map((posting) => posting.no)),
    textArray(postings.map((posting) => posting.account)),
    bigintArray(postings.map((posting) => posting.amount))
  ]
}

const entryOf = (row: Row, postings: ReadonlyArray<Posting>): Entry => ({
  entryId: text(row, "entry_id"),
  kind: text(row, "kind") as EntryKind,
  currency: text(row, "currency") as Currency,
  orderId: nullable(text, row, "order_id") as OrderId | null,
  paymentId: nullable(text, row, "payment_id") as Uuid | null,
  memo: text(row, "memo"),
  occurredAt: integer(row, "occurred_at"),
  postings
})

const postingOf = (row: Row): Posting => ({
  account: text(row, "account") as LedgerAccount,
  amount: amount(row, "amount") as Minor
})

/** Entries, with their postings, in the order of `rows`. */
export const withPostings = (
  db: Database,
  operation: string,
  rows: ReadonlyArray<Row>
): Effect.Effect<ReadonlyArray<Entry>, StorageError> => {
  if (rows.length === 0) return Effect.succeed([])
  const ids = textArray(rows.map((row) => text(row, "entry_id")))
  return Effect.map(db.query(operation, statements.postings, [ids]), (postingRows) => {
    const postings = new Map<string, Array<Posting>>()
    for (const row of postingRows) {
      const entryId = text(row, "entry_id")
      const group = postings.get(entryId)
      if (group === undefined) postings.set(entryId, [postingOf(row)])
      else group.push(postingOf(row))
    }
    return rows.map((row) => entryOf(row, postings.get(text(row, "entry_id")) ?? []))
  })
}

export const trialBalance = (
  db: Database
): Effect.Effect<ReadonlyArray<TrialBalanceRow>, StorageError> =>
  Effect.map(db.query("money.trialBalance", statements.trialBalance), (rows) =>
    rows.map((row) => ({
      account: text(row, "account") as LedgerAccount,
      currency: text(row, "currency") as Currency,
      debit: amount(row, "debit") as Minor,
      credit: amount(row, "credit") as Minor
    }))
  )

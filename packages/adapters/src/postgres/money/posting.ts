import { type Entry, imbalance } from "@doorbuster/core/ledger/Entry"
import type { PostOutcome } from "@doorbuster/core/payment/Payments"
import * as Effect from "effect/Effect"
import { textArray } from "../arrays.ts"
import type { Database } from "../Database.ts"
import { text } from "../rows.ts"
import { entryParameters, withPostings } from "./entryRows.ts"
import * as statements from "./journalStatements.ts"

const isBalanced = (entry: Entry): boolean => imbalance(entry) === 0n && entry.postings.length >= 2

const sameBooking = (a: Entry, b: Entry): boolean =>
  a.currency === b.currency &&
  a.postings.length === b.postings.length &&
  a.postings.every(({ account, amount }, index) => {
    const other = b.postings[index]
    return account === other?.account && amount === other.amount
  })

/** One statement; entries whose ids were taken are read and compared afterwards. */
export const post = (db: Database, batch: ReadonlyArray<Entry>) =>
  Effect.gen(function* () {
    const operation = "payments.post"
    const first = new Map<string, Entry>()
    for (const entry of batch) {
      if (isBalanced(entry) && !first.has(entry.entryId)) first.set(entry.entryId, entry)
    }
    const rows = yield* db.query(operation, statements.post, entryParameters([...first.values()]))
    const written = new Set(rows.map((row) => text(row, "entry_id")))
    const standing = new Map(first)
    const taken = [...first.keys()].filter((entryId) => !written.has(entryId))
    if (taken.length > 0) {
      const found = yield* db.query(operation, statements.entriesById, [textArray(taken)])
      for (const entry of yield* withPostings(db, operation, found)) {
        standing.set(entry.entryId, entry)
      }
    }
    return batch.map((entry): PostOutcome => {
      if (!isBalanced(entry)) return { _tag: "Unbalanced" }
      const other = standing.get(entry.entryId) ?? entry
      if (!sameBooking(entry, other)) return { _tag: "EntryReused" }
      // The first of several alike is the one that was written.
      return { _tag: "Posted", replayed: !written.delete(entry.entryId) }
    })
  })

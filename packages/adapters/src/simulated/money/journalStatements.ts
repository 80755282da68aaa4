/** The journal: entries of their own, and what reads entries and postings. */
import type { Statement } from "../../postgres/Database.ts"
import * as statements from "../../postgres/money/journalStatements.ts"
import type { Handler } from "../Execution.ts"
import { asInteger, asText, texts, uuids } from "../parameters.ts"
import { by, entryAnswer } from "./answers.ts"
import { entryRows, postingRows } from "./entryRows.ts"
import type { EntryRow, MoneyTables } from "./MoneyTables.ts"

const byId = by(({ entryId }: EntryRow) => entryId)

/** The entries are written in full for the answer; then the postings of those that were. */
const post = (tables: MoneyTables): Handler =>
  function* (on, parameters) {
    const postings = postingRows(parameters.slice(7))
    const entered = new Set<string>()
    for (const row of [...entryRows(parameters, on.now)].sort(byId)) {
      if ((yield* on.insertOr(tables.entries, row)) === undefined) entered.add(row.entryId)
    }
    for (const row of postings) {
      if (entered.has(row.entryId)) yield* on.insert(tables.postings, row)
    }
    return [...entered].map((entryId) => ({ entry_id: entryId }))
  }

const entriesById =
  (tables: MoneyTables): Handler =>
  (on, [ids]) =>
    [...new Set(texts(ids))].flatMap((id) => {
      const row = on.read(tables.entries, id)
      return row === undefined ? [] : [entryAnswer(row)]
    })

const entriesOfOrders =
  (tables: MoneyTables): Handler =>
  (on, [orders]) =>
    [...new Set(uuids(orders))]
      .sort()
      .flatMap((orderId) => on.find(tables.entries, "entries_of_order", orderId).sort(byId))
      .map(entryAnswer)

const looseEntries =
  (tables: MoneyTables): Handler =>
  (on, [after, limit]) => {
    const from = asText(after)
    return on
      .find(tables.entries, "loose_entries", "")
      .filter(({ entryId }) => entryId > from)
      .sort(byId)
      .slice(0, asInteger(limit))
      .map(entryAnswer)
  }

const postings =
  (tables: MoneyTables): Handler =>
  (on, [ids]) =>
    [...new Set(texts(ids))]
      .sort()
      .flatMap((entryId) =>
        on
          .find(tables.postings, "postings_of_entry", entryId)
          .sort((a, b) => a.postingNo - b.postingNo)
      )
      .map(({ account, amount, entryId }) => ({ entry_id: entryId, account, amount: `${amount}` }))

/** The one statement that reads a whole table, as it does in Postgres. */
const trialBalance =
  (tables: MoneyTables): Handler =>
  (on) => {
    const sums = new Map<
      string,
      { account: string; currency: string; debit: bigint; credit: bigint }
    >()
    for (const slot of tables.postings.slots.values()) {
      const posting = on.seen(slot)
      const entry = posting === undefined ? undefined : on.read(tables.entries, posting.entryId)
      if (posting === undefined || entry === undefined) continue
      const { account, amount } = posting
      const name = `${entry.currency} ${account}`
      const sum = sums.get(name) ?? { account, currency: entry.currency, debit: 0n, credit: 0n }
      if (amount > 0n) sum.debit += amount
      else sum.credit -= amount
      sums.set(name, sum)
    }
    return [...sums.keys()].sort().flatMap((name) => {
      const sum = sums.get(name)
      return sum === undefined ? [] : [{ ...sum, debit: `${sum.debit}`, credit: `${sum.credit}` }]
    })
  }

export const journalHandlers = (
  tables: MoneyTables
): ReadonlyArray<readonly [Statement, Handler]> => [
  [statements.post, post(tables)],
  [statements.entriesById, entriesById(tables)],
  [statements.entriesOfOrders, entriesOfOrders(tables)],
  [statements.looseEntries, looseEntries(tables)],
  [statements.postings, postings(tables)],
  [statements.trialBalance, trialBalance(tables)]
]

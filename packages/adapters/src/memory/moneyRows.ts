import type { Entry, TrialBalanceRow } from "@doorbuster/core/ledger/Entry"
import type { Minor } from "@doorbuster/core/money/Minor"
import type { MoneyTables } from "./MemoryStore.ts"

/** Adds to an index without changing the list that a reader may hold. */
export const addTo = <K, V>(index: Map<K, ReadonlyArray<V>>, key: K, value: V): void => {
  index.set(key, [...(index.get(key) ?? []), value])
}

/** Debits and credits of each account and currency, both as positive sums. */
export const trialBalance = (tables: MoneyTables): ReadonlyArray<TrialBalanceRow> => {
  const rows = new Map<string, TrialBalanceRow>()
  const add = (entry: Entry) => {
    for (const { account, amount } of entry.postings) {
      const name = `${account} ${entry.currency}`
      const { credit, debit } = rows.get(name) ?? { credit: 0n, debit: 0n }
      rows.set(name, {
        account,
        currency: entry.currency,
        debit: (amount > 0n ? debit + amount : debit) as Minor,
        credit: (amount < 0n ? credit - amount : credit) as Minor
      })
    }
  }
  for (const entry of tables.entries.values()) add(entry)
  return [...rows.keys()].sort().flatMap((name) => rows.get(name) ?? [])
}

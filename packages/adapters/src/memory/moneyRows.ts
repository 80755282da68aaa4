import type { Entry, TrialBalanceRow } from "@doorbuster/core/ledger/Entry"
import type { Minor } from "@doorbuster/core/money/Minor"
import type { OrderId } from "@doorbuster/core/order/OrderId"
import type { Refund } from "@doorbuster/core/payment/Payment"
import type { MoneyOfOrder } from "@doorbuster/core/payment/Payments"
import type { Uuid } from "@doorbuster/core/Uuid"
import type { MoneyTables } from "./MemoryStore.ts"

/** Adds to an index without changing the list that a reader may hold. */
export const addTo = <K, V>(index: Map<K, ReadonlyArray<V>>, key: K, value: V): void => {
  index.set(key, [...(index.get(key) ?? []), value])
}

/** Debits and credits of each account and currency, both as positive sums. */
export const trialBalance = (
  tables: Pick<MoneyTables, "entries">
): ReadonlyArray<TrialBalanceRow> => {
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

/** All that was asked to go back of a payment, done or not. */
export const refundsOf = (tables: MoneyTables, paymentId: Uuid): ReadonlyArray<Refund> =>
  (tables.refundsOfPayment.get(paymentId) ?? []).flatMap((id) => tables.refunds.get(id) ?? [])

export const moneyOfOrder = (tables: MoneyTables, orderId: OrderId): MoneyOfOrder => {
  const ids = tables.paymentsOfOrder.get(orderId) ?? []
  return {
    payments: ids.flatMap((id) => tables.payments.get(id) ?? []),
    refunds: ids.flatMap((id) => refundsOf(tables, id)),
    entries: (tables.entriesOfOrder.get(orderId) ?? []).flatMap(
      (id) => tables.entries.get(id) ?? []
    )
  }
}

/** Whether the second posting of an entry is the first one over again. */
export const sameBooking = (a: Entry, b: Entry): boolean =>
  a.currency === b.currency &&
  a.postings.length === b.postings.length &&
  a.postings.every((posting, i) => {
    const other = b.postings[i]
    return posting.account === other?.account && posting.amount === other.amount
  })

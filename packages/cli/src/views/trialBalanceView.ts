import type { TrialBalanceRow } from "@doorbuster/core/ledger/Entry"
import type { Currency } from "@doorbuster/core/money/Currency"
import { formatAmount } from "./money.ts"
import { bold, green, red } from "./style.ts"
import { table } from "./table.ts"

/** One currency's page; `difference = debit - credit` is zero in a sound book. */
export interface BalancePage {
  readonly currency: Currency
  readonly rows: ReadonlyArray<TrialBalanceRow>
  readonly debit: bigint
  readonly credit: bigint
  readonly difference: bigint
}

const pageOf = (currency: Currency, all: ReadonlyArray<TrialBalanceRow>): BalancePage => {
  const rows = all
    .filter((row) => row.currency === currency)
    .sort((a, b) => (a.account < b.account ? -1 : 1))
  const debit = rows.reduce((sum, row) => sum + row.debit, 0n)
  const credit = rows.reduce((sum, row) => sum + row.credit, 0n)
  return { currency, rows, debit, credit, difference: debit - credit }
}

export const balancePages = (rows: ReadonlyArray<TrialBalanceRow>): ReadonlyArray<BalancePage> =>
  [...new Set(rows.map((row) => row.currency))].sort().map((currency) => pageOf(currency, rows))

/** Minor units. */
export const trialBalanceJson = (pages: ReadonlyArray<BalancePage>) => ({
  ok: pages.every(({ difference }) => difference === 0n),
  currencies: pages.map(({ credit, currency, debit, difference, rows }) => ({
    currency,
    accounts: rows.map((row) => ({ account: row.account, debit: row.debit, credit: row.credit })),
    debit,
    credit,
    difference
  }))
})

const pageView = ({ credit, currency, debit, difference, rows }: BalancePage): string => {
  const money = (amount: bigint) => (amount === 0n ? "" : formatAmount(amount, currency))
  const sums = ["total", debit, credit, difference].map((sum) =>
    typeof sum === "string" ? sum : formatAmount(sum, currency)
  )
  const body = table(
    [
      { title: `account (${currency})` },
      { title: "debit", align: "right" },
      { title: "credit", align: "right" },
      { title: "balance", align: "right" }
    ],
    [
      ...rows.map(({ account, credit: given, debit: taken }) => {
        return [account, money(taken), money(given), formatAmount(taken - given, currency)]
      }),
      sums.map(bold)
    ]
  )
  const verdict =
    difference === 0n
      ? green(`${currency}: debits and credits are equal`)
      : red(`${currency}: debits exceed credits by ${formatAmount(difference, currency)}`)
  return `${body}\n${verdict}`
}

export const trialBalanceView = (pages: ReadonlyArray<BalancePage>): string =>
  pages.length === 0 ? "nothing has been booked yet" : pages.map(pageView).join("\n\n")

import * as Schema from "effect/Schema"

/** The chart of accounts. `assets:provider:<name>` is the balance held by a payment provider. */
export const fixedAccounts = [
  "assets:disputed",
  "assets:bank",
  "liabilities:deferred_revenue",
  "liabilities:unapplied_receipts",
  "liabilities:tax",
  "liabilities:store_credit",
  "income:sales",
  "income:shipping",
  "contra:discounts",
  "contra:refunds",
  "expenses:provider_fees",
  "expenses:chargebacks",
  "expenses:bad_debts",
  "expenses:fx"
] as const

export const LedgerAccount = Schema.Union([
  Schema.Literals(fixedAccounts),
  Schema.TemplateLiteral(["assets:provider:", Schema.String]),
  Schema.TemplateLiteral(["assets:provider_reserve:", Schema.String])
])
export type LedgerAccount =
  | (typeof fixedAccounts)[number]
  | `assets:provider:${string}`
  | `assets:provider_reserve:${string}`

export const providerAccount = (provider: string): LedgerAccount => `assets:provider:${provider}`

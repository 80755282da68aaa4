/** Rows of the journal and of the provider's book that somebody changes by hand. */
import { type Finding, found, type Tampering } from "./tamperings.ts"

const captureId = "capture:cap_{paid.payment}"
const setEntry = (what: string) =>
  `update money.entries set ${what} where entry_id = '${captureId}'`
const posting = (account: string, entryId = captureId) =>
  `entry_id = '${entryId}' and account = '${account}'`
const setPosting = (what: string, row: string) => `update money.postings set ${what} where ${row}`

const provider = "assets:provider:sandbox"
const sale = posting("income:sales", "recognition:{shipped.shipment}")
const recognition = "recognition recognition:{shipped.shipment} GBP: *"
const stray = "insert into money.entries (entry_id, kind, currency, memo, occurred_at"
const unknown = "00000000-0000-7000-8000-000000000009"

const matches = "ledger.matches_payments"

const debt = "adjustment:debt"
const gift = "adjustment:gift"
const debtIs = (left: string, right: string): Finding => [matches, debt, left, right]
const badDebt = "bad_debt: expenses:bad_debts, assets:provider:*"

const setCaptured = (what: string, story = "paid") =>
  `update sandbox.payments set ${what} where payment_id = '{${story}.payment}'`

export const ledgerTamperings: ReadonlyArray<Tampering> = [
  found(
    "a posting's amount",
    setPosting("amount = amount + 1", posting(provider)),
    ["ledger.balanced", captureId, "sum of postings: 1", "0"],
    ["ledger.balanced", "all GBP", "debits: *", "*"],
    [matches, "{paid.payment}", "captured - refunded: 6419", "6420"]
  ),
  found("a posting's account", setPosting("account = 'assets:bank'", posting(provider)), [
    matches,
    "{paid.payment}",
    "captured - refunded: 6419",
    "0"
  ]),
  found("a posting's account, among incomes", setPosting("account = 'income:shipping'", sale), [
    matches,
    "recognition:{shipped.shipment}",
    `entry: ${recognition}income:shipping -5349`,
    `${recognition}income:sales -5349`
  ]),
  found("a posting is deleted", `delete from money.postings where ${sale}`, [
    "ledger.balanced",
    "recognition:{shipped.shipment}",
    "sum of postings: 5349",
    "0"
  ]),
  found(
    "an entry is deleted",
    "delete from money.entries where entry_id = 'refund:{partly.refund}'",
    [matches, "{partly.payment}", "captured - refunded: 5419", "6419"]
  ),
  found(
    "an entry of no order is deleted",
    "delete from money.entries where entry_id = 'adjustment:debt'",
    ["ledger.balanced", "adjustment:debt", "postings", "their entry"]
  ),
  found("an entry is added", `${stray}) values ('stray', 'adjustment', 'GBP', '', now())`, [
    "ledger.balanced",
    "stray",
    "0 postings",
    "2 or more"
  ]),
  found(
    "a balanced entry is added to a payment",
    `${stray}, order_id, payment_id)
      values ('stray', 'adjustment', 'GBP', '', now(), '{paid}', '{paid.payment}');
    insert into money.postings (entry_id, posting_no, account, amount)
      values ('stray', 1, 'assets:bank', 5), ('stray', 2, 'income:sales', -5)`,
    [matches, "stray", "entry: adjustment stray GBP: *", "no event of its payment"]
  ),
  found("an entry is moved to another payment", setEntry("payment_id = '{shipped.payment}'"), [
    matches,
    captureId,
    "an entry of capture",
    "its payment"
  ]),
  found("an entry is moved to another order", setEntry("order_id = '{free}'"), [
    matches,
    captureId,
    "an entry of capture",
    "its payment"
  ]),
  found("an entry is taken from its order", setEntry("order_id = null"), [
    matches,
    captureId,
    "an entry of capture of payment {paid.payment}",
    "its order"
  ]),
  found(
    "a debt is booked to another expense",
    setPosting("account = 'expenses:fx'", posting("expenses:bad_debts", debt)),
    debtIs("accounts: bad_debt: expenses:fx, assets:provider:*", badDebt)
  ),
  found(
    "a debt is taken from the bank",
    setPosting("account = 'assets:bank'", posting(provider, debt)),
    debtIs("accounts: bad_debt: expenses:bad_debts, assets:bank", badDebt)
  ),
  found(
    "a refund of no order is booked to a discount",
    setPosting("account = 'contra:discounts'", posting("contra:refunds", gift)),
    [
      matches,
      gift,
      "accounts: unmatched_refund: contra:discounts, assets:provider:*",
      "unmatched_refund: contra:refunds, assets:provider:*"
    ]
  ),
  found(
    "a debt is called a refund",
    `update money.entries set kind = 'unmatched_refund' where entry_id = '${debt}'`,
    debtIs(
      "accounts: unmatched_refund: expenses:bad_debts, assets:provider:*",
      "unmatched_refund: contra:refunds, assets:provider:*"
    )
  ),
  found(
    "a debt is called an adjustment",
    `update money.entries set kind = 'adjustment' where entry_id = '${debt}'`,
    debtIs("an entry of adjustment of payment none", "its order")
  ),
  found("an entry's currency", setEntry("currency = 'EUR'"), [
    matches,
    "{paid.payment}",
    "captured - refunded: 6419",
    "0"
  ]),
  found(
    "the provider captured what nobody here knows",
    `insert into sandbox.payments (payment_id, amount, currency, state, captured_at)
      values ('${unknown}', 100, 'GBP', 'captured', now())`,
    ["captured.owned", unknown, "captured at the provider: 100", "no payment here"]
  ),
  found("the provider captured another amount", setCaptured("amount = 6420"), [
    "captured.owned",
    "{paid.payment}",
    "captured here: 6419",
    "6420"
  ]),
  found("the provider captured nothing", setCaptured("state = 'canceled', captured_at = null"), [
    "captured.owned",
    "{paid.payment}",
    "captured here: 6419",
    "0"
  ]),
  found(
    "the provider captured what was declined",
    setCaptured("state = 'captured', captured_at = now()", "declined"),
    ["captured.owned", "{declined.payment}", "captured here: 0", "6419"]
  )
]

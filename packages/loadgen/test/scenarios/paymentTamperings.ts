/** Rows of payments and refunds that somebody changes by hand. */
import { forbidden, found, type Tampering } from "./tamperings.ts"

const setPayment = (what: string, story = "paid") =>
  `update money.payments set ${what} where order_id = '{${story}}'`

const refund = "money.refunds where order_id = '{partly}'"
const setRefund = (what: string) => `update money.refunds set ${what} where order_id = '{partly}'`

const allOrNothing = "applied_is_all_or_nothing"
const matches = "ledger.matches_payments"

export const paymentTamperings: ReadonlyArray<Tampering> = [
  forbidden("a payment's amount", setPayment("amount = 6420"), "amount_is_the_sum_of_its_parts"),
  found(
    "a payment's amount with all that follows from it",
    setPayment("amount = 6420, sales = sales + 1, captured = 6420"),
    ["paid.once", "{paid}", "amount: 6420", "6419"]
  ),
  found("a declined payment's amount", setPayment("amount = 6420, sales = sales + 1", "declined"), [
    "paid.once",
    "{declined}",
    "amount: 6420",
    "6419"
  ]),
  forbidden("captured, a unit more", setPayment("captured = 6420"), allOrNothing),
  forbidden("captured, a unit less", setPayment("captured = 6418"), allOrNothing),
  found(
    "captured, a unit more that belongs to nobody",
    setPayment("captured = 6420, unapplied = 1"),
    [matches, "{paid.payment}", "captured - refunded: 6420", "6419"],
    ["captured.owned", "{paid.payment}", "captured here: 6420", "6419"]
  ),
  forbidden(
    "refunded, a unit more",
    setPayment("refunded = 1001", "partly"),
    "refunded_within_intended"
  ),
  found(
    "refunded, a unit less",
    setPayment("refunded = 999", "partly"),
    ["refund.bounded", "{partly.payment}", "refunded: 999", "1000"],
    [matches, "{partly.payment}", "captured - refunded: 5420", "5419"]
  ),
  found("intended, a unit more", setPayment("intended = 1"), [
    "refund.bounded",
    "{paid.payment}",
    "intended: 1",
    "0"
  ]),
  forbidden(
    "intended beyond what was captured",
    setPayment("intended = 6420"),
    "intended_within_captured"
  ),
  found("deferred, a unit less", setPayment("deferred = 5348"), [
    matches,
    "{paid.payment}",
    "deferred: 5348",
    "5349"
  ]),
  forbidden("deferred, a unit more", setPayment("deferred = 5350"), "deferred_within_net"),
  found("deferred though shipped", setPayment("deferred = 1", "shipped"), [
    matches,
    "{shipped.payment}",
    "deferred though shipped: 1",
    "0"
  ]),
  ...["created", "capture_sent", "declined", "canceled"].map((state) =>
    forbidden(`a captured payment is ${state}`, setPayment(`state = '${state}'`), allOrNothing)
  ),
  ...["created", "capture_sent"].map((state) =>
    found(`a declined payment is ${state}`, setPayment(`state = '${state}'`, "declined"), [
      "paid.once",
      "{declined}",
      "undecided payments: 1",
      "0"
    ])
  ),
  forbidden(
    "a declined payment is captured",
    setPayment("state = 'captured'", "declined"),
    allOrNothing
  ),
  found("tax refunded, a unit less", setPayment("tax_refunded = 166", "partly"), [
    matches,
    "{partly.payment}",
    "tax: 904",
    "903"
  ]),
  found("discounts that nobody gave", setPayment("sales = sales + 1, discounts = 1"), [
    matches,
    "{paid.payment}",
    "discounts: 1",
    "0"
  ]),
  found(
    "money that belongs to nobody is kept",
    setPayment("refunded = 6418, unapplied_refunded = 6418", "late"),
    [
      "captured.owned",
      "{late.payment}",
      "captured at the provider: 6419",
      "unapplied: 6419, *6418"
    ],
    ["refund.bounded", "{late.payment}", "unapplied refunded: 6418", "6419"]
  ),
  found("a payment is deleted", "delete from money.payments where order_id = '{paid}'", [
    "paid.once",
    "{paid}",
    "applied payments: 0",
    "1"
  ]),
  found(
    "a payment is given to another order",
    setPayment("order_id = '{free}'"),
    ["paid.once", "{free}", "applied payments: 1", "0"],
    ["paid.once", "{paid}", "applied payments: 0", "1"]
  ),
  found("a refund's amount", setRefund("amount = 999"), [
    "refund.bounded",
    "{partly.payment}",
    "intended: 1000",
    "999"
  ]),
  found("a refund's state", setRefund("state = 'intended', refunded_at = null"), [
    "refund.bounded",
    "{partly.payment}",
    "refunded: 1000",
    "0"
  ]),
  found("a refund's source", setRefund("source = 'unapplied'"), [
    "refund.bounded",
    "{partly.payment}",
    "unapplied refunds: 1000",
    "of 0"
  ]),
  found("a refund is given to another payment", setRefund("payment_id = '{paid.payment}'"), [
    "refund.bounded",
    "{partly.refund}",
    "a refund",
    "its payment"
  ]),
  found("a refund is deleted", `delete from ${refund}`, [
    "refund.bounded",
    "{partly.payment}",
    "intended: 1000",
    "0"
  ])
]

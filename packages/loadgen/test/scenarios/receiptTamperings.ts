/** Rows of receipts, the store's own word of what came in, that somebody changes by hand. */
import { type Finding, found, type Tampering } from "./tamperings.ts"

const capture = (story: string) => `cap_{${story}.payment}`
const setReceipt = (what: string, story = "paid") =>
  `update money.receipts set ${what} where capture_id = '${capture(story)}'`

const matches = "ledger.matches_payments"
const sums = (story: string, left: string, right: string): Finding => [
  matches,
  `{${story}.payment}`,
  left,
  right
]
const receipt = (left: string, right: string): Finding => [
  matches,
  capture("paid"),
  `receipt: ${left}`,
  right
]

export const receiptTamperings: ReadonlyArray<Tampering> = [
  found(
    "a receipt's amount",
    setReceipt("amount = 6420"),
    sums("paid", "received: 6420", "6419"),
    receipt("capture of 6420 GBP", "capture of 6419 GBP")
  ),
  found(
    "the receipt of money that belongs to nobody, its amount",
    setReceipt("amount = 6418", "late"),
    sums("late", "received: 6418", "6419"),
    sums("late", "received and not applied: 6418", "6419")
  ),
  found(
    "a receipt is given to another payment",
    setReceipt("payment_id = '{shipped.payment}'"),
    sums("paid", "received: 0", "6419"),
    sums("shipped", "received: 12838", "6419"),
    receipt("capture of 6419 GBP", "no entry")
  ),
  found(
    "a receipt is given to a payment that is not",
    setReceipt("payment_id = '00000000-0000-7000-8000-000000000009'"),
    sums("paid", "received: 0", "6419")
  ),
  found(
    "a receipt is deleted",
    `delete from money.receipts where capture_id = '${capture("paid")}'`,
    sums("paid", "received: 0", "6419"),
    [matches, `capture:${capture("paid")}`, "an entry of capture", "its receipt"]
  ),
  found(
    "a receipt is added",
    `insert into money.receipts values
    ('stray', '{paid.payment}', 1, 'GBP', false, now())`,
    sums("paid", "received: 6420", "6419"),
    [matches, "stray", "receipt: unapplied of 1 GBP", "no entry"]
  ),
  found("a receipt's id", setReceipt("capture_id = 'other'"), [
    matches,
    "other",
    "receipt: capture of 6419 GBP",
    "no entry"
  ]),
  found(
    "a receipt's currency",
    setReceipt("currency = 'EUR'"),
    sums("paid", "received: 0", "6419"),
    receipt("capture of 6419 EUR", "capture of 6419 GBP")
  ),
  found(
    "a receipt is not applied any more",
    setReceipt("applied = false"),
    sums("paid", "received and not applied: 6419", "0"),
    receipt("unapplied of 6419 GBP", "capture of 6419 GBP")
  ),
  found(
    "money that belongs to nobody is applied",
    setReceipt("applied = true", "late"),
    sums("late", "received and not applied: 0", "6419")
  )
]

import { checkViolation, outOfRange, SqlError } from "../SqlError.ts"
import { Table } from "../Table.ts"

/** Amounts are minor units, times epoch milliseconds. */
export interface PaymentRow {
  readonly paymentId: string
  readonly orderId: string
  readonly epoch: number
  readonly provider: string
  readonly currency: string
  readonly amount: bigint
  readonly sales: bigint
  readonly discounts: bigint
  readonly shipping: bigint
  readonly tax: bigint
  readonly state: string
  readonly declineReason: string | null
  readonly captured: bigint
  readonly unapplied: bigint
  readonly intended: bigint
  readonly refunded: bigint
  readonly unappliedRefunded: bigint
  readonly taxRefunded: bigint
  readonly deferred: bigint
  readonly createdAt: number
  readonly updatedAt: number
}

export interface FenceRow {
  readonly orderId: string
  readonly epoch: number
}

export interface ReceiptRow {
  readonly captureId: string
  readonly paymentId: string
  readonly amount: bigint
  readonly currency: string
  readonly applied: boolean
  readonly occurredAt: number
}

export interface RefundRow {
  readonly refundId: string
  readonly paymentId: string
  readonly orderId: string
  readonly amount: bigint
  readonly source: string
  readonly state: string
  readonly intendedAt: number
  readonly refundedAt: number | null
}

export interface EntryRow {
  readonly entryId: string
  readonly kind: string
  readonly currency: string
  readonly orderId: string | null
  readonly paymentId: string | null
  readonly memo: string
  readonly occurredAt: number
  readonly postedAt: number
}

export interface PostingRow {
  readonly entryId: string
  readonly postingNo: number
  readonly account: string
  readonly amount: bigint
}

export interface BreakRow {
  readonly breakId: string
  readonly reasonCode: string
  readonly paymentId: string | null
  readonly captureId: string | null
  readonly amount: bigint
  readonly currency: string
  readonly at: number
  readonly note: string
}

const states = new Set(["created", "capture_sent", "captured", "declined", "canceled"])
const currencyCode = /^[A-Z]{3}$/
const smallintMax = 2 ** 15 - 1

type Rule<R> = readonly [constraint: string, holds: (row: R) => boolean]

/** Refuses with the first rule broken; Postgres tries them by the order of their names. */
const checks =
  <R>(table: string, rules: ReadonlyArray<Rule<R>>) =>
  (row: R): void => {
    for (const [constraint, holds] of rules) {
      if (!holds(row)) throw checkViolation(table, constraint)
    }
  }

const paymentChecks = checks<PaymentRow>("payments", [
  [
    "amount_is_the_sum_of_its_parts",
    (p) => p.amount > 0n && p.amount === p.sales - p.discounts + p.shipping + p.tax
  ],
  [
    "applied_is_all_or_nothing",
    (p) => p.captured - p.unapplied === (p.state === "captured" ? p.amount : 0n)
  ],
  ["currency_is_a_code", (p) => currencyCode.test(p.currency)],
  ["deferred_within_net", (p) => p.deferred >= 0n && p.deferred <= p.amount - p.tax],
  ["epoch_counts_from_one", (p) => p.epoch >= 1],
  ["intended_within_captured", (p) => p.intended >= 0n && p.intended <= p.captured],
  [
    "order_refunds_within_applied",
    (p) => p.refunded - p.unappliedRefunded <= p.captured - p.unapplied
  ],
  [
    "parts_are_not_negative",
    (p) => p.sales >= 0n && p.discounts >= 0n && p.shipping >= 0n && p.tax >= 0n
  ],
  ["refunded_within_intended", (p) => p.refunded >= 0n && p.refunded <= p.intended],
  ["state_is_known", (p) => states.has(p.state)],
  ["tax_refunds_within_tax", (p) => p.taxRefunded >= 0n && p.taxRefunded <= p.tax],
  [
    "unapplied_refunds_within_unapplied",
    (p) =>
      p.unappliedRefunded >= 0n &&
      p.unappliedRefunded <= p.unapplied &&
      p.unappliedRefunded <= p.refunded
  ],
  ["unapplied_within_captured", (p) => p.unapplied >= 0n && p.unapplied <= p.captured]
])

const refundChecks = checks<RefundRow>("refunds", [
  ["amount_is_positive", (r) => r.amount > 0n],
  ["source_is_known", (r) => r.source === "order" || r.source === "unapplied"],
  [
    "state_has_its_time",
    (r) =>
      (r.state === "intended" && r.refundedAt === null) ||
      (r.state === "refunded" && r.refundedAt !== null)
  ]
])

/** The triggers that keep a booking as it was made. */
const appendOnly =
  <R>(table: string, check: (row: R) => void) =>
  (row: R, before: R | null): void => {
    if (before !== null) {
      throw new SqlError("23001", `money.${table} is append-only: UPDATE is refused`)
    }
    check(row)
  }

const entryChecks = checks<EntryRow>("entries", [
  ["currency_is_a_code", (e) => currencyCode.test(e.currency)]
])

const postingChecks = checks<PostingRow>("postings", [
  ["amount_is_not_zero", (p) => p.amount !== 0n],
  ["posting_counts_from_one", (p) => p.postingNo >= 1]
])

/** The empty tables of the schema `money`, with the constraints and indexes of its migration. */
export const makeMoneyTables = () => ({
  payments: new Table<PaymentRow>({
    name: "payments",
    key: ({ paymentId }) => paymentId,
    indexes: [
      { name: "payments_of_order", unique: false, of: ({ orderId }) => orderId },
      {
        name: "one_applied_payment_per_order",
        unique: true,
        of: ({ captured, orderId, unapplied }) => (captured > unapplied ? orderId : null)
      }
    ],
    check: paymentChecks
  }),
  fences: new Table<FenceRow>({
    name: "fences",
    key: ({ orderId }) => orderId,
    check: checks("fences", [["epoch_counts_from_one", ({ epoch }) => epoch >= 1]])
  }),
  receipts: new Table<ReceiptRow>({
    name: "receipts",
    key: ({ captureId }) => captureId,
    check: appendOnly(
      "receipts",
      checks("receipts", [["amount_is_positive", ({ amount }) => amount > 0n]])
    )
  }),
  refunds: new Table<RefundRow>({
    name: "refunds",
    key: ({ refundId }) => refundId,
    indexes: [{ name: "refunds_of_order", unique: false, of: ({ orderId }) => orderId }],
    check: refundChecks
  }),
  entries: new Table<EntryRow>({
    name: "entries",
    key: ({ entryId }) => entryId,
    indexes: [
      { name: "entries_of_order", unique: false, of: ({ orderId }) => orderId },
      // Not in the migration: Postgres reads the whole table for these.
      { name: "loose_entries", unique: false, of: ({ orderId }) => (orderId === null ? "" : null) }
    ],
    check: appendOnly("entries", entryChecks)
  }),
  postings: new Table<PostingRow>({
    name: "postings",
    key: ({ entryId, postingNo }) => `${postingNo} ${entryId}`,
    indexes: [{ name: "postings_of_entry", unique: false, of: ({ entryId }) => entryId }],
    check: appendOnly("postings", (row) => {
      if (row.postingNo > smallintMax) throw outOfRange("smallint")
      postingChecks(row)
    })
  }),
  breaks: new Table<BreakRow>({ name: "breaks", key: ({ breakId }) => breakId })
})

export type MoneyTables = ReturnType<typeof makeMoneyTables>

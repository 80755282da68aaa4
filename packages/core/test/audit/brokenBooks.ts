/** One broken book for each reason why an invariant may fail. */
import type { AuditOptions } from "@doorbuster/core/audit/audit"
import type { OrderBook } from "@doorbuster/core/audit/Books"
import { unappliedEntry } from "@doorbuster/core/ledger/templates"
import { Currency } from "@doorbuster/core/money/Currency"
import { minor } from "@doorbuster/core/money/Minor"
import * as Healthy from "./healthyBooks.ts"
import { book, type Given, now, orderId, paidOrder, paymentId } from "./healthyBooks.ts"

const { order, payment } = paidOrder
const usd = Currency.make("USD")
const mugs = { sku: "MUG", quantity: 2 }
/** What the buyer was told. */
export const told = { orderId, total: order.total, lines: [mugs] }

export const changed = (change: Partial<OrderBook>): Given => ({ orders: [{ ...book, ...change }] })

export const stocked = (
  key: string,
  change: Partial<typeof Healthy.segment>,
  moved = 5
): Given => ({
  stock: [{ key: key as never, moved, segments: [{ ...Healthy.segment, ...change }] }]
})

interface Broken {
  readonly says: string
  readonly given: Given
  readonly options?: AuditOptions
  readonly finds: readonly [invariant: string, key: string, left: string, right: string]
}

export const held = { ...Healthy.reservation, state: "held" as const, expiresAt: now - 10 }
export const open = { ...Healthy.saga, state: "open" as const, closedAt: null }
export const pending = {
  order: { ...order, state: "pending_payment" as const },
  history: book.history.slice(0, 1),
  payments: [],
  captures: [],
  entries: []
}
const refund = { refundId: Healthy.sagaId, paymentId, orderId, amount: minor(9_999n) }

const strayReceipt = { ...Healthy.receipt, captureId: "stray", amount: minor(7n), applied: false }
const strayEntry = unappliedEntry({
  ...strayReceipt,
  provider: "sandbox",
  payment: null,
  occurredAt: 1
})

/** Each invariant fails for one reason at least that no row in a real store can have. */
export const broken: ReadonlyArray<Broken> = [
  {
    says: "units that no movement explains",
    given: stocked("MUG", {}, 4),
    finds: ["stock.explained", "MUG", "received: 5", "4"]
  },
  {
    says: "fewer units than none",
    given: stocked("MUG", { received: 1 }, 1),
    finds: ["stock.conserved", "MUG/0", "received - reserved - sold: -1", "0 or more"]
  },
  {
    says: "units given back that no return tells of",
    given: stocked("MUG", { committed: 3, returned: 1 }),
    finds: ["stock.conserved", "MUG/0", "returned: 1", "0"]
  },
  {
    says: "more sold than there ever was",
    given: stocked("MUG", { received: 1 }, 1),
    finds: ["stock.never_oversold", "MUG", "committed and not returned: 2", "units received: 1"]
  },
  {
    says: "a coupon beyond its uses",
    given: stocked("coupon:TEN", {}, 1),
    finds: ["coupon.within_limit", "coupon:TEN", "committed and not returned: 2", "uses allowed: 1"]
  },
  {
    says: "an account beyond its limit",
    given: stocked("limit:MUG:acc", {}, 1),
    finds: [
      "purchase.within_limit",
      "limit:MUG:acc",
      "committed and not returned: 2",
      "units allowed: 1"
    ]
  },
  {
    says: "units held beyond their time, the capture not sent",
    given: changed({ ...pending, reservations: [held], sagas: [open] }),
    finds: ["reservation.lives", `${orderId}/MUG`, "held 10 ms beyond its expiry", "expired"]
  },
  {
    says: "a history with a gap",
    given: changed({ history: book.history.slice(1) }),
    finds: ["order.legal", orderId, "seq: 2", "1"]
  },
  {
    says: "a total that is not the sum of its parts",
    given: changed({ order: { ...order, total: minor(1n) } }),
    finds: ["order.lines_sum", orderId, "total: 1", `${order.total}`]
  },
  {
    says: "an order that was paid twice",
    given: changed({ payments: [payment, payment] }),
    finds: ["paid.once", orderId, "applied payments: 2", "1"]
  },
  {
    says: "an order that has no goods",
    given: changed({ reservations: [] }),
    finds: ["paid.goods", `${orderId}/MUG`, "committed: 0", "2"]
  },
  {
    says: "money kept for an order that is canceled",
    given: changed({ order: { ...order, state: "canceled" } }),
    finds: [
      "captured.owned",
      paymentId,
      `captured at the provider: ${order.total}`,
      "order canceled may keep nothing"
    ]
  },
  {
    says: "more asked back than was taken",
    given: changed({
      payments: [{ ...payment, intended: refund.amount }],
      refunds: [{ ...refund, source: "order", state: "intended" }]
    }),
    finds: ["refund.bounded", paymentId, "refunds: 9999", `of ${order.total}`]
  },
  {
    says: "a book whose debits are not its credits",
    given: {
      trialBalance: [{ account: "assets:bank", currency: usd, debit: minor(5n), credit: minor(4n) }]
    },
    finds: ["ledger.balanced", "all USD", "debits: 5", "4"]
  },
  {
    says: "postings without an entry",
    given: { orphans: ["gone"] },
    finds: ["ledger.balanced", "gone", "postings", "their entry"]
  },
  {
    says: "a ledger that knows nothing of a payment",
    given: changed({ entries: [] }),
    finds: ["ledger.matches_payments", paymentId, `captured - refunded: ${order.total}`, "0"]
  },
  {
    says: "a receipt of more than was captured",
    given: changed({ captures: [{ ...Healthy.receipt, amount: minor(1n) }] }),
    finds: ["ledger.matches_payments", paymentId, "received: 1", `${order.total}`]
  },
  {
    says: "an entry of another payment than its receipt",
    given: changed({ captures: [{ ...Healthy.receipt, paymentId: Healthy.sagaId }] }),
    finds: ["ledger.matches_payments", "c1", `payment: ${Healthy.sagaId}`, paymentId]
  },
  {
    says: "money of an unknown payment that was received and not booked",
    given: { looseCaptures: [strayReceipt] },
    finds: ["ledger.matches_payments", "stray", "receipt: unapplied of 7 USD", "no entry"]
  },
  {
    says: "money of an unknown payment that was booked and not received",
    given: { loose: [strayEntry] },
    finds: ["ledger.matches_payments", "capture:stray", "an entry of unapplied", "its receipt"]
  },
  {
    says: "money of an unknown payment that was booked to another amount",
    given: { loose: [strayEntry], looseCaptures: [{ ...strayReceipt, amount: minor(8n) }] },
    finds: ["ledger.matches_payments", "stray", "receipt: unapplied of 8 USD", "unapplied of 7 USD"]
  },
  {
    says: "an order that is not its buyer's",
    given: changed({ sagas: [{ ...Healthy.saga, account: "other" as never }] }),
    finds: ["idempotency.one_effect", orderId, "account: acc", "other"]
  },
  {
    says: "an order whose buyer was told of another one",
    given: changed({
      answers: [{ status: 201, body: '{"order_id":"other","external_ref":null}' }]
    }),
    finds: ["idempotency.one_effect", orderId, `order_id: ${orderId}`, "other"]
  },
  {
    says: "a key that made two orders",
    given: { claims: { checked: 1, duplicates: [{ key: "k", orders: 2, payments: 1 }] } },
    finds: ["idempotency.one_effect", "k", "2 orders, 1 payments", "one at most"]
  },
  {
    says: "a client was told of an order that is gone",
    given: { orders: [] },
    options: { captures: [] },
    finds: ["acknowledged.survives", orderId, "no order", "an order that a client was told about"]
  },
  {
    says: "a client was told of another total",
    given: {},
    options: { acknowledged: [{ ...told, total: 1n }] },
    finds: ["acknowledged.survives", orderId, `total: ${order.total}`, "1"]
  },
  {
    says: "a client was told of other lines",
    given: {},
    options: { acknowledged: [{ ...told, lines: [mugs, mugs] }] },
    finds: ["acknowledged.survives", orderId, "lines: 2 MUG", "2 MUG, 2 MUG"]
  },
  {
    says: "a saga that never ended",
    given: changed({ sagas: [{ ...open, deadlineAt: 9 }] }),
    finds: ["saga.ends", orderId, "checkout open since 1", "ended by 9 or listed as stuck"]
  },
  {
    says: "an order that nobody decides on",
    given: changed({ ...pending, reservations: [] }),
    finds: ["saga.ends", orderId, "pending_payment", "an open saga that decides"]
  }
]

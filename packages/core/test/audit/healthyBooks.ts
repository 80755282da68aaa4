/** Books written by hand: one order, paid and not yet shipped, and the stock it took. */
import {
  Books,
  type CaptureReceipt,
  type OrderBook,
  type StockBook
} from "@doorbuster/core/audit/Books"
import { breakdown } from "@doorbuster/core/checkout/CheckoutPlan"
import { orderLine } from "@doorbuster/core/checkout/orderSteps"
import type { StockKey } from "@doorbuster/core/inventory/StockKey"
import type { Entry } from "@doorbuster/core/ledger/Entry"
import { zero } from "@doorbuster/core/money/Minor"
import type { Order } from "@doorbuster/core/order/Order"
import type { AccountId } from "@doorbuster/core/order/OrderId"
import { orderId as orderIdOf } from "@doorbuster/core/order/OrderId"
import { bookCapture, newPayment } from "@doorbuster/core/payment/booking"
import type { ProviderCapture } from "@doorbuster/core/payment/PaymentProvider"
import { quoteToText } from "@doorbuster/core/pricing/Quote"
import { namedUuid } from "@doorbuster/core/Uuid"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import { entry, quoted, request, taxRate } from "../pricing/orders.ts"

export const now = 1_000_000
export const sagaId = namedUuid("saga")
export const orderId = orderIdOf(sagaId)
export const paymentId = namedUuid("payment")
export const key = "MUG" as StockKey

/** Taxes are contained in the prices, shipping's too: the hardest case for the sums. */
const quote = quoted(
  request([entry("MUG", 1_250)], [["MUG", 2]], [], {
    taxRates: [taxRate({ percent: "19", mode: "inclusive" })],
    shippingMethod: "parcel"
  })
)

const order: Order = {
  orderId,
  account: "acc" as AccountId,
  externalRef: null,
  currency: quote.currency,
  lines: quote.lines.map(orderLine),
  itemsTotal: quote.itemsTotal,
  discountTotal: quote.discountTotal,
  shippingTotal: quote.shippingTotal,
  taxTotal: quote.taxTotal,
  includedTaxTotal: quote.includedTaxTotal,
  total: quote.total,
  quote: quoteToText(quote),
  shipTo: null,
  occurredAt: 1,
  state: "paid",
  refundedTotal: zero
}

export const capture: ProviderCapture = {
  captureId: "c1",
  paymentId,
  amount: quote.total,
  currency: quote.currency,
  capturedAt: 1
}

const { entry: captureEntry, payment } = bookCapture(
  newPayment(
    {
      paymentId,
      orderId,
      provider: "sandbox",
      currency: quote.currency,
      amount: quote.total,
      breakdown: breakdown(quote),
      epoch: 1,
      at: 0
    },
    "created"
  ),
  { ...capture, provider: "sandbox", occurredAt: 1 }
)
if (payment === null) throw new Error("the capture was not applied")

export const saga: OrderBook["sagas"][number] = {
  sagaId,
  kind: "checkout",
  orderId,
  account: order.account,
  key: "key-1",
  state: "done",
  owner: null,
  epoch: 1,
  cancelRequested: false,
  runAfter: 0,
  attempts: 0,
  lastError: null,
  openedAt: 1,
  deadlineAt: now + 1,
  closedAt: 2
}

export const reservation: OrderBook["reservations"][number] = {
  orderId,
  key,
  segment: 0,
  quantity: 2,
  returned: 0,
  state: "committed",
  expiresAt: now + 1
}

export const paidOrder = { order, payment, entry: captureEntry }

export const receipt: CaptureReceipt = {
  captureId: capture.captureId,
  paymentId,
  amount: capture.amount,
  currency: quote.currency,
  applied: true
}

/** What the buyer was answered under the key of the checkout. */
export const answer = {
  status: 201,
  body: JSON.stringify({ order_id: orderId, state: "pending_payment", external_ref: null })
}

export const book: OrderBook = {
  orderId,
  order,
  history: [
    { seq: 1, event: "Place", from: null, to: "pending_payment", sagaId, at: 1 },
    { seq: 2, event: "Capture", from: "pending_payment", to: "paid", sagaId, at: 2 }
  ],
  shipments: [
    {
      shipmentId: namedUuid("shipment"),
      orderId,
      state: "requested",
      carrier: null,
      tracking: null,
      requestedAt: 2,
      shippedAt: null,
      deliveredAt: null
    }
  ],
  sagas: [saga],
  answers: [answer],
  reservations: [reservation],
  payments: [payment],
  captures: [receipt],
  refunds: [],
  entries: [captureEntry]
}

export const segment: StockBook["segments"][number] = {
  key,
  segment: 0,
  received: 5,
  reserved: 0,
  sold: 2,
  held: 0,
  committed: 2,
  returned: 0,
  givenBack: 0
}

export const stockBook: StockBook = { key, moved: 5, segments: [segment] }

/** What the audit reads; what is not given is in good order. */
export interface Given {
  readonly stock?: ReadonlyArray<StockBook>
  readonly orders?: ReadonlyArray<OrderBook>
  readonly loose?: ReadonlyArray<Entry>
  readonly looseCaptures?: ReadonlyArray<CaptureReceipt>
  readonly orphans?: ReadonlyArray<string>
  readonly trialBalance?: Effect.Success<(typeof Books)["Service"]["trialBalance"]>
  readonly claims?: Effect.Success<(typeof Books)["Service"]["claims"]>
}

export const booksOf = (given: Given) =>
  Layer.succeed(
    Books,
    Books.of({
      stock: Stream.fromIterable(given.stock ?? [stockBook]),
      orders: Stream.fromIterable(given.orders ?? [book]),
      looseEntries: Stream.fromIterable(given.loose ?? []),
      looseCaptures: Stream.fromIterable(given.looseCaptures ?? []),
      orphanPostings: Effect.succeed(given.orphans ?? []),
      trialBalance: Effect.succeed(given.trialBalance ?? []),
      claims: Effect.succeed(given.claims ?? { checked: 1, duplicates: [] }),
      now: Effect.succeed({ at: now, live: false })
    })
  )

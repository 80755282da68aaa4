import type { Entry } from "@doorbuster/core/ledger/Entry"
import type { Currency } from "@doorbuster/core/money/Currency"
import { minor } from "@doorbuster/core/money/Minor"
import type { OrderId } from "@doorbuster/core/order/OrderId"
import {
  type CreatePayment,
  type PaymentRef,
  Payments,
  type RecordCapture
} from "@doorbuster/core/payment/Payments"
import { nextUuid, type Uuid } from "@doorbuster/core/Uuid"
import * as Effect from "effect/Effect"
import { freshName, freshOrder } from "../fresh.ts"

export const euro = "EUR" as Currency
export const dollar = "USD" as Currency

/** 12.00 euros: goods for 10.00, 1.00 off, 1.00 shipping, 2.00 tax, at a provider of its own. */
export const payment = Effect.gen(function* () {
  const request: CreatePayment = {
    paymentId: yield* nextUuid,
    orderId: yield* freshOrder,
    provider: yield* freshName("bank"),
    currency: euro,
    amount: minor(1200n),
    breakdown: {
      sales: minor(1000n),
      discounts: minor(100n),
      shipping: minor(100n),
      tax: minor(200n)
    },
    epoch: 1,
    at: 1_700_000_000_000
  }
  return request
})

export const created = Effect.gen(function* () {
  const payments = yield* Payments
  const request = yield* payment
  yield* payments.create([request])
  return request
})

export const refOf = (request: CreatePayment, epoch = 1): PaymentRef => ({
  paymentId: request.paymentId,
  orderId: request.orderId,
  epoch,
  at: request.at
})

export const sent = Effect.gen(function* () {
  const payments = yield* Payments
  const request = yield* created
  yield* payments.send([refOf(request)])
  return request
})

/** The whole of the payment, as the provider reports it. */
export const captureOf = (
  request: CreatePayment,
  change: Partial<RecordCapture> = {}
): RecordCapture => ({
  paymentId: request.paymentId,
  captureId: `capture-${request.paymentId}`,
  amount: request.amount,
  currency: request.currency,
  provider: request.provider,
  occurredAt: request.at + 1000,
  ...change
})

export const captured = Effect.gen(function* () {
  const payments = yield* Payments
  const request = yield* sent
  const [outcome] = yield* payments.recordCapture([captureOf(request)])
  if (outcome?._tag !== "Applied") return yield* Effect.die(`not applied: ${outcome?._tag}`)
  return request
})

export const intentOf = (
  request: CreatePayment,
  refundId: Uuid,
  amount: number | null,
  source: "order" | "unapplied" = "order"
) => ({
  refundId,
  paymentId: request.paymentId,
  amount: amount === null ? null : minor(BigInt(amount)),
  source,
  at: request.at + 2000
})

/** Intends and records one refund. */
export const refund = Effect.fnUntraced(function* (request: CreatePayment, amount: number) {
  const payments = yield* Payments
  const refundId = yield* nextUuid
  yield* payments.intendRefund([intentOf(request, refundId, amount)])
  const [outcome] = yield* payments.recordRefund([{ refundId, occurredAt: request.at + 3000 }])
  return outcome
})

/** What the payment is by now; it must be there. */
export const paymentNow = Effect.fnUntraced(function* (request: CreatePayment) {
  const payments = yield* Payments
  const found = yield* payments.find(request.paymentId)
  return found ?? (yield* Effect.die(`payment ${request.paymentId} is gone`))
})

export const entriesOf = Effect.fnUntraced(function* (orderId: OrderId) {
  const payments = yield* Payments
  const { entries } = yield* payments.ofOrder(orderId)
  return [...entries].sort((a, b) => (a.entryId < b.entryId ? -1 : 1))
})

/** Sums of postings by account, without those that are square. */
export const balances = (entries: ReadonlyArray<Entry>): Readonly<Record<string, bigint>> => {
  const sums: Record<string, bigint> = {}
  for (const { postings } of entries) {
    for (const { account, amount } of postings) sums[account] = (sums[account] ?? 0n) + amount
  }
  return Object.fromEntries(Object.entries(sums).filter(([, sum]) => sum !== 0n))
}

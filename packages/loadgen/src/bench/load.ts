/** Callers who know nothing of each other, each with one order at a time, until it is paid. */
import { randomUUID } from "node:crypto"
import type { Acknowledged } from "@doorbuster/core/audit/Invariant"
import { Quantity } from "@doorbuster/core/catalog/Quantity"
import type { Sku } from "@doorbuster/core/catalog/Sku"
import { Checkout, type PlaceOrder } from "@doorbuster/core/checkout/Checkout"
import { AccountId, type OrderId } from "@doorbuster/core/order/OrderId"
import { SagaRunner } from "@doorbuster/core/saga/SagaRunner"
import * as Effect from "effect/Effect"
import { currency, orderTotal, postage } from "./shelf.ts"
import { quantile } from "./statistics.ts"
import { type Done, windowFigures } from "./window.ts"

export interface LoadOptions {
  readonly callers: number
  /** Nobody's order counts before this has passed. */
  readonly warmupMs: number
  readonly measureMs: number
  /** Each order is one unit of one of these. */
  readonly skus: ReadonlyArray<Sku>
}

export interface LoadFigures {
  /** Orders that were placed and paid, those of the warm-up included. */
  readonly acknowledged: ReadonlyArray<Acknowledged>
  /** Orders paid per second, once warm. */
  readonly perSecond: number
  /** Milliseconds from asking until the order is paid. */
  readonly p50Ms: number
  readonly p99Ms: number
  /** Milliseconds from asking until the buyer is told of the order, in the middle. */
  readonly answeredP50Ms: number
}

interface Paid extends Done {
  readonly answeredMs: number
}

const one = Quantity.make(1)
const fingerprint = "0".repeat(64)

/** One unit, with postage. */
export const orderOf = (account: AccountId, key: string, sku: Sku): PlaceOrder => ({
  account,
  key,
  fingerprint,
  shipTo: null,
  expectedTotal: null,
  externalRef: null,
  occurredAt: null,
  currency,
  lines: [{ sku, quantity: one }],
  coupons: [],
  shippingMethod: postage
})

/**
 * Runs the callers for as long as it was asked to, and waits for the last order of each; each has
 * one at least. Their accounts are new, so that no key was ever used before.
 */
export const load = Effect.fnUntraced(function* ({
  callers,
  measureMs,
  skus,
  warmupMs
}: LoadOptions) {
  const checkout = yield* Checkout
  const runner = yield* SagaRunner
  const acknowledged: Array<Acknowledged> = []
  const paid: Array<Paid> = []
  const begun = performance.now()
  const until = warmupMs + measureMs
  const now = () => performance.now() - begun

  const caller = Effect.gen(function* () {
    const account = AccountId.make(randomUUID())
    for (let turn = 0; turn === 0 || now() < until; turn++) {
      const sku = skus[Math.floor(Math.random() * skus.length)] as Sku
      const asked = now()
      const { answer } = yield* checkout.place(orderOf(account, `order-${turn}`, sku))
      const answered = now()
      const { order_id: orderId } = JSON.parse(answer.body) as { readonly order_id: OrderId }
      yield* runner.ended(orderId)
      const at = now()
      acknowledged.push({ orderId, total: orderTotal, lines: [{ sku, quantity: 1 }] })
      paid.push({ at, ms: at - asked, answeredMs: answered - asked })
    }
  })

  yield* Effect.forEach(Array.from({ length: callers }), () => caller, {
    concurrency: "unbounded",
    discard: true
  })
  yield* runner.idle
  const { counted, ...rest } = windowFigures(paid, warmupMs, until)
  const answered = counted.map(({ answeredMs }) => answeredMs)
  const figures: LoadFigures = { ...rest, acknowledged, answeredP50Ms: quantile(answered, 0.5) }
  return figures
})

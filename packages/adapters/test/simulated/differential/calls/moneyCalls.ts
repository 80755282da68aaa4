import fc from "fast-check"
import type { PortCall } from "../Action.ts"
import { at, batchOf, call, done, epoch, uuidOf } from "./world.ts"

/** Payments with their orders: the first two are for one order. */
const orderOf: Readonly<Record<string, string>> = {
  [uuidOf(0xa1)]: uuidOf(1),
  [uuidOf(0xa2)]: uuidOf(1),
  [uuidOf(0xa3)]: uuidOf(2)
}
const paymentIds = Object.keys(orderOf)
const aPayment = fc.constantFrom(...paymentIds)
const anOrder = fc.constantFrom(uuidOf(1), uuidOf(1), uuidOf(2))
const aRefund = fc.constantFrom(...[0xb1, 0xb2, 0xb3].map(uuidOf))

const paymentOf = (paymentId: string, own: number) => ({
  paymentId,
  orderId: orderOf[paymentId] as string,
  provider: "bank",
  currency: "EUR",
  amount: 1200n,
  breakdown: { sales: 1000n, discounts: 100n, shipping: 100n, tax: 200n },
  epoch: own,
  at
})

const creation = fc.tuple(aPayment, epoch).map(([id, own]) => paymentOf(id, own))

const reference = fc
  .tuple(aPayment, epoch)
  .map(([paymentId, own]) => ({ paymentId, orderId: orderOf[paymentId], epoch: own, at }))

const decline = fc
  .tuple(reference, fc.constantFrom("no money", "stolen"))
  .map(([ref, reason]) => ({ ...ref, reason }))

const capture = fc.record({
  paymentId: fc.constantFrom(...paymentIds, ...paymentIds, uuidOf(0xa9)),
  captureId: fc.constantFrom("c1", "c2", "c3"),
  amount: fc.constantFrom(1200n, 1200n, 700n),
  currency: fc.constantFrom("EUR", "EUR", "EUR", "USD"),
  provider: fc.constant("bank"),
  occurredAt: fc.constant(at + 3)
})

const intent = fc.record({
  refundId: aRefund,
  paymentId: aPayment,
  amount: fc.constantFrom(100n, 700n, 1200n, null),
  source: fc.constantFrom("order", "order", "unapplied"),
  at: fc.constant(at + 4)
})

const refunding = fc.record({ refundId: aRefund, occurredAt: fc.constant(at + 5) })

const recognition = fc.record({
  shipmentId: fc.constantFrom(uuidOf(51), uuidOf(52)),
  orderId: anOrder,
  occurredAt: fc.constant(at + 6)
})

const posting = (amount: bigint) => [
  { account: "expenses:bad_debt", amount },
  { account: "assets:provider:bank", amount: -amount }
]

const entry = fc.record({
  entryId: fc.constantFrom("e1", "e2"),
  kind: fc.constant("bad_debt"),
  currency: fc.constant("EUR"),
  orderId: fc.constant(null),
  paymentId: fc.constant(null),
  memo: fc.constant("test"),
  occurredAt: fc.constant(at),
  postings: fc.constantFrom(5n, 5n, 6n).map(posting)
})

const fencing = fc.record({ orderId: anOrder, epoch: fc.constantFrom(1, 2, 3) })

const byPayment = ({ paymentId }: { readonly paymentId: string }) => paymentId

export const moneyCall: fc.Arbitrary<PortCall> = fc.oneof(
  { weight: 5, arbitrary: call("payments", "create", batchOf(creation, byPayment)) },
  { weight: 4, arbitrary: call("payments", "send", batchOf(reference, byPayment)) },
  { weight: 6, arbitrary: call("payments", "recordCapture", batchOf(capture)) },
  { weight: 2, arbitrary: call("payments", "recordDecline", batchOf(decline, byPayment)) },
  { weight: 3, arbitrary: call("payments", "cancel", batchOf(creation, byPayment)) },
  { weight: 4, arbitrary: call("payments", "intendRefund", batchOf(intent)) },
  { weight: 3, arbitrary: call("payments", "recordRefund", batchOf(refunding)) },
  { weight: 2, arbitrary: call("payments", "recognise", batchOf(recognition)) },
  { weight: 3, arbitrary: call("payments", "post", batchOf(entry)) },
  { weight: 3, arbitrary: call("payments", "fence", batchOf(fencing)) },
  { weight: 1, arbitrary: call("payments", "find", aPayment) },
  { weight: 1, arbitrary: call("payments", "ofOrder", anOrder) },
  { weight: 1, arbitrary: call("payments", "trialBalance") }
)

const ref = (paymentId: string) => ({ paymentId, orderId: orderOf[paymentId], epoch: 1, at })

const captured = (paymentId: string, captureId: string) => ({
  paymentId,
  captureId,
  amount: 1200n,
  currency: "EUR",
  provider: "bank",
  occurredAt: at
})

const intended = {
  refundId: uuidOf(0xb1),
  paymentId: uuidOf(0xa1),
  amount: 100n,
  source: "order",
  at
}

export const moneyOpening: ReadonlyArray<PortCall> = [
  done(
    "payments",
    "create",
    paymentIds.map((id) => paymentOf(id, 1))
  ),
  done("payments", "send", [ref(uuidOf(0xa1))]),
  done("payments", "recordCapture", [captured(uuidOf(0xa1), "c0")]),
  done("payments", "intendRefund", [intended]),
  done("payments", "fence", [{ orderId: uuidOf(2), epoch: 2 }])
]

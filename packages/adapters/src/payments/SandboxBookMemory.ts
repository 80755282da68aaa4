import type { Uuid } from "@doorbuster/core/Uuid"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import {
  asOf,
  SandboxBook,
  type SandboxPayment,
  type SandboxRefund,
  settled
} from "./SandboxBook.ts"

/** Lives as long as the process: for tests and simulations. */
export const layer = Layer.sync(SandboxBook, () => {
  const payments = new Map<Uuid, SandboxPayment>()
  const refunds = new Map<Uuid, SandboxRefund>()

  const refunded = (paymentId: Uuid) => {
    let sum = 0n
    for (const refund of refunds.values()) {
      if (refund.paymentId === paymentId) sum += refund.amount
    }
    return sum
  }

  /** A capture that is due is written down before it is told. */
  const seen = (paymentId: Uuid, at: number): SandboxPayment | undefined => {
    const known = payments.get(paymentId)
    if (known === undefined) return undefined
    const now = asOf(known, at)
    payments.set(paymentId, now)
    return now
  }

  return SandboxBook.of({
    open: (batch) =>
      Effect.sync(() =>
        batch.map((payment) => {
          const known = payments.get(payment.paymentId)
          if (known !== undefined) return known
          const fresh: SandboxPayment = {
            ...payment,
            state: "unconfirmed",
            reason: null,
            settlesAt: null,
            capturedAt: null
          }
          payments.set(payment.paymentId, fresh)
          return fresh
        })
      ),
    settle: (batch) =>
      Effect.sync(() =>
        batch.map((change) => {
          const known = payments.get(change.paymentId)
          if (known === undefined) return undefined
          const next = settled(known, change)
          payments.set(change.paymentId, next)
          return next
        })
      ),
    find: (paymentIds, at) => Effect.sync(() => paymentIds.map((id) => seen(id, at))),
    refund: (batch) =>
      Effect.sync(() =>
        batch.map(({ amount, at, paymentId, refundId }) => {
          if (refunds.has(refundId)) return true
          const payment = seen(paymentId, at)
          if (payment?.state !== "captured") return false
          if (refunded(paymentId) + amount > payment.amount) return false
          refunds.set(refundId, { amount, paymentId, refundId })
          return true
        })
      ),
    captured: (at) =>
      Effect.sync(() =>
        [...payments.keys()].flatMap((id) => {
          const payment = seen(id, at)
          return payment?.state === "captured" ? [payment] : []
        })
      ),
    refunds: Effect.sync(() => [...refunds.values()])
  })
})

import * as Batcher from "@doorbuster/core/batch/Batcher"
import {
  PaymentProvider,
  type ProviderCapture,
  type ProviderEvent,
  ProviderOutcomeUnknown,
  type ProviderPayment,
  ProviderUnavailable
} from "@doorbuster/core/payment/PaymentProvider"
import type { StorageError } from "@doorbuster/core/StorageError"
import type { Uuid } from "@doorbuster/core/Uuid"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Queue from "effect/Queue"
import { behaviorOf, delayOf, type SandboxOptions } from "./SandboxBehavior.ts"
import { SandboxBook, type SandboxPayment, type SettlePayment } from "./SandboxBook.ts"

/** What the sandbox would send to the shop's webhook, to be delivered by whoever takes it. */
export class SandboxEvents extends Context.Service<
  SandboxEvents,
  {
    readonly queue: Queue.Dequeue<{ readonly event: ProviderEvent; readonly afterMs: number }>
    /**
     * Whether it has come to what the message says, to be asked right before it is sent: it was put
     * down before its time, and a payment that is canceled meanwhile is never captured. Waits for a
     * payment that is still pending, as timers of one clock are early by another.
     */
    readonly cameTrue: (event: ProviderEvent) => Effect.Effect<boolean, ProviderUnavailable>
  }
>()("@doorbuster/adapters/payments/SandboxEvents") {}

export const providerName = "sandbox"

const captureOf = (payment: SandboxPayment): ProviderCapture => ({
  captureId: `cap_${payment.paymentId}`,
  paymentId: payment.paymentId,
  amount: payment.amount,
  currency: payment.currency,
  capturedAt: payment.capturedAt ?? 0
})

const answerOf = (payment: SandboxPayment): ProviderPayment => {
  switch (payment.state) {
    case "unconfirmed":
      return { _tag: "Unconfirmed" }
    case "pending":
      return { _tag: "Pending" }
    case "captured":
      return { _tag: "Captured", captures: [captureOf(payment)] }
    case "declined":
      return { _tag: "Declined", reason: payment.reason ?? "declined" }
    case "canceled":
      return { _tag: "Canceled" }
  }
}

const unavailable = (operation: string) => (error: StorageError) =>
  new ProviderUnavailable({ operation, detail: error.message })

const lost = (operation: string, detail: string) =>
  new ProviderOutcomeUnknown({ operation, detail })

/** What an asking for the capture does to the payment. */
const changeFor = (options: SandboxOptions, paymentId: Uuid, at: number): SettlePayment => {
  const base = { paymentId, at, reason: null, settlesAt: null }
  switch (behaviorOf(options, paymentId)) {
    case "decline":
      return { ...base, to: "declined", reason: "card_declined" }
    case "late":
      return { ...base, to: "pending", settlesAt: at + delayOf(options, paymentId) }
    default:
      return { ...base, to: "captured" }
  }
}

/**
 * A payment provider inside the process whose every behaviour follows from a seed. Its book
 * outlives the process when the `SandboxBook` does; which askings were lost before does not, so
 * after a restart a first asking may be lost once more.
 */
export const layer = (options: SandboxOptions) =>
  Layer.effectContext(
    Effect.gen(function* () {
      const book = yield* SandboxBook
      const queue = yield* Queue.unbounded<{
        readonly event: ProviderEvent
        readonly afterMs: number
      }>()
      const batch = { limit: 256 } as const
      const open = yield* Batcher.make({ name: "sandbox.open", ...batch, flush: book.open })
      const settle = yield* Batcher.make({ name: "sandbox.settle", ...batch, flush: book.settle })
      const refund = yield* Batcher.make({ name: "sandbox.refund", ...batch, flush: book.refund })
      const look = yield* Batcher.make({
        name: "sandbox.find",
        ...batch,
        flush: (ids: ReadonlyArray<Uuid>) =>
          Effect.flatMap(Clock.currentTimeMillis, (at) => book.find(ids, at))
      })
      const asked = new Set<Uuid>()

      const change = Effect.fnUntraced(function* (operation: string, request: SettlePayment) {
        const payment = yield* Effect.mapError(settle.submit(request), unavailable(operation))
        if (payment !== undefined) return payment
        return yield* new ProviderUnavailable({ operation, detail: "no such payment" })
      })

      const announce = (payment: SandboxPayment, afterMs: number, times: number) =>
        Effect.forEach(
          Array.from({ length: times }),
          () => {
            const capture = captureOf(payment)
            const { paymentId } = payment
            const eventId = `evt_${paymentId}`
            const event = { eventId, type: "payment.captured", paymentId, capture } as const
            return Queue.offer(queue, { event, afterMs })
          },
          { discard: true }
        )

      const capture = Effect.fnUntraced(function* (paymentId: Uuid) {
        const behavior = behaviorOf(options, paymentId)
        const first = !asked.has(paymentId)
        asked.add(paymentId)
        if (behavior === "timeout_before" && first) {
          return yield* lost("capture", "the request was lost")
        }
        const at = yield* Clock.currentTimeMillis
        const payment = yield* change("capture", changeFor(options, paymentId, at))
        if (payment.state !== "pending") asked.delete(paymentId)
        if (behavior === "timeout_after" && first) {
          asked.add(paymentId)
          return yield* lost("capture", "the answer was lost")
        }
        if (first && payment.state === "pending" && payment.settlesAt !== null) {
          const capturedAt = payment.settlesAt
          yield* announce({ ...payment, capturedAt }, payment.settlesAt - at, 1)
        }
        if (first && behavior === "twice" && payment.state === "captured") {
          yield* announce(payment, 0, 2)
        }
        return answerOf(payment)
      })

      const provider = PaymentProvider.of({
        name: providerName,
        create: (payment) =>
          Effect.mapBoth(open.submit(payment), {
            onSuccess: answerOf,
            onFailure: unavailable("create")
          }),
        capture,
        cancel: Effect.fnUntraced(function* (payment) {
          const { paymentId } = payment
          const at = yield* Clock.currentTimeMillis
          yield* Effect.mapError(open.submit(payment), unavailable("cancel"))
          const to = "canceled"
          const request = { paymentId, at, to, reason: null, settlesAt: null } as const
          return answerOf(yield* change("cancel", request))
        }),
        refund: Effect.fnUntraced(function* (request) {
          const at = yield* Clock.currentTimeMillis
          const written = refund.submit({ ...request, at })
          const done = yield* Effect.mapError(written, unavailable("refund"))
          if (done) return request
          const detail = `more than is left of payment ${request.paymentId}`
          return yield* new ProviderUnavailable({ operation: "refund", detail })
        }),
        book: Effect.gen(function* () {
          const captured = yield* book.captured(yield* Clock.currentTimeMillis)
          return { captures: captured.map(captureOf), refunds: yield* book.refunds }
        }).pipe(Effect.mapError(unavailable("book")))
      })

      const cameTrue = Effect.fnUntraced(function* ({ paymentId, type }: ProviderEvent) {
        for (;;) {
          const payment = yield* Effect.mapError(look.submit(paymentId), unavailable("find"))
          if (payment?.state !== "pending") return type === `payment.${payment?.state}`
          const leftMs = (payment.settlesAt ?? 0) - (yield* Clock.currentTimeMillis)
          yield* Effect.sleep(Math.max(1, leftMs))
        }
      })

      return Context.make(PaymentProvider, provider).pipe(
        Context.add(SandboxEvents, { queue, cameTrue })
      )
    })
  )

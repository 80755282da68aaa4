import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Writes } from "../batch/Writes.ts"
import { Sagas } from "../order/Sagas.ts"
import { PaymentProvider, type ProviderEvent } from "../payment/PaymentProvider.ts"
import { Payments } from "../payment/Payments.ts"
import { Refunds } from "../refund/Refunds.ts"
import { StorageError } from "../StorageError.ts"

/**
 * What the provider tells us of its own accord. Messages come late, twice, out of order or before
 * the provider's own answer, so each is applied by its own facts and never by its order.
 */
export class PaymentEvents extends Context.Service<
  PaymentEvents,
  { readonly receive: (event: ProviderEvent) => Effect.Effect<void, StorageError> }
>()("@doorbuster/core/checkout/PaymentEvents") {
  static readonly layer = Layer.effect(
    PaymentEvents,
    Effect.gen(function* () {
      const writes = yield* Writes
      const payments = yield* Payments
      const sagas = yield* Sagas
      const refunds = yield* Refunds
      const provider = yield* PaymentProvider

      /** The payment's saga may be waiting for just this: any worker takes it up now. */
      const wake = Effect.fnUntraced(function* (event: ProviderEvent) {
        const payment = yield* payments.find(event.paymentId)
        if (payment !== undefined) yield* sagas.retry(payment.orderId)
      })

      const receive = Effect.fn("PaymentEvents.receive")(function* (event: ProviderEvent) {
        if (event.type === "payment.captured" && event.capture !== undefined) {
          const { amount, captureId, capturedAt, currency, paymentId } = event.capture
          const payment = yield* payments.find(paymentId)
          const outcome = yield* writes.recordCapture({
            paymentId,
            captureId,
            amount,
            currency,
            provider: provider.name,
            occurredAt: capturedAt
          })
          if (outcome._tag === "Unapplied" && payment !== undefined) {
            const receipt = { captureId, paymentId, orderId: payment.orderId, amount }
            yield* Effect.mapError(
              refunds.giveBackUnapplied(receipt),
              ({ detail }) =>
                new StorageError({ operation: "refund", reason: "unavailable", detail })
            )
          }
        }
        yield* wake(event)
      })

      return PaymentEvents.of({ receive })
    })
  )
}

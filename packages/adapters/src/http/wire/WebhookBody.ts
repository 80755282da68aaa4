import { Currency } from "@doorbuster/core/money/Currency"
import { MinorFromNumber } from "@doorbuster/core/money/Minor"
import type { ProviderEvent } from "@doorbuster/core/payment/PaymentProvider"
import { Uuid } from "@doorbuster/core/Uuid"
import * as Schema from "effect/Schema"
import { Reference } from "./Text.ts"
import { Timestamp } from "./Timestamp.ts"

/** A message of the payment provider; delivered at least once, in any order. */
export const WebhookBody = Schema.Struct({
  event_id: Reference,
  type: Schema.Literals([
    "payment.captured",
    "payment.declined",
    "payment.canceled",
    "refund.succeeded"
  ]),
  payment_id: Uuid,
  /** With `payment.captured` only. */
  capture: Schema.optionalKey(
    Schema.Struct({
      capture_id: Reference,
      amount: MinorFromNumber.check(
        Schema.makeFilter((amount: bigint) => amount > 0n, { expected: "an amount above zero" })
      ),
      currency: Currency,
      captured_at: Timestamp
    })
  )
}).check(
  Schema.makeFilter(
    (body: { readonly type: string; readonly capture?: unknown }) =>
      (body.type === "payment.captured") === (body.capture !== undefined),
    { expected: "a capture with payment.captured, and with nothing else" }
  )
)

export const providerEvent = (body: typeof WebhookBody.Type): ProviderEvent => ({
  eventId: body.event_id,
  type: body.type,
  paymentId: body.payment_id,
  ...(body.capture !== undefined && {
    capture: {
      captureId: body.capture.capture_id,
      paymentId: body.payment_id,
      amount: body.capture.amount,
      currency: body.capture.currency,
      capturedAt: body.capture.captured_at
    }
  })
})

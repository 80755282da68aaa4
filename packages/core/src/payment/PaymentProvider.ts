import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Currency } from "../money/Currency.ts"
import type { Minor } from "../money/Minor.ts"
import type { Uuid } from "../Uuid.ts"

/** Nothing happened at the provider: send it again later. */
export class ProviderUnavailable extends Schema.TaggedError<ProviderUnavailable>()(
  "ProviderUnavailable",
  { operation: Schema.String, detail: Schema.String },
  { httpApiStatus: 503 }
) {
  override get message() {
    return `payment provider: ${this.operation}: ${this.detail}`
  }
}

/** It may have happened: ask again with the same key until it is known; never guess. */
export class ProviderOutcomeUnknown extends Schema.TaggedError<ProviderOutcomeUnknown>()(
  "ProviderOutcomeUnknown",
  { operation: Schema.String, detail: Schema.String },
  { httpApiStatus: 503 }
) {
  override get message() {
    return `payment provider: ${this.operation}: outcome unknown: ${this.detail}`
  }
}

export type ProviderError = ProviderUnavailable | ProviderOutcomeUnknown

export interface ProviderCapture {
  readonly captureId: string
  readonly paymentId: Uuid
  readonly amount: Minor
  readonly currency: Currency
  /** Epoch milliseconds on the provider's clock. */
  readonly capturedAt: number
}

export type ProviderPayment =
  | { readonly _tag: "Unconfirmed" }
  /** The provider is still working on it: ask again, or wait for its message. */
  | { readonly _tag: "Pending" }
  | { readonly _tag: "Captured"; readonly captures: ReadonlyArray<ProviderCapture> }
  | { readonly _tag: "Declined"; readonly reason: string }
  | { readonly _tag: "Canceled" }

export interface ProviderRefund {
  readonly refundId: Uuid
  readonly paymentId: Uuid
  readonly amount: Minor
}

/** What a provider tells us of its own accord; delivered at least once, in any order. */
export interface ProviderEvent {
  readonly eventId: string
  readonly type: "payment.captured" | "payment.declined" | "payment.canceled" | "refund.succeeded"
  readonly paymentId: Uuid
  readonly capture?: ProviderCapture
}

/**
 * A payment provider. Every call is idempotent by the payment's or the refund's id: the same call
 * with the same id has the same effect once and the same answer for ever.
 */
export class PaymentProvider extends Context.Service<
  PaymentProvider,
  {
    readonly name: string
    /** Makes the payment, unconfirmed: nothing can be charged yet. */
    readonly create: (payment: {
      readonly paymentId: Uuid
      readonly amount: Minor
      readonly currency: Currency
    }) => Effect.Effect<ProviderPayment, ProviderError>
    readonly capture: (paymentId: Uuid) => Effect.Effect<ProviderPayment, ProviderError>
    /** Create-then-cancel: a payment that never existed is canceled too. Captured wins. */
    readonly cancel: (payment: {
      readonly paymentId: Uuid
      readonly amount: Minor
      readonly currency: Currency
    }) => Effect.Effect<ProviderPayment, ProviderError>
    readonly refund: (refund: ProviderRefund) => Effect.Effect<ProviderRefund, ProviderError>
    /** The provider's own book, for audits: every capture and every refund it knows. */
    readonly book: Effect.Effect<
      {
        readonly captures: ReadonlyArray<ProviderCapture>
        readonly refunds: ReadonlyArray<ProviderRefund>
      },
      ProviderError
    >
  }
>()("@doorbuster/core/payment/PaymentProvider") {}

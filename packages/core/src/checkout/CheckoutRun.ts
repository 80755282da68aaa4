import type * as Effect from "effect/Effect"
import type { Writes } from "../batch/Writes.ts"
import type { PaymentState } from "../payment/Payment.ts"
import type { PaymentProvider, ProviderCapture } from "../payment/PaymentProvider.ts"
import type { CreatePayment } from "../payment/Payments.ts"
import type { SagaContext } from "../saga/SagaContext.ts"
import type { Machinery } from "../saga/Step.ts"
import type { Uuid } from "../Uuid.ts"
import type { CheckoutPlan } from "./CheckoutPlan.ts"
import { breakdown } from "./CheckoutPlan.ts"
import type { CheckoutError } from "./errors.ts"

/** Why a checkout was compensated: what the buyer is told, or why the order was canceled later. */
export type Refusal =
  | CheckoutError
  | { readonly _tag: "PaymentDeclined"; readonly detail: string }
  | { readonly _tag: "PaymentCanceled" }
  | { readonly _tag: "AmountDiffers" }
  | { readonly _tag: "ReservationExpired" }
  | { readonly _tag: "CancelRequested" }

/** One checkout while a process runs it. */
export interface CheckoutRun extends SagaContext<Refusal> {
  readonly plan: CheckoutPlan
  /** The plan's quote in its storage form: the saga and the order both keep it. */
  readonly quoteText: string
  /** Known once the payment's row was read. */
  paymentState: PaymentState | null
  /** What the provider says it captured. */
  captures: ReadonlyArray<ProviderCapture>
}

/** What the steps work with. */
export interface CheckoutPorts {
  readonly writes: (typeof Writes)["Service"]
  readonly provider: (typeof PaymentProvider)["Service"]
  /** Gives money back that belongs to no order; idempotent by the capture. */
  readonly giveBackUnapplied: (receipt: {
    readonly captureId: string
    readonly paymentId: Uuid
    readonly orderId: CheckoutRun["orderId"]
    readonly amount: ProviderCapture["amount"]
  }) => Effect.Effect<void, Machinery>
  /** Gives the whole order back: the buyer canceled while the money was on its way. */
  readonly refundCanceled: (run: CheckoutRun) => Effect.Effect<void, Machinery>
}

/** Nothing is to be paid: steps 4 to 6 have nothing to do. */
export const isFree = ({ plan }: CheckoutRun): boolean => plan.quote.total === 0n

export const paymentOf = (
  { epoch, orderId, plan }: CheckoutRun,
  provider: string,
  at: number
): CreatePayment => ({
  paymentId: plan.paymentId,
  orderId,
  provider,
  currency: plan.quote.currency,
  amount: plan.quote.total,
  breakdown: breakdown(plan.quote),
  epoch,
  at
})

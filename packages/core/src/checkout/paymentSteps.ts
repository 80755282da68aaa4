import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { ProviderError, ProviderPayment } from "../payment/PaymentProvider.ts"
import { unlessSuperseded } from "../saga/SagaContext.ts"
import {
  type Compensatable,
  type Machinery,
  machinery,
  type Pivot,
  type Retriable,
  refusedWrite,
  rejected,
  superseded,
  type Unknown,
  unknown
} from "../saga/Step.ts"
import {
  type CheckoutPorts,
  type CheckoutRun,
  isFree,
  paymentOf,
  type Refusal
} from "./CheckoutRun.ts"

const declined = (detail: string) => rejected<Refusal>({ _tag: "PaymentDeclined", detail })
const canceled = rejected<Refusal>({ _tag: "PaymentCanceled" })

/** Books every capture; money that the order cannot take goes back. True: the order is paid. */
const book = Effect.fnUntraced(function* (ports: CheckoutPorts, run: CheckoutRun) {
  let applied = false
  for (const { amount, captureId, currency, paymentId } of run.captures) {
    const outcome = yield* Effect.mapError(
      ports.writes.recordCapture({
        paymentId,
        captureId,
        amount,
        currency,
        provider: ports.provider.name,
        occurredAt: run.plan.occurredAt
      }),
      machinery
    )
    if (outcome._tag === "Applied") applied = true
    else yield* ports.giveBackUnapplied({ captureId, paymentId, orderId: run.orderId, amount })
  }
  return applied
})

/** Before the capture is sent the order may be given up; afterwards only the answer counts. */
const unlessGivenUp = Effect.fnUntraced(function* (ports: CheckoutPorts, run: CheckoutRun) {
  if (run.paymentState !== "created") return
  const now = yield* Clock.currentTimeMillis
  if (now > run.plan.expiresAt) {
    return yield* Effect.fail(rejected<Refusal>({ _tag: "ReservationExpired" }))
  }
  const asked = yield* Effect.mapError(ports.writes.cancelRequested(run.sagaId), machinery)
  if (asked) return yield* Effect.fail(rejected<Refusal>({ _tag: "CancelRequested" }))
})

/** A payment that is only created charges nothing, so a lost answer is simply asked for again. */
const asMachinery = (error: ProviderError): Machinery => machinery(error)

const asFailure = (error: ProviderError): Machinery | Unknown =>
  error._tag === "ProviderOutcomeUnknown" ? unknown(error) : machinery(error)

/** Step 4: the payment's row, then the payment at the provider, unconfirmed. */
export const createPaymentStep = (
  ports: CheckoutPorts
): Pick<Compensatable<CheckoutRun, Refusal>, "run" | "undo"> => ({
  run: Effect.fnUntraced(function* (run) {
    if (isFree(run)) return
    const at = yield* Clock.currentTimeMillis
    const payment = paymentOf(run, ports.provider.name, at)
    const written = yield* Effect.mapError(ports.writes.createPayment(payment), refusedWrite)
    const { state } = yield* unlessSuperseded(written)
    const isFirstTry = run.epoch === 1 && run.paymentState === null
    run.paymentState = state
    if (state === "canceled") return yield* Effect.fail(canceled)
    if (state !== "created") return
    // The pivot asks in any case; what has to be tried again may never get there.
    if (!isFirstTry) yield* unlessGivenUp(ports, run)
    yield* Effect.mapError(ports.provider.create(payment), asMachinery)
  }),
  undo: Effect.fnUntraced(function* (run) {
    if (isFree(run)) return
    const at = yield* Clock.currentTimeMillis
    const payment = paymentOf(run, ports.provider.name, at)
    // The provider first: our row may say "canceled" only when no capture can follow.
    const answer = yield* Effect.mapError(ports.provider.cancel(payment), asFailure)
    const written = yield* Effect.mapError(ports.writes.cancelPayment(payment), machinery)
    const outcome = yield* unlessSuperseded(written)
    if (outcome._tag === "Captured") {
      const message = `order ${run.orderId} is being undone but is paid for; run store check`
      return yield* Effect.fail(machinery({ message }))
    }
    if (answer._tag !== "Captured") return
    run.captures = answer.captures
    yield* book(ports, run)
  })
})

/** Learns what became of the payment: the provider alone knows. */
const settle = Effect.fnUntraced(function* (
  ports: CheckoutPorts,
  run: CheckoutRun,
  answer: ProviderPayment,
  expired: boolean
) {
  switch (answer._tag) {
    case "Captured": {
      run.captures = answer.captures
      const [first] = answer.captures
      const { currency, total } = run.plan.quote
      if (first?.amount === total && first.currency === currency) return
      yield* book(ports, run)
      return yield* Effect.fail(rejected<Refusal>({ _tag: "AmountDiffers" }))
    }
    case "Declined": {
      const { epoch, orderId, plan } = run
      const at = yield* Clock.currentTimeMillis
      const { reason } = answer
      const ref = { paymentId: plan.paymentId, orderId, epoch, at, reason }
      const written = yield* Effect.mapError(ports.writes.recordDecline(ref), machinery)
      yield* unlessSuperseded(written)
      return yield* Effect.fail(declined(reason))
    }
    case "Canceled":
      return yield* Effect.fail(
        expired ? rejected<Refusal>({ _tag: "ReservationExpired" }) : canceled
      )
    case "Pending":
    case "Unconfirmed":
      return yield* Effect.fail(unknown({ message: "the provider has not decided yet" }))
  }
})

/**
 * Step 5, the pivot: send the capture. Without a clear answer it is asked for again with the same
 * key; beyond the reservation's life the payment is canceled there first, and only a provider that
 * says so makes it canceled here.
 */
export const capturePivot = (ports: CheckoutPorts): Pivot<CheckoutRun, Refusal>["run"] =>
  Effect.fnUntraced(function* (run) {
    if (isFree(run)) return
    yield* unlessGivenUp(ports, run)
    const { epoch, orderId, plan } = run
    const at = yield* Clock.currentTimeMillis
    const written = yield* Effect.mapError(
      ports.writes.sendPayment({ paymentId: plan.paymentId, orderId, epoch, at }),
      machinery
    )
    const sent = yield* unlessSuperseded(written)
    switch (sent._tag) {
      case "Canceled":
        return yield* Effect.fail(canceled)
      case "Declined":
        return yield* Effect.fail(declined(sent.reason))
      case "Captured": {
        // A message has booked one capture; the provider may know of others that it told nobody.
        const answer = yield* Effect.mapError(ports.provider.capture(plan.paymentId), asFailure)
        if (answer._tag === "Captured") run.captures = answer.captures
        return
      }
      case "Sending": {
        run.paymentState = "capture_sent"
        const expired = at > plan.expiresAt
        const asked = expired
          ? ports.provider.cancel(paymentOf(run, ports.provider.name, at))
          : ports.provider.capture(plan.paymentId)
        yield* settle(ports, run, yield* Effect.mapError(asked, asFailure), expired)
      }
    }
  })

/** Step 6: the capture and its journal entry. */
export const recordCaptureStep = (ports: CheckoutPorts): Retriable<CheckoutRun>["run"] =>
  Effect.fnUntraced(function* (run) {
    if (isFree(run) || run.captures.length === 0) return
    const applied = yield* book(ports, run)
    // Somebody with a higher epoch has given the order up meanwhile; the money is on its way back.
    if (!applied) return yield* Effect.fail(superseded)
  })

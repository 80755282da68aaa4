import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import { Writes } from "../batch/Writes.ts"
import { demandOf } from "../edge/demand.ts"
import { GateKeeper } from "../edge/GateKeeper.ts"
import type { Minor } from "../money/Minor.ts"
import { type AccountId, type OrderId, orderId } from "../order/OrderId.ts"
import { IllegalTransition } from "../order/OrderState.ts"
import type { SagaRecord } from "../order/SagaRecord.ts"
import { Sagas } from "../order/Sagas.ts"
import { PaymentProvider } from "../payment/PaymentProvider.ts"
import { quoteToText } from "../pricing/Quote.ts"
import { Refunds } from "../refund/Refunds.ts"
import { StorageError } from "../StorageError.ts"
import { UnknownOrder } from "../saga/errors.ts"
import {
  begun,
  launch,
  orAnswered,
  program,
  type Refused,
  resumed,
  type Told,
  unreadable
} from "../saga/SagaContext.ts"
import { SagaRunner } from "../saga/SagaRunner.ts"
import { Settings } from "../saga/Settings.ts"
import { nextUuid } from "../Uuid.ts"
import { type CheckoutPlan, planFromText, planToText } from "./CheckoutPlan.ts"
import type { CheckoutRun, Refusal } from "./CheckoutRun.ts"
import { checkoutSaga } from "./checkoutSaga.ts"
import { type CancelError, type CheckoutError, PriceChanged } from "./errors.ts"
import { type QuoteRequest, Quotes } from "./Quotes.ts"
import { soldOut } from "./soldOut.ts"

export interface PlaceOrder extends QuoteRequest {
  readonly account: AccountId
  readonly key: string
  /** Digest of the request's body. */
  readonly fingerprint: string
  /** JSON, as it was given. */
  readonly shipTo: string | null
  /** The total that the buyer agreed to, minor units; only compared. */
  readonly expectedTotal: Minor | null
  readonly externalRef: string | null
  /** Staff only: epoch milliseconds of a sale that happened elsewhere; null is now. */
  readonly occurredAt: number | null
}

/** Reasons that arise only after the buyer was answered, or that mean "ask again". */
const toldLater = (reason: Refused<Refusal>): CheckoutError =>
  "message" in reason
    ? reason
    : new StorageError({
        operation: "checkout",
        reason: "unavailable",
        detail: `the checkout was given up (${reason._tag}); send it again with a new key`
      })

/** Whether the order took the units that the gate let it in for; null when nobody knows. */
const took = (exit: Exit.Exit<Told, CheckoutError>): boolean | null => {
  if (Exit.isSuccess(exit)) return !exit.value.replayed
  const failed = exit.cause.reasons.find((reason) => reason._tag === "Fail")
  return failed === undefined || failed.error._tag === "StorageError" ? null : false
}

/** Step 0: the gate may refuse, and nothing is written. */
const pastGate = (gate: GateKeeper, { account, key, lines }: PlaceOrder) => {
  const entry = { account, key, lines: demandOf(lines) }
  return (taking: Effect.Effect<Told, CheckoutError>) =>
    gate.pass(entry, taking, { refusal: soldOut, took })
}

/** Takes orders: the buyer is answered as soon as the order exists, payment follows. */
export class Checkout extends Context.Service<
  Checkout,
  {
    /** Answers 201 with the order `pending_payment`, or the first answer under the same key. */
    readonly place: (request: PlaceOrder) => Effect.Effect<Told, CheckoutError>
    /**
     * Asks the order's checkout to give up. It compensates if the capture was not sent yet, and
     * refunds if it was. With `account`: only that account's order.
     */
    readonly cancel: (
      orderId: OrderId,
      account: AccountId | null
    ) => Effect.Effect<void, CancelError>
  }
>()("@doorbuster/core/checkout/Checkout") {
  static readonly layer = Layer.effect(
    Checkout,
    Effect.gen(function* () {
      const writes = yield* Writes
      const sagas = yield* Sagas
      const quotes = yield* Quotes
      const provider = yield* PaymentProvider
      const refunds = yield* Refunds
      const runner = yield* SagaRunner
      const settings = yield* Settings
      const gate = yield* GateKeeper
      const checkout = checkoutSaga({
        writes,
        provider,
        giveBackUnapplied: refunds.giveBackUnapplied,
        refundCanceled: (run) => refunds.refundOrder(run.orderId, "cancel")
      })

      const planOf = Effect.fnUntraced(function* (request: PlaceOrder, at: number) {
        const quote = yield* quotes.quote(request)
        const { expectedTotal } = request
        if (expectedTotal !== null && expectedTotal !== quote.total) {
          return yield* new PriceChanged({ expected: expectedTotal, actual: quote.total })
        }
        const plan: CheckoutPlan = {
          account: request.account,
          externalRef: request.externalRef,
          shipTo: request.shipTo,
          occurredAt: request.occurredAt ?? at,
          expiresAt: at + settings.reservationTtlMs,
          paymentId: yield* nextUuid,
          shipmentId: yield* nextUuid,
          quote
        }
        return plan
      })

      const take = Effect.fnUntraced(function* (request: PlaceOrder) {
        const at = yield* Clock.currentTimeMillis
        const plan = yield* planOf(request, at)
        const quoteText = quoteToText(plan.quote)
        const sagaId = yield* nextUuid
        const { account, fingerprint, key } = request
        const saga = {
          sagaId,
          kind: "checkout",
          orderId: orderId(sagaId),
          account,
          key,
          fingerprint,
          payload: planToText(plan, quoteText)
        } as const
        const run: CheckoutRun = {
          ...begun(saga, at, runner, settings),
          told: Deferred.makeUnsafe(),
          plan,
          quoteText,
          paymentState: null,
          captures: []
        }
        return yield* Effect.mapError(launch(runner, checkout, run, settings.patience), toldLater)
      })

      const place = (request: PlaceOrder) =>
        orAnswered(writes, request)(pastGate(gate, request)(take(request)))

      const cancel = Effect.fnUntraced(function* (id: OrderId, account: AccountId | null) {
        const outcome = yield* sagas.requestCancel(id, account)
        if (outcome._tag === "UnknownOrder") return yield* new UnknownOrder({ orderId: id })
        if (outcome._tag === "NotOpen" && outcome.state !== "canceled") {
          return yield* new IllegalTransition({ from: outcome.state, event: "Cancel" })
        }
        // It may be parked: any worker takes it up now.
        if (outcome._tag === "Requested") yield* sagas.retry(outcome.sagaId)
      })

      const handler = Effect.fnUntraced(function* (record: SagaRecord) {
        const plan = yield* Effect.mapError(planFromText(record.payload), unreadable)
        const quoteText = quoteToText(plan.quote)
        const known = { paymentState: null, captures: [] }
        const run: CheckoutRun = { ...resumed(record), plan, quoteText, ...known }
        yield* program(checkout, run, settings.patience)
      })
      yield* runner.register("checkout", handler)

      return Checkout.of({ place, cancel })
    })
  )
}

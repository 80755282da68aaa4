import { Writes } from "@doorbuster/core/batch/Writes"
import { Checkout } from "@doorbuster/core/checkout/Checkout"
import { ofSku } from "@doorbuster/core/inventory/StockKey"
import { badDebtPostings, unmatchedRefundPostings } from "@doorbuster/core/ledger/templates"
import type { OrderId } from "@doorbuster/core/order/OrderId"
import { PaymentProvider } from "@doorbuster/core/payment/PaymentProvider"
import { Refunds } from "@doorbuster/core/refund/Refunds"
import type { StorageError } from "@doorbuster/core/StorageError"
import { SagaRunner } from "@doorbuster/core/saga/SagaRunner"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { traceCurrency } from "../trace/lineAmount.ts"
import {
  entryId,
  movementId,
  refundFingerprint,
  refundKey,
  saleFingerprint,
  saleKey,
  staff
} from "./identity.ts"
import type { Journal, Refund, Sale, StockMove } from "./Operation.ts"
import { type Done, type NotYet, type Placed, type Refused, Target } from "./Target.ts"

const done: Done = { _tag: "Done" }

const codeOf = (tag: string): string =>
  tag.replaceAll(/[A-Z]/g, (letter, at) => `${at === 0 ? "" : "_"}${letter.toLowerCase()}`)

interface Refusal {
  readonly _tag: string
  readonly message: string
  readonly sku?: string
}

const shortTags: ReadonlySet<string> = new Set(["SoldOut", "OutOfStock"])

const refused = ({ _tag, message, sku }: Refusal): Refused => ({
  _tag: "Refused",
  code: codeOf(_tag),
  message,
  ...(sku !== undefined && shortTags.has(_tag) && { shortSku: sku })
})

const notYet = ({ message }: Refusal): NotYet => ({ _tag: "NotYet", message })

/** Failures of the store stay failures; everything else that it says is an outcome. */
const unlessStorage = <A, E extends Refusal>(
  error: E,
  outcome: (error: Exclude<E, StorageError>) => A
): Effect.Effect<A, StorageError> =>
  error._tag === "StorageError"
    ? Effect.fail(error as Refusal as StorageError)
    : Effect.succeed(outcome(error as Exclude<E, StorageError>))

const placeOrder = (sale: Sale) => ({
  account: sale.account,
  key: saleKey(sale),
  fingerprint: saleFingerprint(sale),
  currency: traceCurrency,
  lines: sale.lines,
  coupons: [],
  shippingMethod: null,
  shipTo: JSON.stringify({ country: sale.country }),
  expectedTotal: null,
  externalRef: sale.ref,
  occurredAt: sale.at
})

const entryOf = (journal: Journal, provider: string) => ({
  entryId: entryId(journal),
  kind: journal.kind,
  currency: traceCurrency,
  orderId: null,
  paymentId: null,
  memo: journal.memo,
  occurredAt: journal.at,
  postings:
    journal.kind === "bad_debt"
      ? badDebtPostings(provider, journal.amount)
      : unmatchedRefundPostings(provider, journal.amount)
})

/** A buyer is answered before the order is paid; so many sagas may lag behind the answers. */
const sagasMax = 384
const breathMs = 5

/** The store's own write path in this process: the code path that a buyer takes. */
export const layer = Layer.effect(
  Target,
  Effect.gen(function* () {
    const checkout = yield* Checkout
    const refunds = yield* Refunds
    const writes = yield* Writes
    const runner = yield* SagaRunner
    const provider = yield* PaymentProvider

    const room = Effect.gen(function* () {
      while ((yield* runner.running) >= sagasMax) yield* Effect.sleep(breathMs)
    })

    const place = Effect.fnUntraced(function* (sale: Sale) {
      yield* room
      return yield* checkout.place(placeOrder(sale)).pipe(
        Effect.map(({ answer }): Placed => {
          const { order_id } = JSON.parse(answer.body) as { readonly order_id: OrderId }
          return { _tag: "Placed", orderId: order_id }
        }),
        Effect.catch((error) =>
          unlessStorage(error, (error): Placed => {
            if (error._tag === "ExternalRefTaken") {
              return { _tag: "Placed", orderId: error.orderId as OrderId }
            }
            return error._tag === "IdempotencyInFlight" ? notYet(error) : refused(error)
          })
        )
      )
    })

    const refund = (refund: Refund, orderId: OrderId) =>
      refunds
        .refund({
          orderId,
          account: staff,
          key: refundKey(refund),
          fingerprint: refundFingerprint(refund, orderId),
          amount: refund.amount,
          restock: refund.restock,
          occurredAt: refund.at
        })
        .pipe(
          Effect.as<Done | Refused | NotYet>(done),
          Effect.catch((error) =>
            unlessStorage(error, (error): Refused | NotYet => {
              if (error._tag === "IdempotencyInFlight") return notYet(error)
              const unpaid = error._tag === "IllegalTransition" && error.from === "pending_payment"
              return unpaid ? notYet(error) : refused(error)
            })
          )
        )

    const move = (move: StockMove) =>
      writes
        .receive({
          movementId: movementId(move),
          key: ofSku(move.sku),
          quantity: move.quantity,
          kind: move.kind,
          reason: move.reason,
          occurredAt: move.at
        })
        .pipe(
          Effect.map((outcome): Done | Refused => {
            if (outcome._tag === "Moved") return done
            const message =
              outcome._tag === "OutOfStock"
                ? `${move.sku}: ${move.quantity} units, ${outcome.available} available`
                : `${move.key} was another movement before`
            return refused({ _tag: outcome._tag, message, sku: move.sku })
          })
        )

    const post = (journal: Journal) =>
      writes.post(entryOf(journal, provider.name)).pipe(
        Effect.map((outcome): Done | Refused => {
          if (outcome._tag === "Posted") return done
          return refused({ _tag: outcome._tag, message: `${journal.key} was another entry before` })
        })
      )

    // Whoever made these services has asked the database before.
    return Target.of({ place, refund, move, post, ready: Effect.void, idle: runner.idle })
  })
)

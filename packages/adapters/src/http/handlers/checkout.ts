import { Writes } from "@doorbuster/core/batch/Writes"
import { Carts } from "@doorbuster/core/cart/Carts"
import { Checkout, type PlaceOrder } from "@doorbuster/core/checkout/Checkout"
import { Quotes } from "@doorbuster/core/checkout/Quotes"
import { AnswerCache } from "@doorbuster/core/edge/AnswerCache"
import { answeredBefore } from "@doorbuster/core/edge/answeredBefore"
import type { AccountId } from "@doorbuster/core/order/OrderId"
import { QueueMode } from "@doorbuster/core/queue/QueueDesk"
import { orAnswered, type Told } from "@doorbuster/core/saga/SagaContext"
import * as Effect from "effect/Effect"
import { Api } from "../Api.ts"
import { HttpApiBuilder } from "../effectHttp.ts"
import { countCheckout } from "../HttpMetrics.ts"
import { fingerprint } from "../idempotency/fingerprint.ts"
import { storedResponse } from "../idempotency/storedResponse.ts"
import { Caller } from "../identity/Caller.ts"
import { CartEmpty, StaffOnly } from "../problem/errors.ts"
import { problemOf } from "../problem/problems.ts"
import type { CheckoutBody, QuoteBody } from "../wire/CheckoutBody.ts"
import { quoteView } from "../wire/QuoteView.ts"
import { joinQueue, orderLocation } from "./joinQueue.ts"

/** What only staff may send, as far as this body has it. */
const staffField = ({ account, lines }: CheckoutBody): string | undefined => {
  if (account !== undefined) return "account"
  for (const line of lines ?? []) {
    if (line.price_override !== undefined) return "price_override"
    if (line.occurred_at !== undefined) return "occurred_at"
  }
}

/** The order happened when the first of its lines did; null is now. */
const occurredAt = (lines: CheckoutBody["lines"]): number | null => {
  const moments = (lines ?? []).flatMap(({ occurred_at }) => occurred_at ?? [])
  return moments.length === 0 ? null : Math.min(...moments)
}

const priced = (body: QuoteBody | CheckoutBody, lines: PlaceOrder["lines"]) => ({
  currency: body.currency,
  lines,
  coupons: body.coupons ?? [],
  shippingMethod: body.shipping_method ?? null
})

const recordedLines = (lines: NonNullable<CheckoutBody["lines"]>): PlaceOrder["lines"] =>
  lines.map(({ price_override, quantity, sku }) => ({
    sku,
    quantity,
    ...(price_override !== undefined && { priceOverride: price_override })
  }))

const counted = <E, R>(placing: Effect.Effect<Told, E, R>) =>
  placing.pipe(
    Effect.tap(({ replayed }) => countCheckout(replayed ? "replayed" : "placed")),
    Effect.tapError((error) => countCheckout(problemOf(error)?.code ?? "unknown"))
  )

export const layer = HttpApiBuilder.group(
  Api,
  "checkout",
  Effect.fnUntraced(function* (handlers) {
    const answers = yield* AnswerCache
    const carts = yield* Carts
    const checkout = yield* Checkout
    const quotes = yield* Quotes
    const writes = yield* Writes
    const desk = yield* QueueMode

    const cartLines = Effect.fnUntraced(function* (account: AccountId) {
      const { lines } = yield* carts.get(account)
      return lines.length === 0 ? yield* new CartEmpty() : lines
    })

    return handlers
      .handle(
        "quote",
        Effect.fnUntraced(function* ({ payload }) {
          const { account } = yield* Caller
          const lines = payload.lines ?? (yield* cartLines(account))
          return quoteView(yield* quotes.quote(priced(payload, lines)))
        })
      )
      .handle(
        "place",
        Effect.fnUntraced(function* ({ headers, payload }) {
          const caller = yield* Caller
          const field = caller.staff ? undefined : staffField(payload)
          if (field !== undefined) return yield* new StaffOnly({ field })
          const account = payload.account ?? caller.account
          const claim = {
            account,
            key: headers["idempotency-key"],
            fingerprint: yield* fingerprint
          }
          const asked = (lines: PlaceOrder["lines"]) => ({
            ...claim,
            ...priced(payload, lines),
            shipTo: payload.ship_to === undefined ? null : JSON.stringify(payload.ship_to),
            expectedTotal: payload.expected_total ?? null,
            externalRef: payload.external_ref ?? null,
            occurredAt: occurredAt(payload.lines)
          })
          if (desk !== null) {
            const isCart = payload.lines === undefined
            const order = Effect.map(
              isCart ? cartLines(caller.account) : Effect.succeed(recordedLines(payload.lines)),
              (lines) => ({ ...asked(lines), emptiesCart: isCart ? caller.account : null })
            )
            return yield* joinQueue(desk, writes, claim, order)
          }
          const place = (lines: PlaceOrder["lines"]) => checkout.place(asked(lines))
          // An emptied cart must not hide the answer that its order was given.
          const placeCart = orAnswered(
            writes,
            claim
          )(Effect.flatMap(cartLines(caller.account), place))
          const taken =
            payload.lines === undefined ? placeCart : place(recordedLines(payload.lines))
          const told = yield* counted(answeredBefore(answers, claim)(taken))
          if (payload.cart_id !== undefined && !told.replayed) {
            yield* Effect.ignore(carts.delete(caller.account))
          }
          return storedResponse(told.answer, told.replayed, orderLocation(told.answer))
        })
      )
  })
)

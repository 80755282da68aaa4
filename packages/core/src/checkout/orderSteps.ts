import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import { zero } from "../money/Minor.ts"
import type { NewOrder, OrderLine } from "../order/Order.ts"
import type { StoredAnswer } from "../order/SagaRecord.ts"
import type { QuoteLine } from "../pricing/Quote.ts"
import { closeSaga, tell, unlessSuperseded } from "../saga/SagaContext.ts"
import {
  type Compensatable,
  machinery,
  type Retriable,
  refusedWrite,
  rejected
} from "../saga/Step.ts"
import type { CheckoutPorts, CheckoutRun, Refusal } from "./CheckoutRun.ts"
import { ExternalRefTaken } from "./errors.ts"
import { stockKeys } from "./stockLines.ts"

/** The line of the order that a line of its quote makes. */
export const orderLine = (line: QuoteLine): OrderLine => ({
  lineNo: line.lineNo,
  sku: line.sku,
  name: line.name,
  kind: line.kind,
  quantity: line.quantity,
  unitPrice: line.unitPrice,
  subtotal: line.subtotal,
  discount: line.discount,
  tax: line.taxIncluded ? zero : line.tax,
  taxIncluded: line.taxIncluded ? line.tax : zero,
  total: line.total
})

const newOrder = ({ orderId, plan, quoteText }: CheckoutRun): NewOrder => {
  const { quote } = plan
  return {
    orderId,
    account: plan.account,
    externalRef: plan.externalRef,
    currency: quote.currency,
    itemsTotal: quote.itemsTotal,
    discountTotal: quote.discountTotal,
    shippingTotal: quote.shippingTotal,
    taxTotal: quote.taxTotal,
    includedTaxTotal: quote.includedTaxTotal,
    total: quote.total,
    lines: quote.lines.map(orderLine),
    quote: quoteText,
    shipTo: plan.shipTo,
    occurredAt: plan.occurredAt
  }
}

/** What the buyer is told, now and on every retry with the same key. */
const receipt = ({ orderId, plan }: CheckoutRun): StoredAnswer => ({
  status: 201,
  body: JSON.stringify({
    order_id: orderId,
    state: "pending_payment",
    currency: plan.quote.currency,
    total: Number(plan.quote.total),
    external_ref: plan.externalRef,
    expires_at: DateTime.formatIso(DateTime.makeUnsafe(plan.expiresAt))
  })
})

/** Step 3: the order exists, the answer is stored under the key, and the buyer has it now. */
export const createOrderStep = (
  ports: CheckoutPorts
): Pick<Compensatable<CheckoutRun, Refusal>, "run" | "undo"> => ({
  run: Effect.fnUntraced(function* (run) {
    const at = yield* Clock.currentTimeMillis
    const answer = receipt(run)
    const written = yield* Effect.mapError(
      ports.writes.createOrder({ order: newOrder(run), epoch: run.epoch, at, answer }),
      refusedWrite
    )
    const outcome = yield* unlessSuperseded(written)
    if (outcome._tag === "ExternalRefTaken") {
      const externalRef = run.plan.externalRef ?? ""
      const refusal = new ExternalRefTaken({ externalRef, orderId: outcome.orderId })
      return yield* Effect.fail(rejected(refusal))
    }
    if (outcome.state === "canceled") {
      return yield* Effect.fail(rejected({ _tag: "PaymentCanceled" as const }))
    }
    yield* tell(run, answer)
  }),
  undo: Effect.fnUntraced(function* ({ epoch, orderId, sagaId }) {
    const at = yield* Clock.currentTimeMillis
    const moved = yield* Effect.mapError(
      ports.writes.moveOrder({ orderId, sagaId, epoch, event: "Cancel", at }),
      machinery
    )
    const outcome = yield* unlessSuperseded(moved)
    if (outcome._tag === "Illegal" && outcome.from !== "canceled") {
      const message = `order ${orderId} is being undone but is ${outcome.from}; run store check`
      return yield* Effect.fail(machinery({ message }))
    }
  })
})

/** Step 7: the held units are sold. */
export const commitStep = (ports: CheckoutPorts): Retriable<CheckoutRun>["run"] =>
  Effect.fnUntraced(function* ({ epoch, orderId, plan }) {
    const keys = stockKeys(plan)
    if (keys.length === 0) return
    const answer = yield* Effect.mapError(ports.writes.commit({ orderId, epoch, keys }), machinery)
    const outcome = yield* unlessSuperseded(answer)
    if (outcome._tag === "NotHeld") {
      const message = `order ${orderId} is paid but holds no units; run store check`
      return yield* Effect.fail(machinery({ message }))
    }
  })

/** Step 8: the order is paid, its shipment is requested, the saga is closed. */
export const completeStep = (ports: CheckoutPorts): Retriable<CheckoutRun>["run"] =>
  Effect.fnUntraced(function* (run) {
    const { epoch, orderId, plan, sagaId } = run
    const at = yield* Clock.currentTimeMillis
    const moved = yield* Effect.mapError(
      ports.writes.moveOrder({
        orderId,
        sagaId,
        epoch,
        event: "Capture",
        at,
        shipment: { to: "requested", shipmentId: plan.shipmentId },
        close: { answer: null }
      }),
      machinery
    )
    const outcome = yield* unlessSuperseded(moved)
    if (outcome._tag !== "Moved") {
      const state = outcome._tag === "Illegal" ? outcome.from : "missing"
      const message = `order ${orderId} was paid for but is ${state}; run store check`
      return yield* Effect.fail(machinery({ message }))
    }
    if (!outcome.cancelRequested) return
    yield* ports.refundCanceled(run)
    yield* closeSaga(ports.writes, run, "done", "canceled while the money was on its way")
  })

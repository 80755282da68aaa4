import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { Writes } from "../batch/Writes.ts"
import type { Inventory } from "../inventory/Inventory.ts"
import type { Minor } from "../money/Minor.ts"
import type { PaymentProvider } from "../payment/PaymentProvider.ts"
import type { OpenRefusal } from "../saga/errors.ts"
import { UnknownOrder } from "../saga/errors.ts"
import { define } from "../saga/Saga.ts"
import {
  closeSaga,
  openStep,
  type SagaContext,
  tell,
  unlessSuperseded
} from "../saga/SagaContext.ts"
import { machinery, refusedWrite, rejected, unknown } from "../saga/Step.ts"
import { type RefundError, RefundExceedsCaptured } from "./errors.ts"
import type { RefundPlan } from "./RefundPlan.ts"

export interface RefundRun extends SagaContext<RefundError> {
  readonly plan: RefundPlan
  /** Known once the refund is intended: what the journal has under its id. */
  amount: Minor
  /** Known once the refund is booked; a free order is given back whole. */
  full: boolean
  refundedTotal: Minor
  /** Units that are on sale again. */
  restocked: RefundPlan["restock"]
}

export interface RefundPorts {
  readonly inventory: (typeof Inventory)["Service"]
  readonly writes: (typeof Writes)["Service"]
  readonly provider: (typeof PaymentProvider)["Service"]
}

/** The refund's id is the saga's: at the provider, in the journal and in the stock. */
const refundId = (run: RefundRun) => run.sagaId

const intend = ({ writes }: RefundPorts) =>
  Effect.fnUntraced(function* (run: RefundRun) {
    const { amount, paymentId, source } = run.plan
    if (paymentId === null) return
    const at = yield* Clock.currentTimeMillis
    const outcome = yield* Effect.mapError(
      writes.intendRefund({ refundId: refundId(run), paymentId, amount, source, at }),
      refusedWrite
    )
    if (outcome._tag === "ExceedsCaptured") {
      const requested = amount ?? outcome.left
      const refusal = new RefundExceedsCaptured({ requested, left: outcome.left })
      return yield* Effect.fail(rejected(refusal))
    }
    if (outcome._tag === "UnknownPayment") {
      return yield* Effect.fail(rejected(new UnknownOrder({ orderId: run.orderId })))
    }
    run.amount = outcome.amount
  })

/** The pivot: once it is sent, the provider has it for good under the refund's id. */
const send = ({ provider }: RefundPorts) =>
  Effect.fnUntraced(function* (run: RefundRun) {
    const { amount, plan } = run
    const { paymentId } = plan
    if (paymentId === null) return
    yield* Effect.mapError(
      provider.refund({ refundId: refundId(run), paymentId, amount }),
      (error) => (error._tag === "ProviderOutcomeUnknown" ? unknown(error) : machinery(error))
    )
  })

const record = ({ writes }: RefundPorts) =>
  Effect.fnUntraced(function* (run: RefundRun) {
    const { occurredAt, paymentId } = run.plan
    if (paymentId === null) return
    const outcome = yield* Effect.mapError(
      writes.recordRefund({ refundId: refundId(run), occurredAt }),
      machinery
    )
    if (outcome._tag === "UnknownRefund") {
      return yield* Effect.fail(machinery({ message: "the refund's intent is missing" }))
    }
    run.full = outcome.full
    run.refundedTotal = outcome.refunded
  })

/** The units that are still out, at most those asked for. */
const stillOut = Effect.fnUntraced(function* ({ inventory }: RefundPorts, run: RefundRun) {
  const { orderId, plan } = run
  const keys = plan.restock.map(({ key }) => key)
  const rows = yield* Effect.mapError(inventory.reservations(orderId, keys), machinery)
  return plan.restock.flatMap(({ key, quantity }) => {
    const out = rows.reduce((sum, row) => {
      return row.key === key && row.state === "committed" ? sum + row.quantity - row.returned : sum
    }, 0)
    const units = Math.min(out, quantity)
    return units > 0 ? [{ key, quantity: units }] : []
  })
})

/**
 * Never restocks more than was sold: units that another refund gave back in the meantime are left
 * out, and the answer says which ones were put on sale.
 */
const restock = (ports: RefundPorts) =>
  Effect.fnUntraced(function* (run: RefundRun) {
    let lines: RefundRun["restocked"] = run.plan.restock
    while (lines.length > 0) {
      const request = { returnId: refundId(run), orderId: run.orderId, lines }
      const outcome = yield* Effect.mapError(ports.writes.giveBack(request), machinery)
      if (outcome._tag === "Returned") break
      lines = yield* stillOut(ports, run)
    }
    run.restocked = lines
  })

const receipt = (run: RefundRun) => ({
  status: 200,
  body: JSON.stringify({
    refund_id: refundId(run),
    order_id: run.orderId,
    amount: Number(run.amount),
    refunded_total: Number(run.refundedTotal),
    full: run.full,
    restocked: run.restocked.map(({ key, quantity }) => ({ sku: key, quantity }))
  })
})

/** The order's last word; money that belongs to no order has none. */
const complete = ({ writes }: RefundPorts) =>
  Effect.fnUntraced(function* (run: RefundRun) {
    const { epoch, orderId, plan, sagaId } = run
    const answer = receipt(run)
    if (plan.source === "unapplied") {
      yield* closeSaga(writes, run, "done", null, answer)
      return yield* tell(run, answer)
    }
    const at = yield* Clock.currentTimeMillis
    const moved = yield* Effect.mapError(
      writes.moveOrder({
        orderId,
        sagaId,
        epoch,
        event: run.full ? "Refund" : "PartialRefund",
        at,
        refundedTotal: run.refundedTotal,
        close: { answer }
      }),
      machinery
    )
    const outcome = yield* unlessSuperseded(moved)
    if (outcome._tag === "Illegal" && outcome.from === "refunded") {
      // A concurrent refund gave the rest back and moved the order for both.
      yield* closeSaga(writes, run, "done", null, answer)
    } else if (outcome._tag !== "Moved") {
      const from = outcome._tag === "Illegal" ? outcome.from : "missing"
      return yield* Effect.fail(machinery({ message: `order ${orderId} is ${from}` }))
    }
    yield* tell(run, answer)
  })

/** intent -> provider -> journal -> restock -> order. */
export const refundSaga = (ports: RefundPorts) =>
  define<RefundRun, RefundError | OpenRefusal>("refund")
    .compensatable("open", openStep<RefundError, RefundRun>(ports.writes))
    .compensatable("intend", { run: intend(ports), undo: () => Effect.void })
    .pivot("send", send(ports))
    .retriable("record", record(ports))
    .retriable("restock", restock(ports))
    .retriable("complete", complete(ports))

import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { Writes } from "../batch/Writes.ts"
import { IllegalTransition } from "../order/OrderState.ts"
import type { Move } from "../order/Orders.ts"
import type { Payments } from "../payment/Payments.ts"
import type { StorageError } from "../StorageError.ts"
import { type OpenRefusal, UnknownOrder } from "../saga/errors.ts"
import { define } from "../saga/Saga.ts"
import {
  closeSaga,
  openStep,
  type Refused,
  type SagaContext,
  tell,
  unlessSuperseded
} from "../saga/SagaContext.ts"
import { machinery, rejected } from "../saga/Step.ts"
import type { ShipmentPlan } from "./ShipmentPlan.ts"

export type ShipmentRefusal = UnknownOrder | IllegalTransition | StorageError

export type ShipmentError = ShipmentRefusal | Refused<OpenRefusal>

export interface ShipmentRun extends SagaContext<ShipmentError> {
  readonly plan: ShipmentPlan
}

export interface ShipmentPorts {
  readonly writes: (typeof Writes)["Service"]
  readonly payments: (typeof Payments)["Service"]
}

const shipment = (run: ShipmentRun): NonNullable<Move["shipment"]> =>
  run.kind === "ship"
    ? { to: "shipped", carrier: run.plan.carrier, tracking: run.plan.tracking }
    : { to: "delivered" }

/** The pivot: the transition table decides, under the order's lock, whether the goods may go. */
const move = ({ writes }: ShipmentPorts) =>
  Effect.fnUntraced(function* (run: ShipmentRun) {
    const { epoch, orderId, sagaId } = run
    const at = yield* Clock.currentTimeMillis
    const event = run.kind === "ship" ? "Ship" : "Deliver"
    const moved = yield* Effect.mapError(
      writes.moveOrder({ orderId, sagaId, epoch, event, at, shipment: shipment(run) }),
      machinery
    )
    const outcome = yield* unlessSuperseded(moved)
    if (outcome._tag === "UnknownOrder") {
      return yield* Effect.fail(rejected(new UnknownOrder({ orderId })))
    }
    if (outcome._tag === "Illegal") {
      return yield* Effect.fail(rejected(new IllegalTransition({ from: outcome.from, event })))
    }
  })

/** Goods that left the house are income; delivery books nothing. */
const recognise = ({ payments }: ShipmentPorts) =>
  Effect.fnUntraced(function* (run: ShipmentRun) {
    if (run.kind !== "ship") return
    const { occurredAt, shipmentId } = run.plan
    yield* Effect.mapError(
      payments.recognise([{ shipmentId, orderId: run.orderId, occurredAt }]),
      machinery
    )
  })

const close = ({ writes }: ShipmentPorts) =>
  Effect.fnUntraced(function* (run: ShipmentRun) {
    const state = run.kind === "ship" ? "shipped" : "completed"
    const { carrier, shipmentId, tracking } = run.plan
    const body =
      run.kind === "ship"
        ? { order_id: run.orderId, state, shipment_id: shipmentId, carrier, tracking }
        : { order_id: run.orderId, state }
    const answer = { status: 200, body: JSON.stringify(body) }
    yield* closeSaga(writes, run, "done", null, answer)
    yield* tell(run, answer)
  })

/**
 * Shipping and delivery. The order moves first, because only its transition can be refused; the
 * journal follows, and can only succeed.
 */
export const shipmentSaga = (ports: ShipmentPorts) =>
  define<ShipmentRun, ShipmentRefusal | OpenRefusal>("shipment")
    .compensatable("open", openStep<ShipmentError, ShipmentRun>(ports.writes))
    .pivot("move order", move(ports))
    .retriable("recognise", recognise(ports))
    .retriable("close", close(ports))

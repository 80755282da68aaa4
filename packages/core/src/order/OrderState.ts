/** The order's life as data. What is not in the table cannot happen. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

export const OrderState = Schema.Literals([
  "pending_payment",
  "paid",
  "shipped",
  "completed",
  "canceled",
  "refunded"
])
export type OrderState = typeof OrderState.Type

export const OrderEvent = Schema.Literals([
  "Place",
  "Capture",
  "Cancel",
  "Ship",
  "Deliver",
  "Refund",
  "PartialRefund"
])
export type OrderEvent = typeof OrderEvent.Type

/** Every history begins here: the event `Place` creates the order. */
export const initial = "pending_payment" satisfies OrderState

/** `PartialRefund` gives back part of the money and keeps the state. */
export const transitions = {
  pending_payment: { Capture: "paid", Cancel: "canceled" },
  paid: { Ship: "shipped", Refund: "refunded", PartialRefund: "paid" },
  shipped: { Deliver: "completed", Refund: "refunded", PartialRefund: "shipped" },
  completed: { Refund: "refunded", PartialRefund: "completed" },
  canceled: {},
  refunded: {}
} as const satisfies Record<OrderState, Partial<Record<OrderEvent, OrderState>>>

type Table = typeof transitions
export type EventOf<S extends OrderState> = keyof Table[S]

/** Expected: the order has moved on. Maps to HTTP 409 at the edge. */
export class IllegalTransition extends Schema.TaggedError<IllegalTransition>()(
  "IllegalTransition",
  { from: OrderState, event: OrderEvent },
  { httpApiStatus: 409 }
) {
  override get message() {
    return `${this.event} is not possible for an order that is ${this.from}`
  }
}

/** For states known at compile time: only legal events are accepted, and the result is exact. */
export const advance = <S extends OrderState, E extends EventOf<S>>(from: S, event: E) =>
  transitions[from][event]

/** The next state, or `undefined` where the table has none. */
export const next = (from: OrderState, event: OrderEvent): OrderState | undefined => {
  const row: Partial<Record<OrderEvent, OrderState>> = transitions[from]
  return row[event]
}

/** For states read from storage. */
export const step = (
  from: OrderState,
  event: OrderEvent
): Effect.Effect<OrderState, IllegalTransition> => {
  const to = next(from, event)
  return to === undefined ? Effect.fail(new IllegalTransition({ from, event })) : Effect.succeed(to)
}

/** True for states in which money was taken and kept, at least in part. */
export const isPaid = (state: OrderState): boolean =>
  state === "paid" || state === "shipped" || state === "completed"

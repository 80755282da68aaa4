import {
  advance,
  IllegalTransition,
  next,
  OrderEvent,
  OrderState,
  step,
  transitions
} from "@doorbuster/core/order/OrderState"
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { test } from "vitest"

/** Every arrow there is, written down a second time. */
const arrows = [
  "pending_payment Capture paid",
  "pending_payment Cancel canceled",
  "paid Ship shipped",
  "paid Refund refunded",
  "paid PartialRefund paid",
  "shipped Deliver completed",
  "shipped Refund refunded",
  "shipped PartialRefund shipped",
  "completed Refund refunded",
  "completed PartialRefund completed"
]

const pairs = OrderState.literals.flatMap((from) =>
  OrderEvent.literals.map((event) => ({ from, event }))
)

test("the table has exactly these arrows", () => {
  const found = pairs.flatMap(({ event, from }) => {
    const to = next(from, event)
    return to === undefined ? [] : [`${from} ${event} ${to}`]
  })
  assert.deepStrictEqual(found.toSorted(), arrows.toSorted())
})

it.effect("every other pair of state and event is refused by name", () =>
  Effect.forEach(pairs, ({ event, from }) =>
    Effect.gen(function* () {
      const outcome = yield* Effect.result(step(from, event))
      const legal = arrows.some((arrow) => arrow.startsWith(`${from} ${event} `))
      assert.strictEqual(outcome._tag, legal ? "Success" : "Failure")
      if (outcome._tag === "Failure") {
        assert.deepStrictEqual(outcome.failure, new IllegalTransition({ from, event }))
      }
    })
  )
)

test("illegal moves of a known state do not compile", () => {
  assert.strictEqual(advance("paid", "Ship"), "shipped")
  // @ts-expect-error a canceled order is never shipped
  advance("canceled", "Ship")
  assert.deepStrictEqual(transitions.refunded, {})
})

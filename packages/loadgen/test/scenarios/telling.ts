/** What the stories of these pages are told with. */

import { ProcessFaults } from "@doorbuster/adapters/faults/ProcessFaults"
import { Checkout } from "@doorbuster/core/checkout/Checkout"
import { PaymentEvents } from "@doorbuster/core/checkout/PaymentEvents"
import { Fulfillment } from "@doorbuster/core/fulfillment/Fulfillment"
import type { OrderId } from "@doorbuster/core/order/OrderId"
import { Orders } from "@doorbuster/core/order/Orders"
import { Refunds } from "@doorbuster/core/refund/Refunds"
import { assert, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { inVirtualTime } from "../../src/crash/VirtualTime.ts"
import * as World from "./world.ts"

/** A test in virtual time. */
export const story = (promise: string, told: Effect.Effect<void, unknown, Scope.Scope>) =>
  it.live(promise, () => inVirtualTime(Effect.scoped(told)))

export const start = Effect.fnUntraced(function* (world: World.World) {
  const process = yield* world.start(new ProcessFaults(null))
  return {
    checkout: Context.get(process, Checkout),
    refunds: Context.get(process, Refunds),
    fulfillment: Context.get(process, Fulfillment),
    events: Context.get(process, PaymentEvents)
  }
})

export const idOf = (told: { readonly answer: { readonly body: string } }): OrderId =>
  (JSON.parse(told.answer.body) as { order_id: OrderId }).order_id

export const tagOf = <A, E extends { readonly _tag: string }>(effect: Effect.Effect<A, E>) =>
  Effect.match(effect, { onSuccess: () => "taken", onFailure: (error) => error._tag })

export const balanced = Effect.fnUntraced(function* (world: World.World) {
  assert.deepStrictEqual(World.violations(yield* World.judge(world)), [])
})

export const stateOf = Effect.fnUntraced(function* (world: World.World, orderId: OrderId) {
  return (yield* Context.get(world.outside, Orders).find(orderId))?.state
})

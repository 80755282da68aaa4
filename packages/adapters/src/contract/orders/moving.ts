import { minor } from "@doorbuster/core/money/Minor"
import { next, OrderEvent, OrderState } from "@doorbuster/core/order/OrderState"
import { Orders } from "@doorbuster/core/order/Orders"
import { Sagas } from "@doorbuster/core/order/Sagas"
import { nextUuid } from "@doorbuster/core/Uuid"
import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { freshOrder } from "../fresh.ts"
import { atOnce, tagOf, tally } from "../outcomes.ts"
import type { Promises } from "../suite.ts"
import { moveOf, openedFor, orderIn, placed } from "./fixtures.ts"

/** One attempt at one event, by a saga of its own, and what the table says about it. */
const trial = (state: OrderState, event: OrderEvent) =>
  Effect.gen(function* () {
    const orders = yield* Orders
    const { account, orderId } = yield* orderIn(state)
    const saga = yield* openedFor(orderId, account)
    const before = yield* orders.history(orderId, 0)
    const to = next(state, event)
    const [outcome] = yield* orders.move([moveOf(orderId, saga.sagaId, event, { at: saga.at })])
    const after = yield* orders.history(orderId, 0)
    assert.strictEqual((yield* orders.find(orderId))?.state, to ?? state)
    if (to === undefined) {
      assert.deepStrictEqual(outcome, { _tag: "Illegal", from: state })
      assert.deepStrictEqual(after, before)
      return
    }
    assert.deepStrictEqual(outcome, { _tag: "Moved", state: to, cancelRequested: false })
    const seq = before.length + 1
    const step = { seq, event, from: state, to, sagaId: saga.sagaId, at: saga.at }
    assert.deepStrictEqual(after, [...before, step])
  })

/** Every state against every event: what is not in the table cannot happen. */
export const table: Promises<Orders | Sagas> = Object.fromEntries(
  OrderState.literals.flatMap((state) =>
    OrderEvent.literals.map((event) => [
      next(state, event) === undefined
        ? `refuses ${event} for an order that is ${state}`
        : `moves an order that is ${state} by ${event} to ${next(state, event)}`,
      trial(state, event)
    ])
  )
)

export const moving: Promises<Orders | Sagas> = {
  "moves once per saga and event": Effect.gen(function* () {
    const orders = yield* Orders
    const { orderId, sagaId } = yield* placed
    const twin = moveOf(orderId, sagaId, "Capture")
    const moved = { _tag: "Moved", state: "paid", cancelRequested: false } as const
    assert.deepStrictEqual(yield* orders.move([twin, twin]), [moved, moved])
    const outcomes = yield* atOnce(Array.from({ length: 20 }), () => orders.move([twin]))
    assert.deepStrictEqual(tally(outcomes), { Moved: 20 })
    assert.deepStrictEqual(
      (yield* orders.history(orderId, 0)).map(({ seq }) => seq),
      [1, 2]
    )
  }),

  "lets one of two sagas at once move an order": Effect.gen(function* () {
    const orders = yield* Orders
    const { account, orderId } = yield* orderIn("paid")
    const rivals = yield* Effect.forEach(Array.from({ length: 10 }), () =>
      openedFor(orderId, account)
    )
    const outcomes = yield* atOnce(rivals, ({ sagaId }) =>
      orders.move([moveOf(orderId, sagaId, "Refund")])
    )
    assert.deepStrictEqual(tally(outcomes), { Moved: 1, Illegal: 9 })
    assert.strictEqual((yield* orders.find(orderId))?.state, "refunded")
  }),

  "numbers a history without a gap under partial refunds at once": Effect.gen(function* () {
    const orders = yield* Orders
    const { account, orderId } = yield* orderIn("shipped")
    const refunds = yield* Effect.forEach(Array.from({ length: 10 }), () =>
      openedFor(orderId, account)
    )
    const outcomes = yield* atOnce(refunds, ({ sagaId }) =>
      orders.move([moveOf(orderId, sagaId, "PartialRefund")])
    )
    assert.deepStrictEqual(tally(outcomes), { Moved: 10 })
    const seqs = (yield* orders.history(orderId, 0)).map(({ seq }) => seq)
    assert.deepStrictEqual(
      seqs,
      Array.from({ length: 13 }, (_, i) => i + 1)
    )
  }),

  "moves a batch in the order given": Effect.gen(function* () {
    const orders = yield* Orders
    const [a, b] = [yield* placed, yield* placed]
    const outcomes = yield* orders.move([
      moveOf(a.orderId, a.sagaId, "Ship"),
      moveOf(b.orderId, b.sagaId, "Capture"),
      moveOf(a.orderId, a.sagaId, "Cancel"),
      moveOf(yield* freshOrder, a.sagaId, "Cancel")
    ])
    assert.deepStrictEqual(outcomes, [
      { _tag: "Illegal", from: "pending_payment" },
      { _tag: "Moved", state: "paid", cancelRequested: false },
      { _tag: "Moved", state: "canceled", cancelRequested: false },
      { _tag: "UnknownOrder" }
    ])
  }),

  "gives the history behind a number": Effect.gen(function* () {
    const orders = yield* Orders
    const { orderId } = yield* orderIn("completed")
    const late = yield* orders.history(orderId, 2)
    assert.deepStrictEqual(
      late.map(({ event }) => event),
      ["Ship", "Deliver"]
    )
  }),

  "changes nothing at all by an illegal move": Effect.gen(function* () {
    const [orders, sagas] = [yield* Orders, yield* Sagas]
    const { orderId, sagaId } = yield* placed
    const shipmentId = yield* nextUuid
    const outcomes = yield* orders.move([
      moveOf(orderId, sagaId, "Ship", {
        refundedTotal: minor(1n),
        shipment: { to: "requested", shipmentId },
        close: { answer: null }
      })
    ])
    assert.deepStrictEqual(outcomes.map(tagOf), ["Illegal"])
    assert.strictEqual((yield* orders.find(orderId))?.refundedTotal, minor(0n))
    assert.deepStrictEqual(yield* orders.shipments(orderId), [])
    assert.strictEqual((yield* sagas.find(sagaId))?.state, "open")
  })
}

export const shipping: Promises<Orders | Sagas> = {
  "keeps a shipment with the moves that make it": Effect.gen(function* () {
    const orders = yield* Orders
    const { account, orderId, sagaId } = yield* placed
    const [ship, deliver] = [yield* openedFor(orderId, account), yield* openedFor(orderId, account)]
    const shipmentId = yield* nextUuid
    const request = moveOf(orderId, sagaId, "Capture", {
      at: 1000,
      shipment: { to: "requested", shipmentId }
    })
    yield* orders.move([request])
    yield* orders.move([request])
    const requested = {
      shipmentId,
      orderId,
      state: "requested",
      carrier: null,
      tracking: null,
      requestedAt: 1000,
      shippedAt: null,
      deliveredAt: null
    } as const
    assert.deepStrictEqual(yield* orders.shipments(orderId), [requested])
    const parcel = { carrier: "post", tracking: "RR1" }
    const leave = { at: 2000, shipment: { to: "shipped", ...parcel } } as const
    yield* orders.move([moveOf(orderId, ship.sagaId, "Ship", leave)])
    const shipped = { ...requested, ...parcel, state: "shipped", shippedAt: 2000 } as const
    assert.deepStrictEqual(yield* orders.shipments(orderId), [shipped])
    const arrive = { at: 3000, shipment: { to: "delivered" } } as const
    yield* orders.move([moveOf(orderId, deliver.sagaId, "Deliver", arrive)])
    assert.deepStrictEqual(yield* orders.shipments(orderId), [
      { ...shipped, state: "delivered", deliveredAt: 3000 }
    ])
  }),

  "lets the running total of refunds only grow": Effect.gen(function* () {
    const orders = yield* Orders
    const { account, orderId } = yield* orderIn("shipped")
    for (const [sent, kept] of [
      [500n, 500n],
      [300n, 500n],
      [900n, 900n]
    ] as const) {
      const { sagaId } = yield* openedFor(orderId, account)
      const refundedTotal = minor(sent)
      yield* orders.move([moveOf(orderId, sagaId, "PartialRefund", { refundedTotal })])
      assert.strictEqual((yield* orders.find(orderId))?.refundedTotal, minor(kept))
    }
  }),

  "closes the saga with the move that ends it": Effect.gen(function* () {
    const [orders, sagas] = [yield* Orders, yield* Sagas]
    const { orderId, sagaId } = yield* placed
    const last = moveOf(orderId, sagaId, "Capture", { at: 5000, close: { answer: null } })
    yield* orders.move([last])
    const saga = yield* sagas.find(sagaId)
    assert.deepStrictEqual([saga?.state, saga?.closedAt], ["done", 5000])
    assert.deepStrictEqual((yield* orders.move([last])).map(tagOf), ["Moved"])
  })
}

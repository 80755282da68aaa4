import { Orders } from "@doorbuster/core/order/Orders"
import { Sagas } from "@doorbuster/core/order/Sagas"
import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { freshAccount, freshOrder } from "../fresh.ts"
import type { Promises } from "../suite.ts"
import { endOf, moveOf, openedFor, orderIn, placed } from "./fixtures.ts"

export const canceling: Promises<Sagas | Orders> = {
  "flags the open checkout of an order that waits for its payment": Effect.gen(function* () {
    const sagas = yield* Sagas
    const [saga, other] = [yield* placed, yield* placed]
    const ids = [other.sagaId, saga.sagaId]
    assert.deepStrictEqual(yield* sagas.cancelRequested(ids), [false, false])
    assert.deepStrictEqual(yield* sagas.requestCancel(saga.orderId, saga.account), {
      _tag: "Requested",
      sagaId: saga.sagaId
    })
    assert.deepStrictEqual(yield* sagas.cancelRequested(ids), [false, true])
    assert.isTrue((yield* sagas.find(saga.sagaId))?.cancelRequested)
  }),

  "flags an order for the store itself, whoever bought it": Effect.gen(function* () {
    const sagas = yield* Sagas
    const saga = yield* placed
    const outcome = yield* sagas.requestCancel(saga.orderId, null)
    assert.strictEqual(outcome._tag, "Requested")
  }),

  "knows no order of another account": Effect.gen(function* () {
    const sagas = yield* Sagas
    const [saga, stranger] = [yield* placed, yield* freshAccount]
    assert.deepStrictEqual(yield* sagas.requestCancel(saga.orderId, stranger), {
      _tag: "UnknownOrder"
    })
    assert.deepStrictEqual(yield* sagas.cancelRequested([saga.sagaId]), [false])
    assert.deepStrictEqual(yield* sagas.requestCancel(yield* freshOrder, null), {
      _tag: "UnknownOrder"
    })
  }),

  "leaves it to the order's state once the payment is in": Effect.gen(function* () {
    const sagas = yield* Sagas
    const saga = yield* orderIn("paid")
    assert.deepStrictEqual(yield* sagas.requestCancel(saga.orderId, saga.account), {
      _tag: "NotOpen",
      state: "paid"
    })
    assert.deepStrictEqual(yield* sagas.cancelRequested([saga.sagaId]), [false])
  }),

  "leaves it to the order's state once the checkout is closed": Effect.gen(function* () {
    const sagas = yield* Sagas
    const saga = yield* placed
    yield* sagas.close([endOf(saga, 1, "failed")])
    assert.deepStrictEqual(yield* sagas.requestCancel(saga.orderId, saga.account), {
      _tag: "NotOpen",
      state: "pending_payment"
    })
  }),

  "does not take another saga of the order for its checkout": Effect.gen(function* () {
    const sagas = yield* Sagas
    const saga = yield* placed
    yield* sagas.close([endOf(saga, 1)])
    const refund = yield* openedFor(saga.orderId, saga.account)
    const outcome = yield* sagas.requestCancel(saga.orderId, null)
    assert.deepStrictEqual(outcome, { _tag: "NotOpen", state: "pending_payment" })
    assert.deepStrictEqual(yield* sagas.cancelRequested([refund.sagaId]), [false])
  }),

  "keeps a saga open that was asked to cancel when its last move comes": Effect.gen(function* () {
    const [sagas, orders] = [yield* Sagas, yield* Orders]
    const saga = yield* placed
    yield* sagas.requestCancel(saga.orderId, null)
    const last = moveOf(saga.orderId, saga.sagaId, "Capture", { close: { answer: null } })
    assert.deepStrictEqual(yield* orders.move([last]), [
      { _tag: "Moved", state: "paid", cancelRequested: true }
    ])
    assert.strictEqual((yield* sagas.find(saga.sagaId))?.state, "open")
  }),

  "never lets a cancel request and the last move miss each other": Effect.gen(function* () {
    const [sagas, orders] = [yield* Sagas, yield* Orders]
    const all = yield* Effect.forEach(Array.from({ length: 12 }), () => placed)
    const pairs = yield* Effect.forEach(
      all,
      ({ orderId, sagaId }) => {
        const last = moveOf(orderId, sagaId, "Capture", { close: { answer: null } })
        return Effect.all([orders.move([last]), sagas.requestCancel(orderId, null)], {
          concurrency: "unbounded"
        })
      },
      { concurrency: "unbounded" }
    )
    const seen = pairs.map(([[move], cancel]) =>
      [move?._tag === "Moved" && move.cancelRequested, cancel._tag].join()
    )
    assert.deepStrictEqual(
      seen.filter((pair) => pair !== "true,Requested" && pair !== "false,NotOpen"),
      []
    )
  })
}

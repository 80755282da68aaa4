import { minor } from "@doorbuster/core/money/Minor"
import type { AccountId, OrderId } from "@doorbuster/core/order/OrderId"
import { Orders } from "@doorbuster/core/order/Orders"
import { Sagas } from "@doorbuster/core/order/Sagas"
import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { freshAccount, freshName, freshOrder } from "../fresh.ts"
import { atOnce, tally } from "../outcomes.ts"
import type { Promises } from "../suite.ts"
import { checkout, creation, moveOf, newOrder, opened, orderIn, placed } from "./fixtures.ts"

const openedBy = Effect.fnUntraced(function* (account: AccountId) {
  const sagas = yield* Sagas
  const saga = { ...(yield* checkout), account }
  yield* sagas.open([saga])
  return saga
})

const openedTimes = (account: AccountId, count: number) =>
  Effect.forEach(Array.from({ length: count }), () => openedBy(account))

const idsOf = (orders: ReadonlyArray<{ readonly orderId: OrderId }>) =>
  orders.map(({ orderId }) => orderId)

export const making: Promises<Orders | Sagas> = {
  "keeps an order as it was sold, waiting for its payment": Effect.gen(function* () {
    const orders = yield* Orders
    const saga = yield* opened
    const change = { externalRef: `ref-${saga.sagaId}`, shipTo: '{"city":"Oslo"}' }
    assert.deepStrictEqual(yield* orders.create([creation(saga, change)]), [
      { _tag: "Created", state: "pending_payment" }
    ])
    assert.deepStrictEqual(yield* orders.find(saga.orderId), {
      ...newOrder(saga.orderId, saga.account, saga.at),
      ...change,
      state: "pending_payment",
      refundedTotal: minor(0n)
    })
    const [placing, ...rest] = yield* orders.history(saga.orderId, 0)
    assert.deepStrictEqual(placing, {
      seq: 1,
      event: "Place",
      from: null,
      to: "pending_payment",
      sagaId: saga.sagaId,
      at: saga.at
    })
    assert.deepStrictEqual(rest, [])
  }),

  "makes an order once, in a batch, again, and for twins at once": Effect.gen(function* () {
    const orders = yield* Orders
    const saga = yield* opened
    const twin = creation(saga, { externalRef: `ref-${saga.sagaId}` })
    assert.deepStrictEqual(tally(yield* orders.create([twin, twin])), { Created: 2 })
    const twins = Array.from({ length: 20 }, () => twin)
    const outcomes = yield* atOnce(twins, (item) => orders.create([item]))
    assert.deepStrictEqual(tally(outcomes), { Created: 20 })
    assert.strictEqual((yield* orders.history(saga.orderId, 0)).length, 1)
    assert.strictEqual((yield* orders.find(saga.orderId))?.lines.length, 2)
  }),

  "makes an order once for 20 twins that all are the first": Effect.gen(function* () {
    const orders = yield* Orders
    const saga = yield* opened
    const twins = Array.from({ length: 20 }, () => creation(saga))
    const outcomes = yield* atOnce(twins, (item) => orders.create([item]))
    assert.deepStrictEqual(tally(outcomes), { Created: 20 })
    assert.strictEqual((yield* orders.history(saga.orderId, 0)).length, 1)
  }),

  "tells a repeated call the state that the order is in by now": Effect.gen(function* () {
    const orders = yield* Orders
    const saga = yield* orderIn("paid")
    assert.deepStrictEqual(yield* orders.create([creation(saga)]), [
      { _tag: "Created", state: "paid" }
    ])
  }),

  "knows no order that was never made": Effect.gen(function* () {
    const orders = yield* Orders
    const orderId = yield* freshOrder
    assert.strictEqual(yield* orders.find(orderId), undefined)
    assert.deepStrictEqual(yield* orders.history(orderId, 0), [])
    assert.deepStrictEqual(yield* orders.shipments(orderId), [])
    assert.deepStrictEqual(yield* orders.create([]), [])
    assert.deepStrictEqual(yield* orders.move([]), [])
  })
}

export const referring: Promises<Orders | Sagas> = {
  "takes an external reference once per account, for ever": Effect.gen(function* () {
    const orders = yield* Orders
    const externalRef = yield* freshName("ref")
    const account = yield* freshAccount
    const [first, second] = [yield* openedBy(account), yield* openedBy(account)]
    yield* orders.create([creation(first, { externalRef })])
    yield* orders.move([moveOf(first.orderId, first.sagaId, "Cancel")])
    assert.deepStrictEqual(yield* orders.create([creation(second, { externalRef })]), [
      { _tag: "ExternalRefTaken", orderId: first.orderId }
    ])
    assert.strictEqual(yield* orders.find(second.orderId), undefined)
    assert.deepStrictEqual(yield* orders.history(second.orderId, 0), [])
  }),

  "gives the reference to the first in a batch, and stores the others": Effect.gen(function* () {
    const orders = yield* Orders
    const externalRef = yield* freshName("ref")
    const account = yield* freshAccount
    const [a, b] = [yield* openedBy(account), yield* openedBy(account)]
    const c = yield* openedBy(account)
    const outcomes = yield* orders.create([
      creation(a, { externalRef }),
      creation(b, { externalRef }),
      creation(c)
    ])
    assert.deepStrictEqual(outcomes, [
      { _tag: "Created", state: "pending_payment" },
      { _tag: "ExternalRefTaken", orderId: a.orderId },
      { _tag: "Created", state: "pending_payment" }
    ])
  }),

  "gives the reference to one of 20 orders at once": Effect.gen(function* () {
    const orders = yield* Orders
    const externalRef = yield* freshName("ref")
    const rivals = yield* openedTimes(yield* freshAccount, 20)
    const outcomes = yield* atOnce(rivals, (saga) =>
      orders.create([creation(saga, { externalRef })])
    )
    assert.deepStrictEqual(tally(outcomes), { Created: 1, ExternalRefTaken: 19 })
    const winner = rivals[outcomes.findIndex(({ _tag }) => _tag === "Created")]?.orderId
    const named = new Set(
      outcomes.flatMap((o) => (o._tag === "ExternalRefTaken" ? [o.orderId] : []))
    )
    assert.deepStrictEqual([...named], [winner])
  }),

  "keeps references apart by account": Effect.gen(function* () {
    const orders = yield* Orders
    const externalRef = yield* freshName("ref")
    const both = [yield* opened, yield* opened]
    const outcomes = yield* orders.create(both.map((saga) => creation(saga, { externalRef })))
    assert.deepStrictEqual(tally(outcomes), { Created: 2 })
  }),

  "finds orders by their references over all accounts": Effect.gen(function* () {
    const orders = yield* Orders
    const [one, two, none] = [
      yield* freshName("ref"),
      yield* freshName("ref"),
      yield* freshName("ref")
    ]
    const [first, second] = [yield* opened, yield* opened]
    yield* orders.create([
      creation(first, { externalRef: one }),
      creation(second, { externalRef: two })
    ])
    const found = yield* orders.byExternalRefs([one, two, none])
    assert.deepStrictEqual(
      new Map(found),
      new Map([
        [one, first.orderId],
        [two, second.orderId]
      ])
    )
    assert.strictEqual((yield* orders.byExternalRefs([])).size, 0)
  })
}

export const listing: Promises<Orders | Sagas> = {
  "lists an account's orders newest first, page by page, with lines": Effect.gen(function* () {
    const orders = yield* Orders
    const account = yield* freshAccount
    const own = yield* openedTimes(account, 5)
    yield* orders.create(own.map((saga) => creation(saga)))
    const newestFirst = idsOf(own).sort().reverse()
    const all = yield* orders.list({ account, limit: 10 })
    assert.deepStrictEqual(idsOf(all), newestFirst)
    assert.deepStrictEqual(
      all.map(({ lines }) => lines.map(({ lineNo, quantity }) => [lineNo, quantity])),
      all.map(() => [
        [1, 3],
        [2, 1]
      ])
    )
    const first = yield* orders.list({ account, limit: 2 })
    assert.deepStrictEqual(idsOf(first), newestFirst.slice(0, 2))
    const rest = yield* Effect.forEach(first.slice(-1), ({ orderId }) =>
      orders.list({ account, before: orderId, limit: 10 })
    )
    assert.deepStrictEqual(idsOf(rest.flat()), newestFirst.slice(2))
  }),

  "lists by state and by reference": Effect.gen(function* () {
    const orders = yield* Orders
    const account = yield* freshAccount
    const externalRef = yield* freshName("ref")
    const [a, b] = [yield* openedBy(account), yield* openedBy(account)]
    yield* orders.create([creation(a, { externalRef }), creation(b)])
    yield* orders.move([moveOf(a.orderId, a.sagaId, "Capture")])
    const limit = 10
    const paid = yield* orders.list({ account, state: "paid", limit })
    assert.deepStrictEqual(idsOf(paid), [a.orderId])
    const waiting = yield* orders.list({ account, state: "pending_payment", limit })
    assert.deepStrictEqual(idsOf(waiting), [b.orderId])
    assert.deepStrictEqual(idsOf(yield* orders.list({ externalRef, limit })), [a.orderId])
    const stranger = yield* placed
    const other = yield* orders.list({ externalRef, account: stranger.account, limit })
    assert.deepStrictEqual(other, [])
  })
}

import { Books } from "@doorbuster/core/audit/Books"
import { Inventory } from "@doorbuster/core/inventory/Inventory"
import { minor } from "@doorbuster/core/money/Minor"
import type { OrderId } from "@doorbuster/core/order/OrderId"
import { Orders } from "@doorbuster/core/order/Orders"
import { Sagas } from "@doorbuster/core/order/Sagas"
import { Payments } from "@doorbuster/core/payment/Payments"
import { nextUuid } from "@doorbuster/core/Uuid"
import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import { stock } from "./books/stock.ts"
import { freshName, freshOrder } from "./fresh.ts"
import { held, request, stocked } from "./inventory/fixtures.ts"
import { answer, creation, endOf, liveWorker, moveOf, opened, placed } from "./orders/fixtures.ts"
import { captured, captureOf, created, dollar, euro, payment, refund } from "./payments/fixtures.ts"
import { type Promises, suite } from "./suite.ts"

type Store = Books | Inventory | Orders | Payments | Sagas

const bookOf = Effect.fnUntraced(function* (orderId: OrderId) {
  const books = yield* Books
  const all = yield* Stream.runCollect(books.orders)
  return all.filter((book) => book.orderId === orderId)
})

const orders: Promises<Store> = {
  "shows everything that is kept under an order": Effect.gen(function* () {
    const [inventory, store] = [yield* Inventory, yield* Orders]
    const [sagas, payments] = [yield* Sagas, yield* Payments]
    const saga = yield* placed
    const { orderId, sagaId } = saga
    const key = yield* stocked(5)
    yield* inventory.reserve([request(orderId, [[key, 2]])])
    const asked = { ...(yield* payment), orderId }
    yield* payments.create([asked])
    yield* payments.recordCapture([captureOf(asked)])
    yield* refund(asked, 100)
    const shipment = { to: "requested", shipmentId: yield* nextUuid } as const
    yield* store.move([moveOf(orderId, sagaId, "Capture", { shipment })])

    const [book, ...rest] = yield* bookOf(orderId)
    assert.deepStrictEqual(rest, [])
    assert.deepStrictEqual(book?.order, yield* store.find(orderId))
    assert.deepStrictEqual(book?.history, yield* store.history(orderId, 0))
    assert.deepStrictEqual(book?.shipments, yield* store.shipments(orderId))
    const { payload: _payload, ...record } = (yield* sagas.find(sagaId)) ?? {}
    assert.deepStrictEqual(
      book?.sagas.map((found) => ({ ...found })),
      [record] as never
    )
    assert.deepStrictEqual(book?.reservations, yield* inventory.reservations(orderId, [key]))
    const money = yield* payments.ofOrder(orderId)
    assert.deepStrictEqual(book?.payments, money.payments)
    assert.deepStrictEqual(book?.refunds, money.refunds)
    const { amount, captureId, paymentId } = captureOf(asked)
    assert.deepStrictEqual(book?.captures, [
      { captureId, paymentId, amount, currency: euro, applied: true }
    ])
    assert.deepStrictEqual(book?.answers, [answer])
    const idsOf = (entries: typeof money.entries) => entries.map(({ entryId }) => entryId).sort()
    assert.deepStrictEqual(idsOf(book?.entries ?? []), idsOf(money.entries))
    assert.strictEqual(book?.entries.length, 2)
  }),

  "shows every receipt of a payment, and which of them were applied": Effect.gen(function* () {
    const payments = yield* Payments
    const request = yield* captured
    const again = { captureId: `again-${request.paymentId}`, amount: minor(50n) }
    const foreign = { captureId: `foreign-${request.paymentId}`, currency: dollar }
    for (const change of [again, foreign]) {
      yield* payments.recordCapture([captureOf(request, change)])
    }
    const [book] = yield* bookOf(request.orderId)
    const told = book?.captures.map((c) => `${c.amount} ${c.currency} ${c.applied}`).sort()
    assert.deepStrictEqual(told, ["1200 EUR true", "1200 USD false", "50 EUR false"])
  }),

  "shows no answer where none was given, nor that of another checkout": Effect.gen(function* () {
    const sagas = yield* Sagas
    const first = yield* opened
    assert.deepStrictEqual((yield* bookOf(first.orderId))[0]?.answers, [])
    yield* sagas.close([endOf(first, 1, "failed")])
    const orderId = yield* freshOrder
    const second = { ...first, sagaId: orderId, orderId }
    yield* sagas.open([second])
    yield* (yield* Orders).create([creation(second)])
    assert.deepStrictEqual((yield* bookOf(orderId))[0]?.answers, [answer])
    assert.deepStrictEqual((yield* bookOf(first.orderId))[0]?.answers, [])
  }),

  "shows an order that only the inventory knows": Effect.gen(function* () {
    const orderId = yield* held(yield* stocked(5), 2)
    const [book] = yield* bookOf(orderId)
    assert.strictEqual(book?.order, null)
    assert.deepStrictEqual(
      book?.reservations.map(({ quantity }) => quantity),
      [2]
    )
  }),

  "shows an order that only money knows": Effect.gen(function* () {
    const { orderId, paymentId } = yield* captured
    const [book] = yield* bookOf(orderId)
    assert.strictEqual(book?.order, null)
    assert.deepStrictEqual(
      book?.payments.map((found) => found.paymentId),
      [paymentId]
    )
    assert.strictEqual(book?.entries.length, 1)
  }),

  "shows an attempt that only the saga log knows": Effect.gen(function* () {
    const { orderId, sagaId } = yield* opened
    const [book] = yield* bookOf(orderId)
    assert.strictEqual(book?.order, null)
    assert.deepStrictEqual(
      book?.sagas.map((found) => found.sagaId),
      [sagaId]
    )
  }),

  "shows each order once, by ascending id": Effect.gen(function* () {
    const books = yield* Books
    yield* placed
    yield* created
    yield* held(yield* stocked(1), 1)
    const ids = (yield* Stream.runCollect(books.orders)).map(({ orderId }) => orderId)
    assert.deepStrictEqual(ids, [...new Set(ids)].sort())
  })
}

const rest: Promises<Store> = {
  "shows the entries that belong to no order": Effect.gen(function* () {
    const [books, payments] = [yield* Books, yield* Payments]
    const entryId = yield* freshName("adjustment")
    const entry = {
      entryId,
      kind: "bad_debt" as const,
      currency: euro,
      orderId: null,
      paymentId: null,
      memo: "contract",
      occurredAt: 1_700_000_000_000,
      postings: [
        { account: "expenses:bad_debts" as const, amount: minor(7n) },
        { account: "assets:bank" as const, amount: minor(-7n) }
      ]
    }
    yield* payments.post([entry])
    const { orderId } = yield* captured
    const loose = yield* Stream.runCollect(books.looseEntries)
    assert.deepStrictEqual(
      loose.filter((found) => found.entryId === entryId),
      [entry]
    )
    assert.deepStrictEqual(
      loose.filter((found) => found.orderId === orderId),
      []
    )
  }),

  "shows the receipts of payments that nobody knows": Effect.gen(function* () {
    const [books, payments] = [yield* Books, yield* Payments]
    const unknown = captureOf(yield* payment)
    yield* payments.recordCapture([unknown])
    const known = yield* captured
    const loose = yield* Stream.runCollect(books.looseCaptures)
    const { amount, captureId, paymentId } = unknown
    assert.deepStrictEqual(
      loose.filter((found) => found.paymentId === paymentId),
      [{ captureId, paymentId, amount, currency: euro, applied: false }]
    )
    assert.isFalse(loose.some((found) => found.paymentId === known.paymentId))
  }),

  "sums the book as the payments do": Effect.gen(function* () {
    const books = yield* Books
    const { provider } = yield* captured
    const rows = (yield* books.trialBalance).filter(
      ({ account }) => account === `assets:provider:${provider}`
    )
    assert.deepStrictEqual(
      rows.map(({ credit, debit }) => debit - credit),
      [1200n]
    )
  }),

  "counts keys and references, and finds none of them doubled": Effect.gen(function* () {
    const [books, store] = [yield* Books, yield* Orders]
    const before = yield* books.claims
    const saga = yield* opened
    yield* store.create([creation(saga, { externalRef: yield* freshName("ref") })])
    const after = yield* books.claims
    assert.isAtLeast(after.checked, before.checked + 2)
    assert.deepStrictEqual(after.duplicates, [])
  }),

  "tells the store's time, and whether a worker is alive": Effect.gen(function* () {
    const books = yield* Books
    yield* liveWorker
    const [first, second] = [yield* books.now, yield* books.now]
    assert.isTrue(first.live)
    assert.isAtLeast(second.at, first.at)
    assert.isAbove(first.at, 1_700_000_000_000)
  })
}

/** What every `Books` promises about what the other ports of the same store have written. */
export const booksContract = <E>(name: string, adapter: Layer.Layer<Store, E>): void =>
  suite(`Books contract: ${name}`, adapter, [stock, orders, rest])

import { freshOrder, freshOrders } from "@doorbuster/adapters/contract/fresh"
import { answer, newOrder, orderIn } from "@doorbuster/adapters/contract/orders/fixtures"
import { captured, refund } from "@doorbuster/adapters/contract/payments/fixtures"
import * as BooksPostgres from "@doorbuster/adapters/postgres/BooksPostgres"
import * as InventoryPostgres from "@doorbuster/adapters/postgres/InventoryPostgres"
import * as OrdersPostgres from "@doorbuster/adapters/postgres/OrdersPostgres"
import * as PaymentsPostgres from "@doorbuster/adapters/postgres/PaymentsPostgres"
import * as SagasPostgres from "@doorbuster/adapters/postgres/SagasPostgres"
import { Books } from "@doorbuster/core/audit/Books"
import { Inventory } from "@doorbuster/core/inventory/Inventory"
import type { StockKey } from "@doorbuster/core/inventory/StockKey"
import type { OrderId } from "@doorbuster/core/order/OrderId"
import { Orders } from "@doorbuster/core/order/Orders"
import { Sagas } from "@doorbuster/core/order/Sagas"
import { Payments } from "@doorbuster/core/payment/Payments"
import { nextUuid } from "@doorbuster/core/Uuid"
import { assert, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import { ordersSql } from "./sql.ts"
import { databaseLayer } from "./testDatabase.ts"

const store = Layer.mergeAll(
  BooksPostgres.layer,
  InventoryPostgres.layer,
  OrdersPostgres.layer,
  PaymentsPostgres.layer,
  SagasPostgres.layer
).pipe(Layer.provideMerge(databaseLayer("inventory", "orders", "money")))

const allOrders = Effect.gen(function* () {
  const books = yield* Books
  return yield* Stream.runCollect(books.orders)
})

const bookOf = (orderId: OrderId) =>
  Effect.map(allOrders, (books) => books.find((book) => book.orderId === orderId))

const receive = Effect.fnUntraced(function* (key: StockKey, quantity: number) {
  const inventory = yield* Inventory
  const movementId = yield* nextUuid
  yield* inventory.move([
    { movementId, key, quantity, kind: "receipt", reason: "test", occurredAt: 0 }
  ])
})

const reserve = Effect.fnUntraced(function* (orderId: OrderId, key: StockKey) {
  const inventory = yield* Inventory
  yield* inventory.reserve([
    { orderId, epoch: 1, expiresAt: 4_000_000_000_000, lines: [{ key, quantity: 2 }] }
  ])
})

layer(store, { excludeTestServices: true, timeout: "60 seconds" })("The books", (it) => {
  it.effect("show an order as the ports show it", () =>
    Effect.gen(function* () {
      const orders = yield* Orders
      const sagas = yield* Sagas
      const { orderId } = yield* orderIn("shipped")
      const book = yield* bookOf(orderId)
      assert.deepStrictEqual(book?.order, (yield* orders.find(orderId)) ?? null)
      assert.strictEqual(book?.order?.lines.length, 2)
      assert.deepStrictEqual(book?.history, yield* orders.history(orderId, 0))
      assert.deepStrictEqual(book?.shipments, yield* orders.shipments(orderId))
      const [saga] = yield* sagas.list({ orderId, limit: 10 })
      const { payload: _payload, ...rest } = saga ?? (yield* Effect.die("no saga"))
      assert.deepStrictEqual(book?.sagas, [rest])
    })
  )

  it.effect("show money that belongs to an order nobody else knows", () =>
    Effect.gen(function* () {
      const payments = yield* Payments
      const request = yield* captured
      yield* refund(request, 500)
      const book = yield* bookOf(request.orderId)
      const money = yield* payments.ofOrder(request.orderId)
      assert.strictEqual(book?.order, null)
      assert.deepStrictEqual(book?.payments, money.payments)
      assert.deepStrictEqual(book?.refunds, money.refunds)
      assert.deepStrictEqual(book?.entries, money.entries)
      assert.strictEqual(book?.entries.length, 2)
    })
  )

  it.effect("show a reservation that nothing but its own row knows, behind all other ids", () =>
    Effect.gen(function* () {
      yield* receive("LONELY" as StockKey, 5)
      const orderId = "ffffffff-ffff-7fff-bfff-fffffffffff0" as OrderId
      yield* reserve(orderId, "LONELY" as StockKey)
      yield* ordersSql(`delete from inventory.fences where order_id = '${orderId}'`)
      const book = yield* bookOf(orderId)
      assert.deepStrictEqual(
        book?.reservations.map(({ key, quantity, state }) => [key, quantity, state]),
        [["LONELY", 2, "held"]]
      )
    })
  )

  it.effect("come page by page, each order once and in order", () =>
    Effect.gen(function* () {
      const sagas = yield* Sagas
      const ids = yield* freshOrders(2100)
      const saga = yield* orderIn("paid")
      yield* sagas.open(ids.map((orderId) => ({ ...saga, sagaId: orderId, orderId, key: null })))
      const seen = (yield* allOrders).map(({ orderId }) => orderId)
      assert.deepStrictEqual(seen, [...new Set(seen)].sort())
      const known = new Set(seen)
      assert.deepStrictEqual(
        ids.filter((id) => !known.has(id)),
        []
      )
    })
  )

  it.effect("set stock beside its movements and its reservations", () =>
    Effect.gen(function* () {
      const inventory = yield* Inventory
      const books = yield* Books
      const key = "BOOKED" as StockKey
      yield* receive(key, 10)
      const held = yield* freshOrder
      const committed = yield* freshOrder
      yield* reserve(held, key)
      yield* reserve(committed, key)
      yield* inventory.commit([{ orderId: committed, epoch: 1, keys: [key] }])
      yield* inventory.giveBack([
        { returnId: yield* nextUuid, orderId: committed, lines: [{ key, quantity: 1 }] }
      ])
      yield* ordersSql("update inventory.stock set received = 11 where sku = 'BOOKED'")
      const stock = yield* Stream.runCollect(books.stock)
      assert.deepStrictEqual(
        stock.find((book) => book.key === key),
        {
          key,
          moved: 10,
          segments: [
            {
              key,
              segment: 0,
              received: 11,
              reserved: 2,
              sold: 1,
              held: 2,
              committed: 2,
              returned: 1,
              givenBack: 1
            }
          ]
        }
      )
    })
  )

  it.effect("show entries of no order apart", () =>
    Effect.gen(function* () {
      const books = yield* Books
      const payments = yield* Payments
      const entry = {
        entryId: `adjustment:${yield* nextUuid}`,
        kind: "adjustment",
        currency: (yield* captured).currency,
        orderId: null,
        paymentId: null,
        memo: "a memo",
        occurredAt: 1000,
        postings: [
          { account: "assets:bank", amount: 5n },
          { account: "expenses:fx", amount: -5n }
        ]
      } as unknown as Parameters<typeof payments.post>[0][number]
      yield* payments.post([entry])
      const loose = yield* Stream.runCollect(books.looseEntries)
      assert.deepStrictEqual(
        loose.find(({ entryId }) => entryId === entry.entryId),
        entry
      )
      assert.isTrue(loose.every(({ orderId }) => orderId === null))
    })
  )

  it.effect("name a reference under which two orders stand", () =>
    Effect.gen(function* () {
      const books = yield* Books
      const orders = yield* Orders
      const before = yield* books.claims
      assert.deepStrictEqual(before.duplicates, [])
      const [first, second] = yield* freshOrders(2)
      const { account } = yield* orderIn("paid")
      for (const [orderId, externalRef] of [
        [first, "DOUBLED"],
        [second, "SINGLE"]
      ] as const) {
        if (orderId === undefined) continue
        const order = { ...newOrder(orderId, account, 1000), externalRef }
        yield* orders.create([{ order, epoch: 1, at: 1000, answer }])
      }
      yield* ordersSql(`
        drop index orders.one_order_per_external_ref;
        update orders.orders set external_ref = 'DOUBLED' where order_id = '${second}'`)
      const { duplicates } = yield* books.claims
      assert.deepStrictEqual(duplicates, [
        { key: `reference ${account} DOUBLED`, orders: 2, payments: 0 }
      ])
    })
  )

  it.effect("tell whether a worker is alive", () =>
    Effect.gen(function* () {
      const books = yield* Books
      const sagas = yield* Sagas
      yield* ordersSql("delete from orders.workers")
      const rest = yield* books.now
      yield* sagas.lease("w", 60_000)
      const work = yield* books.now
      assert.deepStrictEqual([rest.live, work.live], [false, true])
      assert.isAtLeast(work.at, rest.at)
    })
  )
})

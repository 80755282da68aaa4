/**
 * Goal: a strategy keeps buyers out of each other's way as it says, and costs no unit where another
 * process does not know of it yet.
 * Method: a transaction of the test holds one row or one queue; who gets past it answers, and who
 * has to wait is seen waiting for a lock.
 */
import { freshOrder } from "@doorbuster/adapters/contract/fresh"
import { held, levelOf, request, stocked } from "@doorbuster/adapters/contract/inventory/fixtures"
import * as Database from "@doorbuster/adapters/postgres/Database"
import { layer as inventoryLayer } from "@doorbuster/adapters/postgres/InventoryPostgres"
import { Inventory, type ReserveOutcome } from "@doorbuster/core/inventory/Inventory"
import type { StockKey } from "@doorbuster/core/inventory/StockKey"
import { choose } from "@doorbuster/core/inventory/StockStrategy"
import type { OrderId } from "@doorbuster/core/order/OrderId"
import { assert, layer } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import { databaseLayer } from "./testDatabase.ts"

const { InventoryDatabase } = Database

/** A fresh order whose units are looked for on this of so many rows first. */
const orderAt = (segment: number, segments: number) =>
  Effect.repeat(freshOrder, {
    until: (order: OrderId) => Number.parseInt(order.slice(-8), 16) % segments === segment
  })

const layoutOf = Effect.fnUntraced(function* (key: StockKey) {
  const levels = yield* (yield* Inventory).levels([key])
  return levels.map(({ received, reserved, sold }) => received - reserved - sold)
})

const segmented = Effect.fnUntraced(function* (units: number, segments: number) {
  const key = yield* stocked(units)
  yield* (yield* Inventory).setStrategy(key, choose("segmented", segments))
  return key
})

const lockWaits = {
  name: "lock_waits",
  text: `select from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`
}

const lockRow = {
  name: "lock_row",
  text: "select from inventory.stock where sku = $1 and segment = $2::integer for update"
}

const enterQueue = {
  name: "enter_queue",
  text: "select pg_advisory_xact_lock(hashtextextended($1, 7042019))"
}

/** Runs something while a transaction of the test holds what the statement locks. */
const holding = <A, E, R>(
  statement: Database.Statement,
  parameters: ReadonlyArray<unknown>,
  body: Effect.Effect<A, E, R>
) =>
  Effect.flatMap(InventoryDatabase, (database) =>
    Effect.flatMap(Effect.context<R>(), (context) =>
      database.transaction("test", (transaction) =>
        Effect.andThen(
          transaction.query(statement, parameters),
          Effect.provideContext(body, context)
        )
      )
    )
  )

/** Starts a write and answers it once it is seen to wait for a lock. */
const waiting = Effect.fnUntraced(function* <A, E, R>(write: Effect.Effect<A, E, R>) {
  const database = yield* InventoryDatabase
  const fiber = yield* Effect.forkDetach(write)
  yield* database.query("test", lockWaits).pipe(
    Effect.filterOrFail((rows) => rows.length > 0),
    Effect.eventually
  )
  return fiber
})

const reserve = (key: StockKey, order: OrderId, quantity = 1) =>
  Inventory.use((inventory) => inventory.reserve([request(order, [[key, quantity]])]))

const heldOnce: ReadonlyArray<ReserveOutcome> = [{ _tag: "Held" }]

const stores = inventoryLayer.pipe(Layer.provideMerge(databaseLayer("inventory")))

layer(stores, { excludeTestServices: true })("a strategy in Postgres", (it) => {
  it.effect("segmented: buyers pass a row that somebody else has, and wait for their own", () =>
    Effect.gen(function* () {
      const key = yield* segmented(8, 2)
      const [own, other] = [yield* orderAt(0, 2), yield* orderAt(1, 2)]
      const late = yield* holding(
        lockRow,
        [key, 0],
        Effect.gen(function* () {
          assert.deepStrictEqual(yield* reserve(key, other), heldOnce)
          return yield* waiting(reserve(key, own))
        })
      )
      assert.deepStrictEqual(yield* Fiber.join(late), heldOnce)
      assert.deepStrictEqual(yield* layoutOf(key), [3, 3])
    })
  )

  it.effect("segmented: units are sold and released past the rows that they do not lie on", () =>
    Effect.gen(function* () {
      const inventory = yield* Inventory
      const key = yield* segmented(8, 2)
      const orders = [yield* orderAt(1, 2), yield* orderAt(1, 2)] as const
      for (const order of orders) yield* reserve(key, order)
      const [sold, released] = orders.map((orderId) => ({ orderId, epoch: 1, keys: [key] }))
      const settle = Effect.all([
        inventory.commit(sold === undefined ? [] : [sold]),
        inventory.release(released === undefined ? [] : [{ ...released, as: "released" }])
      ])
      const settled = yield* holding(lockRow, [key, 0], settle)
      assert.deepStrictEqual(settled, [[{ _tag: "Committed" }], [{ _tag: "Released" }]])
      assert.deepStrictEqual(yield* levelOf(key), { received: 8, reserved: 0, sold: 1 })
    })
  )

  it.effect("segmented: who finds a row empty while others have plenty evens them out", () =>
    Effect.gen(function* () {
      const key = yield* segmented(20, 2)
      yield* reserve(key, yield* orderAt(0, 2), 10)
      assert.deepStrictEqual(yield* layoutOf(key), [0, 10])
      yield* reserve(key, yield* orderAt(0, 2))
      assert.deepStrictEqual(yield* layoutOf(key), [5, 4])
      assert.deepStrictEqual(yield* levelOf(key), { received: 20, reserved: 11, sold: 0 })
    })
  )

  it.effect("queued: buyers wait in front of their key, and pass the queues of others", () =>
    Effect.gen(function* () {
      const inventory = yield* Inventory
      const [key, other] = [yield* stocked(5), yield* stocked(5)]
      for (const each of [key, other]) yield* inventory.setStrategy(each, choose("queued", 1))
      const orders = [yield* freshOrder, yield* freshOrder] as const
      const late = yield* holding(
        enterQueue,
        [key],
        Effect.gen(function* () {
          assert.deepStrictEqual(yield* reserve(other, orders[0]), heldOnce)
          return yield* waiting(reserve(key, orders[1]))
        })
      )
      assert.deepStrictEqual(yield* Fiber.join(late), heldOnce)
    })
  )

  it.effect("any: a process that has not heard of the choice yet finds every unit", () =>
    Effect.gen(function* () {
      const inventory = yield* Inventory
      const database = yield* InventoryDatabase
      const another = yield* Layer.build(
        Layer.fresh(inventoryLayer).pipe(Layer.provide(Layer.succeed(InventoryDatabase, database)))
      )
      const unaware = Context.get(another, Inventory)
      const key = yield* stocked(9)
      yield* Effect.provideService(held(key, 1), Inventory, unaware)
      yield* inventory.setStrategy(key, choose("segmented", 4))
      for (let i = 0; i < 4; i++) {
        yield* Effect.provideService(held(key, 2), Inventory, unaware)
      }
      const last = [yield* freshOrder, yield* freshOrder] as const
      const outcomes = yield* unaware.reserve(last.map((order) => request(order, [[key, 1]])))
      assert.deepStrictEqual(
        outcomes.map(({ _tag }) => _tag),
        ["OutOfStock", "OutOfStock"]
      )
      assert.deepStrictEqual(yield* levelOf(key), { received: 9, reserved: 9, sold: 0 })
    }).pipe(Effect.scoped)
  )

  it.effect("none: segments that do not fit the strategy are refused by the table", () =>
    Effect.gen(function* () {
      const inventory = yield* Inventory
      const key = yield* stocked(5)
      for (const choice of [
        { strategy: "segmented", segments: 1 },
        { strategy: "segmented", segments: 257 },
        { strategy: "atomic", segments: 2 }
      ] as const) {
        const error = yield* Effect.flip(inventory.setStrategy(key, choice))
        assert.strictEqual(error.reason, "bad_value")
      }
      assert.deepStrictEqual(yield* inventory.strategies([key]), [])
      assert.deepStrictEqual(yield* layoutOf(key), [5])
    })
  )
})

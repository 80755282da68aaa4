/**
 * Goal: several store processes on one Postgres never sell a unit twice, whatever they do at once.
 * Method: several pools on one database, each with its own adapter, write at the same time; the
 * kinds of outcome are compared, and then the tables are added up in SQL, apart from the adapter.
 */
import { freshOrders } from "@doorbuster/adapters/contract/fresh"
import {
  choices,
  freshKey,
  request,
  stocked
} from "@doorbuster/adapters/contract/inventory/fixtures"
import { tally } from "@doorbuster/adapters/contract/outcomes"
import * as Database from "@doorbuster/adapters/postgres/Database"
import { layer as inventoryLayer } from "@doorbuster/adapters/postgres/InventoryPostgres"
import { Inventory } from "@doorbuster/core/inventory/Inventory"
import type { StockKey } from "@doorbuster/core/inventory/StockKey"
import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { connection, migratedDatabase } from "./testDatabase.ts"

const PROCESSES = 4

const open = Effect.gen(function* () {
  const { url } = yield* migratedDatabase(["inventory"])
  const processes = yield* Effect.forEach(Array.from({ length: PROCESSES }), () =>
    Layer.build(inventoryLayer.pipe(Layer.provide(Database.layer(connection(url)))))
  )
  const database = yield* Database.make(connection(url))
  return { database, stores: processes.map((context) => Context.get(context, Inventory)) }
})

/** What the tables say about each key, added up from the rows that explain it. */
const unexplained = {
  name: "unexplained",
  text: `select s.sku from inventory.stock s
    where s.received < s.reserved + s.sold or (
      select sum(received) from inventory.stock a where a.sku = s.sku
    ) <> (
      select coalesce(sum(quantity), 0) from inventory.movements m where m.sku = s.sku
    ) or s.reserved <> (
      select coalesce(sum(quantity), 0) from inventory.reservations r
      where r.sku = s.sku and r.segment = s.segment and r.state = 'held'
    ) or s.sold <> (
      select coalesce(sum(quantity - returned), 0) from inventory.reservations r
      where r.sku = s.sku and r.segment = s.segment and r.state = 'committed'
    )`
}

const assertExplained = (database: Database.Database) =>
  Effect.map(database.query("test", unexplained), (rows) => assert.deepStrictEqual(rows, []))

const at = <A>(items: ReadonlyArray<A>, i: number): A => items[i % items.length] as A

const all = { concurrency: "unbounded" } as const

describe("several processes on one Postgres", () => {
  for (const choice of choices) {
    it.live(`sell 10 units to 50 buyers in batches: ${choice.strategy}`, () =>
      Effect.gen(function* () {
        const { database, stores } = yield* open
        const key = yield* Effect.provideService(stocked(10), Inventory, at(stores, 0))
        yield* at(stores, 0).setStrategy(key, choice)
        const buyers = yield* freshOrders(50)
        const answers = yield* Effect.forEach(
          Array.from({ length: 25 }, (_, i) => i),
          (i) =>
            at(stores, i).reserve(
              buyers.slice(2 * i, 2 * i + 2).map((buyer) => request(buyer, [[key, 1]]))
            ),
          all
        )
        assert.deepStrictEqual(tally(answers.flat()), { Held: 10, OutOfStock: 40 })
        yield* assertExplained(database)
      }).pipe(Effect.scoped)
    )
  }

  it.live("answer twins in all of them with one reservation", () =>
    Effect.gen(function* () {
      const { database, stores } = yield* open
      const key = yield* Effect.provideService(stocked(30), Inventory, at(stores, 0))
      const coupon = `coupon:${yield* freshKey}` as StockKey
      const orders = yield* freshOrders(10)
      const batch = orders.map((order) =>
        request(order, [
          [key, 3],
          [coupon, 1, 10]
        ])
      )
      const answers = yield* Effect.forEach(
        Array.from({ length: 16 }, (_, i) => i),
        (i) => at(stores, i).reserve(i % 2 === 0 ? batch : batch.toReversed()),
        all
      )
      assert.deepStrictEqual(tally(answers.flat()), { Held: 160 })
      yield* assertExplained(database)
    }).pipe(Effect.scoped)
  )

  it.live("keep the books square while everything happens at once to crossing keys", () =>
    Effect.gen(function* () {
      const { database, stores } = yield* open
      const keys = yield* Effect.forEach(Array.from({ length: 6 }), () =>
        Effect.provideService(stocked(40), Inventory, at(stores, 0))
      )
      const buyers = yield* freshOrders(240)
      const lines = (i: number) => [at(keys, i), at(keys, i + 1), at(keys, i * 5)]
      const refs = buyers.map((orderId, i) => {
        return { orderId, epoch: 1, keys: [...new Set(lines(i))].sort() }
      })
      const life = (i: number) =>
        Effect.gen(function* () {
          const own = refs.slice(12 * i, 12 * i + 12)
          const store = at(stores, i)
          yield* store.setStrategy(at(keys, i), at(choices, i))
          const held = yield* store.reserve(
            own.map((ref) =>
              request(
                ref.orderId,
                ref.keys.map((key) => [key, 1])
              )
            )
          )
          const closed = yield* Effect.all(
            [
              at(stores, i + 1).commit(own.slice(0, 8)),
              at(stores, i + 2).release(own.slice(4).map((ref) => ({ ...ref, as: "released" })))
            ],
            all
          )
          return { held, closed: closed.flat() }
        })
      const lives = yield* Effect.forEach(
        Array.from({ length: 20 }, (_, i) => i),
        life,
        all
      )
      const held = tally(lives.flatMap((each) => each.held))
      assert.strictEqual((held["Held"] ?? 0) + (held["OutOfStock"] ?? 0), 240)
      const closed = tally(lives.flatMap((each) => each.closed))
      assert.isAbove(closed["Committed"] ?? 0, 0)
      assert.isAbove(closed["Released"] ?? 0, 0)
      yield* assertExplained(database)
    }).pipe(Effect.scoped)
  )
})

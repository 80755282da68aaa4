/**
 * Goal: several store processes on one simulated Postgres sell no unit twice, whatever they do at
 * once, and wait for each other while they do.
 * Method: several pools on one server, each with its own adapter, over wires on which every trip
 * takes another time; outcomes are counted, and then the tables are added up without the adapter.
 */
import { freshOrders } from "@doorbuster/adapters/contract/fresh"
import {
  choices,
  freshKey,
  request,
  stocked
} from "@doorbuster/adapters/contract/inventory/fixtures"
import { tally } from "@doorbuster/adapters/contract/outcomes"
import { InventoryDatabase } from "@doorbuster/adapters/postgres/Database"
import { layer as inventoryLayer } from "@doorbuster/adapters/postgres/InventoryPostgres"
import type { InventoryTables } from "@doorbuster/adapters/simulated/inventory/InventoryTables"
import type { Link } from "@doorbuster/adapters/simulated/Link"
import { Inventory } from "@doorbuster/core/inventory/Inventory"
import type { StockKey } from "@doorbuster/core/inventory/StockKey"
import { assert, describe, it } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { inventoryServer } from "./inventoryServer.ts"
import { databaseOf } from "./simulatedServer.ts"

const PROCESSES = 4

/** Trips of 0 to 3 milliseconds, one after the other in a pattern that is long and the same. */
const unevenLink = (): Link => {
  let trips = 0
  const next = () => (trips++ * 7) % 4
  return {
    fate: () => ({
      _tag: "Sent",
      requestMs: next(),
      betweenMs: next(),
      replyMs: next(),
      replyLost: false,
      abort: null
    })
  }
}

const open = Effect.gen(function* () {
  const { server, tables } = inventoryServer()
  const link = unevenLink()
  const stores = yield* Effect.forEach(Array.from({ length: PROCESSES }), () =>
    Effect.map(
      Layer.build(
        inventoryLayer.pipe(
          Layer.provide(Layer.succeed(InventoryDatabase, databaseOf(server, link)))
        )
      ),
      (context) => Context.get(context, Inventory)
    )
  )
  return { stores, tables }
})

const sum = <R>(rows: Iterable<R>, of: (row: R) => number): number =>
  Array.from(rows, of).reduce((total, units) => total + units, 0)

/** Every stock row is what the rows that explain it add up to; receipts explain a whole key. */
const assertExplained = (tables: InventoryTables) => {
  const rows = [...tables.stock.rows()]
  for (const { received, reserved, segment, sku, sold } of rows) {
    const own = [...tables.reservations.rows()].filter(
      (row) => row.sku === sku && row.segment === segment
    )
    const units = (state: string) =>
      sum(own, (row) => (row.state === state ? row.quantity - row.returned : 0))
    assert.deepStrictEqual(
      { reserved, sold },
      { reserved: units("held"), sold: units("committed") }
    )
    assert.isAtLeast(received - reserved - sold, 0)
  }
  for (const sku of new Set(rows.map((row) => row.sku))) {
    const moved = [...tables.movements.rows()].filter((row) => row.sku === sku)
    assert.strictEqual(
      sum(rows, (row) => (row.sku === sku ? row.received : 0)),
      sum(moved, ({ quantity }) => quantity),
      sku
    )
  }
}

const at = <A>(items: ReadonlyArray<A>, i: number): A => items[i % items.length] as A
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i)
const all = { concurrency: "unbounded" } as const

describe("several processes on one simulated Postgres", () => {
  for (const choice of choices) {
    it.live(`sell 10 units to 50 buyers in batches: ${choice.strategy}`, () =>
      Effect.gen(function* () {
        const { stores, tables } = yield* open
        const key = yield* Effect.provideService(stocked(10), Inventory, at(stores, 0))
        yield* at(stores, 0).setStrategy(key, choice)
        const buyers = yield* freshOrders(50)
        const answers = yield* Effect.forEach(
          upTo(25),
          (i) => {
            const own = buyers.slice(2 * i, 2 * i + 2)
            return at(stores, i).reserve(own.map((buyer) => request(buyer, [[key, 1]])))
          },
          all
        )
        assert.deepStrictEqual(tally(answers.flat()), { Held: 10, OutOfStock: 40 })
        assertExplained(tables)
      }).pipe(Effect.scoped)
    )
  }

  it.live("answer twins in all of them with one reservation", () =>
    Effect.gen(function* () {
      const { stores, tables } = yield* open
      const key = yield* Effect.provideService(stocked(30), Inventory, at(stores, 0))
      const coupon = `coupon:${yield* freshKey}` as StockKey
      const batch = (yield* freshOrders(10)).map((order) =>
        request(order, [
          [key, 3],
          [coupon, 1, 10]
        ])
      )
      const answers = yield* Effect.forEach(
        upTo(16),
        (i) => at(stores, i).reserve(i % 2 === 0 ? batch : batch.toReversed()),
        all
      )
      assert.deepStrictEqual(tally(answers.flat()), { Held: 160 })
      assert.lengthOf([...tables.reservations.rows()], 20)
      assertExplained(tables)
    }).pipe(Effect.scoped)
  )

  it.live("keep the books square while everything happens at once to crossing keys", () =>
    Effect.gen(function* () {
      const { stores, tables } = yield* open
      const keys = yield* Effect.forEach(upTo(6), () =>
        Effect.provideService(stocked(40), Inventory, at(stores, 0))
      )
      const refs = (yield* freshOrders(240)).map((orderId, i) => {
        const lines = [at(keys, i), at(keys, i + 1), at(keys, i * 5)]
        return { orderId, epoch: 1, keys: [...new Set(lines)].sort() }
      })
      const life = (i: number) =>
        Effect.gen(function* () {
          const own = refs.slice(12 * i, 12 * i + 12)
          yield* at(stores, i).setStrategy(at(keys, i), at(choices, i))
          const held = yield* at(stores, i).reserve(
            own.map((ref) =>
              request(
                ref.orderId,
                ref.keys.map((key) => [key, 1])
              )
            )
          )
          const release = own.slice(4).map((ref) => ({ ...ref, as: "released" as const }))
          const closed = yield* Effect.all(
            [at(stores, i + 1).commit(own.slice(0, 8)), at(stores, i + 2).release(release)],
            all
          )
          return { held, closed: closed.flat() }
        })
      const lives = yield* Effect.forEach(upTo(20), life, all)
      const held = tally(lives.flatMap((each) => each.held))
      assert.strictEqual((held["Held"] ?? 0) + (held["OutOfStock"] ?? 0), 240)
      const closed = tally(lives.flatMap((each) => each.closed))
      assert.isAbove(closed["Committed"] ?? 0, 0)
      assert.isAbove(closed["Released"] ?? 0, 0)
      assertExplained(tables)
    }).pipe(Effect.scoped)
  )
})

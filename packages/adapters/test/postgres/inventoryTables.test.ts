import { freshOrder } from "@doorbuster/adapters/contract/fresh"
import {
  freshKey,
  held,
  levelOf,
  request,
  stocked
} from "@doorbuster/adapters/contract/inventory/fixtures"
import { InventoryDatabase } from "@doorbuster/adapters/postgres/Database"
import { layer as inventoryLayer } from "@doorbuster/adapters/postgres/InventoryPostgres"
import { Inventory } from "@doorbuster/core/inventory/Inventory"
import type { StockKey } from "@doorbuster/core/inventory/StockKey"
import { assert, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import { databaseLayer } from "./testDatabase.ts"

let statements = 0

const sql = Effect.fnUntraced(function* (text: string, ...parameters: ReadonlyArray<unknown>) {
  const database = yield* InventoryDatabase
  return yield* database.query("test", { name: `test_${statements++}`, text }, parameters)
})

const refusal = (text: string, ...parameters: ReadonlyArray<unknown>) =>
  Effect.map(Effect.flip(sql(text, ...parameters)), ({ detail }) => detail)

const lockWaits = {
  name: "lock_waits",
  text: `select from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`
}

/** Until some statement of this database waits for a lock. */
const waiting = (database: InventoryDatabase["Service"]) =>
  database.query("test", lockWaits).pipe(
    Effect.filterOrFail((rows) => rows.length > 0),
    Effect.eventually
  )

const stores = inventoryLayer.pipe(Layer.provideMerge(databaseLayer("inventory")))

layer(stores, { excludeTestServices: true })("the tables of the stock", (it) => {
  it.effect("refuse by themselves what would oversell", () =>
    Effect.gen(function* () {
      const key = yield* stocked(3)
      const update = "update inventory.stock set reserved = 2, sold = 2 where sku = $1"
      assert.include(yield* refusal(update, key), "never_oversold")
      const negative = "update inventory.stock set sold = -1 where sku = $1"
      assert.include(yield* refusal(negative, key), "sold_is_not_negative")
      const returned =
        "update inventory.reservations set state = 'committed', returned = 2 where sku = $1"
      yield* held(key, 1)
      assert.include(yield* refusal(returned, key), "returned_is_within_quantity")
    })
  )

  it.effect("append to movements and returns, and change nothing in them", () =>
    Effect.gen(function* () {
      yield* stocked(3)
      for (const table of ["movements", "returns"]) {
        for (const change of [
          `update inventory.${table} set quantity = 1`,
          `delete from inventory.${table}`,
          `truncate inventory.${table}`
        ]) {
          assert.include(yield* refusal(change), "append-only", change)
        }
      }
    })
  )

  it.effect("are not written to by orders that are refused", () =>
    Effect.gen(function* () {
      const inventory = yield* Inventory
      const [key, order, other] = [yield* stocked(1), yield* freshOrder, yield* freshOrder]
      const coupon = `coupon:${yield* freshKey}` as StockKey
      const row = sql(
        "select ctid::text, xmax::text, version from inventory.stock where sku = $1",
        key
      )
      const before = yield* row
      const outcomes = yield* inventory.reserve([
        request(order, [[key, 2]]),
        request(other, [
          [coupon, 1, 5],
          [key, 2]
        ])
      ])
      assert.deepStrictEqual(
        outcomes.map(({ _tag }) => _tag),
        ["OutOfStock", "OutOfStock"]
      )
      // Same place, and no lock was taken either.
      assert.deepStrictEqual(yield* row, before)
      assert.strictEqual(yield* levelOf(coupon), undefined)
      const fences = yield* sql("select from inventory.fences where order_id = any ($1::uuid[])", [
        order,
        other
      ])
      assert.lengthOf(fences, 0)
    })
  )

  it.effect("raise the version with every change of a row", () =>
    Effect.gen(function* () {
      const inventory = yield* Inventory
      const key = yield* stocked(5)
      const version = Effect.map(
        sql("select version from inventory.stock where sku = $1", key),
        ([row]) => Number(row?.["version"])
      )
      const versions = [yield* version]
      const order = yield* held(key, 2)
      versions.push(yield* version)
      yield* inventory.commit([{ orderId: order, epoch: 1, keys: [key] }])
      versions.push(yield* version)
      assert.deepStrictEqual(
        versions.toSorted((a, b) => a - b),
        versions
      )
      assert.strictEqual(new Set(versions).size, 3)
    })
  )

  it.effect("explain an allowance that changes by its movements", () =>
    Effect.gen(function* () {
      const inventory = yield* Inventory
      const coupon = `coupon:${yield* freshKey}` as StockKey
      for (const allowance of [5, 9, 3]) {
        yield* inventory.reserve([request(yield* freshOrder, [[coupon, 1, allowance]])])
      }
      const moved = yield* sql(
        "select quantity from inventory.movements where sku = $1 order by created_at, id",
        coupon
      )
      assert.deepStrictEqual(
        moved.map((row) => row["quantity"]),
        [5, 4, -6]
      )
      assert.deepStrictEqual(yield* levelOf(coupon), { received: 3, reserved: 3, sold: 0 })
    })
  )

  it.effect("let nobody settle a part of a reservation", () =>
    Effect.gen(function* () {
      const inventory = yield* Inventory
      const [a, b, order] = [yield* stocked(5), yield* stocked(5), yield* freshOrder]
      const keys = [a, b].sort()
      yield* inventory.reserve([
        request(
          order,
          keys.map((key) => [key, 1])
        )
      ])
      const part = { orderId: order, epoch: 1, keys: [a] }
      const error = yield* Effect.flip(inventory.commit([part]))
      assert.strictEqual(error.reason, "bad_value")
      const same = yield* Effect.flip(inventory.release([{ ...part, as: "expired" }]))
      assert.strictEqual(same.reason, "bad_value")
      const rows = yield* inventory.reservations(order, keys)
      assert.deepStrictEqual(
        rows.map(({ state }) => state),
        ["held", "held"]
      )
      assert.deepStrictEqual(yield* inventory.commit([{ ...part, keys }]), [{ _tag: "Committed" }])
    })
  )

  it.effect("refuse an optimistic write whose version has passed", () =>
    Effect.gen(function* () {
      const [key, order] = [yield* stocked(5), yield* freshOrder]
      const hold = `select inventory.hold(array[$1], '{}', '{1}', '{}', array[$2::bigint],
        array[$3::uuid],
        '{1}', array[now()], '{1}', '{1}', array[$1], '{}', '{1}')`
      const [row] = yield* sql("select version from inventory.stock where sku = $1", key)
      const version = Number(row?.["version"])
      const error = yield* Effect.flip(sql(hold, key, version - 1, order))
      assert.strictEqual(error.reason, "retry")
      assert.strictEqual((yield* levelOf(key))?.reserved, 0)
      yield* sql(hold, key, version, order)
      assert.strictEqual((yield* levelOf(key))?.reserved, 1)
    })
  )

  it.effect(
    "make a zombie wait for a takeover that is being written, and then change nothing",
    () =>
      Effect.gen(function* () {
        const inventory = yield* Inventory
        const database = yield* InventoryDatabase
        const key = yield* stocked(5)
        const order = yield* held(key, 2, 1)
        const takeover = {
          name: "takeover",
          text: "update inventory.fences set saga_epoch = 2 where order_id = $1"
        }
        const zombie = yield* database.transaction("test", (transaction) =>
          Effect.gen(function* () {
            yield* transaction.query(takeover, [order])
            const ref = { orderId: order, epoch: 1, keys: [key] }
            const commit = yield* Effect.forkDetach(inventory.commit([ref]))
            yield* waiting(database)
            return commit
          })
        )
        assert.deepStrictEqual(yield* Fiber.join(zombie), [{ _tag: "Superseded" }])
        assert.deepStrictEqual(yield* levelOf(key), { received: 5, reserved: 2, sold: 0 })
      })
  )

  it.effect("raise the fence when a later owner repeats what was done", () =>
    Effect.gen(function* () {
      const inventory = yield* Inventory
      const key = yield* stocked(5)
      const order = yield* held(key, 2, 1)
      const again = yield* inventory.reserve([request(order, [[key, 2]], 7)])
      assert.deepStrictEqual(again, [{ _tag: "Held" }])
      const zombie = yield* inventory.commit([{ orderId: order, epoch: 6, keys: [key] }])
      assert.deepStrictEqual(zombie, [{ _tag: "Superseded" }])
    })
  )
})

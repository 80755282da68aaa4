/** `store bench growth`: whether an order costs more when a million lie before it. */

import { orderBooks } from "@doorbuster/adapters/postgres/books/orderBooks"
import {
  InventoryDatabase,
  MoneyDatabase,
  OrdersDatabase
} from "@doorbuster/adapters/postgres/Database"
import { Books } from "@doorbuster/core/audit/Books"
import type { OrderId } from "@doorbuster/core/order/OrderId"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { type BenchGround, emptyStore } from "./BenchGround.ts"
import { type BenchReport, resultOf } from "./BenchReport.ts"
import { benchPorts, benchStore } from "./benchStore.ts"
import { fillHistory } from "./history.ts"
import { load } from "./load.ts"
import { alternate, type OnTime } from "./rounds.ts"
import { durability } from "./serverFigures.ts"
import { hotSku, spreadSkus, stockShelf } from "./shelf.ts"
import { median } from "./statistics.ts"
import { runOn, type StoreRun } from "./storeRun.ts"

export interface GrowthBenchOptions {
  readonly rounds: number
  readonly seconds: number
  readonly warmupSeconds: number
  readonly callers: number
  /** Stored orders that are many, and those that are few. */
  readonly orders: number
  readonly base: number
  readonly onTime: OnTime
}

/** Orders that the history is made of: of as many SKUs. */
const models = 10
const aroundSeconds = 6
/** Orders copied in a second, about; only the progress depends on it. */
const copiedPerSecond = 10_000

/** The books of the orders behind one: older ones were checked when they were new. */
const booksBehind = (after: string) =>
  Layer.effect(
    Books,
    Effect.gen(function* () {
      const books = yield* Books
      const databases = {
        inventory: yield* InventoryDatabase,
        orders: yield* OrdersDatabase,
        money: yield* MoneyDatabase
      }
      return Books.of({ ...books, orders: orderBooks(databases, after) })
    })
  )

/** A store with so many orders, of which the first few were really placed. */
const grownStore = Effect.fnUntraced(function* (
  ground: BenchGround,
  count: number,
  onProgress: (done: number) => Effect.Effect<void>
) {
  const { connection } = yield* emptyStore(ground)
  const store = { connection, poolMax: ground.poolSize }
  const skus = [hotSku, ...spreadSkus(models - 1)]
  yield* Effect.provide(stockShelf(skus), benchPorts(store))
  const orders = yield* Effect.forEach(skus, (sku) =>
    Effect.map(load({ callers: 1, skus: [sku], warmupMs: 0, measureMs: 0 }), ({ acknowledged }) =>
      acknowledged.map(({ orderId }): OrderId => orderId)
    )
  ).pipe(Effect.provide(benchStore(store)))
  const copies = Math.max(0, Math.ceil(count / models) - 1)
  yield* fillHistory({
    connection,
    copies,
    orders: orders.flat(),
    onProgress: (done) => onProgress(done * models)
  })
  return connection
})

const contenderOf = Effect.fnUntraced(function* (
  ground: BenchGround,
  count: number,
  { callers, onTime, seconds, warmupSeconds }: GrowthBenchOptions
) {
  const plannedSeconds = Math.ceil(count / copiedPerSecond)
  const connection = yield* grownStore(ground, count, (done) =>
    onTime(Math.round((plannedSeconds * done) / count), plannedSeconds)
  )
  const options = {
    callers,
    skus: [hotSku],
    warmupMs: warmupSeconds * 1000,
    measureMs: seconds * 1000,
    books: booksBehind
  }
  return {
    name: nameOf(count),
    seconds: warmupSeconds + seconds + aroundSeconds,
    run: runOn(ground, connection, options),
    broken: ({ broken }: StoreRun) => broken
  }
})

const nameOf = (count: number): string => `${count} stored orders`

const costs = (runs: ReadonlyArray<StoreRun>) => {
  const known = runs.flatMap(({ cost }) => (cost === null ? [] : [cost]))
  return {
    p50_ms: median(runs.map(({ p50Ms }) => p50Ms)),
    p99_ms: median(runs.map(({ p99Ms }) => p99Ms)),
    wal_bytes: known.length === 0 ? null : median(known.map(({ wal_bytes }) => wal_bytes))
  }
}

export const growthBench = Effect.fnUntraced(function* (
  ground: BenchGround,
  options: GrowthBenchOptions
) {
  const { base, orders } = options
  const few = yield* contenderOf(ground, base, options)
  const many = yield* contenderOf(ground, orders, options)
  const turns = yield* alternate([many, few], options)
  const [own, before] = [turns.get(many.name) ?? [], turns.get(few.name) ?? []]
  const { connection } = yield* ground.scratch
  const report: BenchReport = {
    bench: "growth",
    results: [
      resultOf({
        name: "growth",
        about: `orders to paid on one SKU, with ${orders} stored`,
        subject: own.map(({ perSecond }) => perSecond),
        reference: `the same with ${base} stored`,
        against: before.map(({ perSecond }) => perSecond),
        more: { ...costs(own), reference_figures: costs(before) }
      })
    ],
    ranking: [],
    notes: [
      "the stored orders are copies, row by row, of orders that the store had placed; after each " +
        "turn its new orders, all stock and the whole ledger were checked, not each old order again"
    ],
    server: yield* durability(connection)
  }
  return report
}, Effect.scoped)

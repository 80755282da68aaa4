/** One run of a whole store under load, and the proof that it was right. */
import { OrdersDatabase } from "@doorbuster/adapters/postgres/Database"
import { integer, text } from "@doorbuster/adapters/postgres/rows"
import { audit } from "@doorbuster/core/audit/audit"
import type { Books } from "@doorbuster/core/audit/Books"
import type { Sku } from "@doorbuster/core/catalog/Sku"
import { PaymentProvider } from "@doorbuster/core/payment/PaymentProvider"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import { type BenchGround, type Connection, emptyStore } from "./BenchGround.ts"
import { benchPorts, benchStore } from "./benchStore.ts"
import { type Broken, brokenOf } from "./errors.ts"
import { type LoadFigures, type LoadOptions, load } from "./load.ts"
import { type Cost, costOf, serverFigures } from "./serverFigures.ts"
import { stockShelf } from "./shelf.ts"

export interface StoreRun extends Omit<LoadFigures, "acknowledged"> {
  /** Orders placed, those of the warm-up included; the cost is theirs. */
  readonly orders: number
  /** Null on the embedded database, whose log is not the machine's. */
  readonly cost: Cost | null
  /** Invariants that the books break afterwards; none, or the figures mean nothing. */
  readonly broken: ReadonlyArray<Broken>
}

const nil = "00000000-0000-0000-0000-000000000000"

const newest = {
  name: "bench_newest",
  text: "select order_id from orders.orders order by order_id desc limit 1"
}

const paidOrders = {
  name: "bench_paid",
  text: "select count(*) as paid from orders.orders where state = 'paid' and order_id > $1::uuid"
}

/** The youngest order of a store: what comes behind it is new. */
export const newestOrder = Effect.gen(function* () {
  const database = yield* OrdersDatabase
  const [row] = yield* database.query("bench.newest", newest)
  return row === undefined ? nil : text(row, "order_id")
})

/** Every new order that a caller saw paid is paid, and no other. */
export const paidAll = Effect.fnUntraced(function* (orders: number, after: string = nil) {
  const database = yield* OrdersDatabase
  const [row = {}] = yield* database.query("bench.paid", paidOrders, [after])
  const paid = integer(row, "paid")
  if (paid === orders) return []
  const [left, right] = [`paid: ${paid}`, `placed: ${orders}`]
  return [{ name: "bench.all_paid", count: 1, key: "orders", left, right }]
})

/** Called when the store has ended and before it is audited; tests break something here. */
export type BeforeAudit = Effect.Effect<void, never, OrdersDatabase>

export interface RunOptions extends LoadOptions {
  readonly beforeAudit?: BeforeAudit
  /** Books of less than all orders: those behind this one. */
  readonly books?: (after: string) => Layer.Layer<Books, never, Ports>
}

type Ports = Layer.Success<ReturnType<typeof benchPorts>>

/** Loads a store that has what is asked for on its shelf, and audits it when it has ended. */
export const runOn = Effect.fnUntraced(function* (
  ground: BenchGround,
  connection: Connection,
  { beforeAudit = Effect.void, books, ...options }: RunOptions
) {
  const store = { connection, poolMax: ground.poolSize }
  const ports = benchPorts(store)
  const after = yield* Effect.provide(newestOrder, ports)
  const isServer = ground.kind === "server"
  const before = isServer ? yield* serverFigures(connection) : null
  const { captures, figures } = yield* Effect.gen(function* () {
    const done = yield* load(options)
    return { figures: done, ...(yield* (yield* PaymentProvider).book) }
  }).pipe(Effect.provide(benchStore(store)))
  const { acknowledged, ...rest } = figures
  const orders = acknowledged.length
  const cost = before === null ? null : costOf(before, yield* serverFigures(connection), orders)
  const broken = yield* Effect.gen(function* () {
    yield* beforeAudit
    const checked = audit({ captures, acknowledged, graceMs: 0 })
    const audited = yield* books === undefined ? checked : Effect.provide(checked, books(after))
    return [...brokenOf(audited), ...(yield* paidAll(orders, after))]
  }).pipe(Effect.provide(ports))
  const run: StoreRun = { ...rest, orders, cost, broken }
  return run
})

/**
 * A database on a server stays until the bench ends: to drop it forces a checkpoint, and whoever
 * has the next turn would pay for that. One inside this process is too large to keep.
 */
export const keep = <A, E, R>(ground: BenchGround, run: Effect.Effect<A, E, R | Scope.Scope>) =>
  ground.kind === "embedded" ? Effect.scoped(run) : run

/** A run in a new database, with these on its shelf. */
export const storeRun = (ground: BenchGround, shelf: ReadonlyArray<Sku>, options: RunOptions) =>
  keep(
    ground,
    Effect.gen(function* () {
      const { connection } = yield* emptyStore(ground)
      const ports = benchPorts({ connection, poolMax: ground.poolSize })
      yield* Effect.provide(stockShelf(shelf), ports)
      return yield* runOn(ground, connection, options)
    })
  )

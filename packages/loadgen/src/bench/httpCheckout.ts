/** A rush of orders over HTTP on a server of its own, until the last one is paid. */
import { approveAll } from "@doorbuster/adapters/payments/SandboxBehavior"
import * as SandboxBookPostgres from "@doorbuster/adapters/payments/SandboxBookPostgres"
import * as Sandbox from "@doorbuster/adapters/payments/SandboxProvider"
import * as Database from "@doorbuster/adapters/postgres/Database"
import { integer } from "@doorbuster/adapters/postgres/rows"
import { audit } from "@doorbuster/core/audit/audit"
import type { Acknowledged } from "@doorbuster/core/audit/Invariant"
import type { OrderId } from "@doorbuster/core/order/OrderId"
import { PaymentProvider } from "@doorbuster/core/payment/PaymentProvider"
import autocannon from "autocannon"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import { openSessions } from "../sale/Buyer.ts"
import {
  type BenchGround,
  type Connection,
  emptyStore,
  type ScratchDatabase
} from "./BenchGround.ts"
import { benchPorts } from "./benchStore.ts"
import { cpuSeconds } from "./cpuSeconds.ts"
import { type Broken, brokenOf, ReferenceFailed } from "./errors.ts"
import { checkoutRequest } from "./httpRequests.ts"
import { hotSku, orderTotal, stockShelf } from "./shelf.ts"
import { paidAll } from "./storeRun.ts"
import { untilNone } from "./untilNone.ts"
import { type Done, windowFigures } from "./window.ts"

/** A store that serves over HTTP, in a process of its own. */
export interface ServedStore {
  readonly url: string
  readonly pid: number
  /** Asks it to stop, and waits until it has. */
  readonly stop: Effect.Effect<unknown>
}

/** Starts one on a database that has the schemas of a store. */
export type Serve<E> = (database: ScratchDatabase) => Effect.Effect<ServedStore, E, Scope.Scope>

export interface RushOptions {
  readonly connections: number
  readonly seconds: number
  readonly warmupSeconds: number
}

export interface HttpCheckoutRun {
  /** Orders accepted per second, once warm. */
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  /** All orders divided by the time from the first asking until the last one was paid. */
  readonly paidPerSecond: number
  readonly perCpuSecond: number | null
  readonly orders: number
  readonly broken: ReadonlyArray<Broken>
}

interface Asked {
  at?: number
}

const guests = 64
const timeoutSeconds = 30

/** One order after the other on each connection; answers with those that were accepted. */
const rush = (
  url: string,
  tokens: ReadonlyArray<string>,
  { connections, seconds, warmupSeconds }: RushOptions,
  now: () => number
) =>
  Effect.callback<
    { readonly done: ReadonlyArray<Done>; readonly told: ReadonlyArray<Acknowledged> },
    ReferenceFailed
  >((resume) => {
    const done: Array<Done> = []
    const told: Array<Acknowledged> = []
    const others = new Map<number, number>()
    let next = 0
    const running = autocannon<Asked>({
      url,
      connections,
      duration: warmupSeconds + seconds,
      timeout: timeoutSeconds,
      requests: [
        {
          ...checkoutRequest(hotSku, tokens[0] ?? "", ""),
          setupRequest: (_, context) => {
            const turn = next++
            context.at = now()
            return checkoutRequest(hotSku, tokens[turn % tokens.length] ?? "", `rush-${turn}`)
          },
          onResponse: (status, body, { at: asked = 0 }) => {
            if (status !== 201) return void others.set(status, (others.get(status) ?? 0) + 1)
            const at = now()
            const { order_id: orderId } = JSON.parse(body) as { readonly order_id: OrderId }
            done.push({ at, ms: at - asked })
            told.push({ orderId, total: orderTotal, lines: [{ sku: hotSku, quantity: 1 }] })
          }
        }
      ]
    })
    const fail = (detail: string) =>
      resume(Effect.fail(new ReferenceFailed({ reference: url, detail })))
    running.then(
      () => {
        const [stranger] = others
        if (stranger === undefined && done.length > 0) resume(Effect.succeed({ done, told }))
        else if (stranger !== undefined) fail(`it answered ${stranger[0]} instead of 201`)
        else fail("no order was accepted in the time given: give it more --seconds")
      },
      (cause) => fail(String(cause))
    )
    return Effect.sync(() => running.stop())
  })

const openSagas = {
  name: "bench_open_sagas",
  text: "select count(*) as open from orders.sagas where state = 'open'"
}

/** The rush ends in the middle of answers: those orders exist too, and are paid like the others. */
const placedOrders = {
  name: "bench_placed",
  text: "select count(*) as placed from orders.orders"
}

const untilPaid = (connection: Connection) =>
  Effect.gen(function* () {
    const database = yield* Database.make({ connection, poolMax: 1 })
    const open = database.query("bench.open", openSagas)
    yield* untilNone(Effect.map(open, ([row = {}]) => integer(row, "open")))
    const [row = {}] = yield* database.query("bench.placed", placedOrders)
    return integer(row, "placed")
  }).pipe(Effect.scoped)

const provider = Sandbox.layer(approveAll).pipe(Layer.provide(SandboxBookPostgres.layer))

const judged = (
  ports: ReturnType<typeof benchPorts>,
  acknowledged: ReadonlyArray<Acknowledged>,
  orders: number
) =>
  Effect.gen(function* () {
    const { captures } = yield* (yield* PaymentProvider).book
    const report = yield* audit({ captures, acknowledged, graceMs: 0 })
    return [...brokenOf(report), ...(yield* paidAll(orders))]
  }).pipe(Effect.provide(provider.pipe(Layer.provideMerge(ports))))

export const httpCheckoutRun = <E>(ground: BenchGround, serve: Serve<E>, options: RushOptions) =>
  Effect.gen(function* () {
    const database = yield* emptyStore(ground)
    const { connection } = database
    const ports = benchPorts({ connection, poolMax: 2 })
    yield* Effect.provide(stockShelf([hotSku]), ports)
    const measured = yield* Effect.gen(function* () {
      const { pid, stop, url } = yield* serve(database)
      const tokens = (yield* openSessions(url, guests)).map(({ token }) => token)
      const before = cpuSeconds(pid)
      const begun = performance.now()
      const { done, told } = yield* rush(url, tokens, options, () => performance.now() - begun)
      const orders = yield* untilPaid(connection)
      const passedMs = performance.now() - begun
      const after = cpuSeconds(pid)
      yield* stop
      return { done, told, orders, passedMs, cpu: before === null ? null : (after ?? 0) - before }
    }).pipe(Effect.scoped)
    const { cpu, done, orders, passedMs, told } = measured
    const { counted, ...figures } = windowFigures(
      done,
      options.warmupSeconds * 1000,
      (options.warmupSeconds + options.seconds) * 1000
    )
    const run: HttpCheckoutRun = {
      ...figures,
      paidPerSecond: (orders * 1000) / passedMs,
      perCpuSecond: cpu === null ? null : orders / cpu,
      orders,
      broken: yield* judged(ports, told, orders)
    }
    return run
  })

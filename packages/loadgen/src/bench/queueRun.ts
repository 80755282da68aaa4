/** So many orders that join a line one moment, and are taken out of it and paid the next. */
import { randomUUID } from "node:crypto"
import { audit } from "@doorbuster/core/audit/audit"
import type { Acknowledged } from "@doorbuster/core/audit/Invariant"
import { AccountId, type OrderId } from "@doorbuster/core/order/OrderId"
import { PaymentProvider } from "@doorbuster/core/payment/PaymentProvider"
import { OrderQueue } from "@doorbuster/core/queue/OrderQueue"
import * as QueueDesk from "@doorbuster/core/queue/QueueDesk"
import { type QueuedOrder, ticketOf } from "@doorbuster/core/queue/QueuedOrder"
import { QueueSettings } from "@doorbuster/core/queue/QueueSettings"
import * as QueueWorker from "@doorbuster/core/queue/QueueWorker"
import { SagaRunner } from "@doorbuster/core/saga/SagaRunner"
import type { Uuid } from "@doorbuster/core/Uuid"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { type BenchGround, emptyStore } from "./BenchGround.ts"
import type { BenchLine } from "./benchLine.ts"
import { benchPorts, benchStore } from "./benchStore.ts"
import { type Broken, brokenOf } from "./errors.ts"
import { orderOf } from "./load.ts"
import { hotSku, orderTotal, stockShelf } from "./shelf.ts"
import { keep, paidAll } from "./storeRun.ts"
import { untilNone } from "./untilNone.ts"

export interface QueueRun {
  /** Orders that took a place in line per second. */
  readonly joinPerSecond: number
  /** Orders that were taken out of it and paid per second, from the first to the last. */
  readonly drainPerSecond: number
  readonly broken: ReadonlyArray<Broken>
}

interface LineOptions {
  /** Orders under way at once. */
  readonly callers: number
  readonly orders: number
}

/** The line is to move as fast as the store does. */
const unhurried = 1_000_000

const perSecond = (count: number, sinceMs: number) => (count * 1000) / (performance.now() - sinceMs)

const joinAll = Effect.fnUntraced(function* (orders: number, callers: number) {
  const desk = yield* QueueDesk.QueueMode
  if (desk === null) throw new Error("the bench's line has no desk")
  return yield* Effect.forEach(
    Array.from({ length: orders }),
    () => {
      const order = orderOf(AccountId.make(randomUUID()), "order-1", hotSku)
      const queued: QueuedOrder = { ...order, emptiesCart: null }
      return Effect.as(desk.join(queued), ticketOf(queued))
    },
    { concurrency: callers }
  )
})

/** Waits until nobody stands in line and every order is paid. */
const drained = Effect.gen(function* () {
  const queue = yield* OrderQueue
  const runner = yield* SagaRunner
  yield* untilNone(Effect.map(queue.counts, ({ taken, waiting }) => taken + waiting))
  yield* runner.idle
})

const ticketsPerLook = 500

/** The orders that the tickets were answered with. */
const answersOf = Effect.fnUntraced(function* (tickets: ReadonlyArray<Uuid>) {
  const queue = yield* OrderQueue
  const told: Array<Acknowledged> = []
  for (let at = 0; at < tickets.length; at += ticketsPerLook) {
    for (const state of yield* queue.find(tickets.slice(at, at + ticketsPerLook))) {
      if (state?._tag !== "Answered" || state.answer._tag !== "Placed") continue
      const { order_id: orderId } = JSON.parse(state.answer.body) as { readonly order_id: OrderId }
      told.push({ orderId, total: orderTotal, lines: [{ sku: hotSku, quantity: 1 }] })
    }
  }
  return told
})

const run = Effect.fnUntraced(function* (
  ground: BenchGround,
  line: BenchLine,
  { callers, orders }: LineOptions
) {
  const { connection } = yield* emptyStore(ground)
  const store = { connection, poolMax: ground.poolSize }
  yield* Effect.provide(stockShelf([hotSku]), benchPorts(store))
  const settings = { ...(yield* QueueSettings), perSecond: unhurried, inFlightMax: callers }
  const whole = Layer.fresh(QueueDesk.layer).pipe(
    Layer.provideMerge(line.layer),
    Layer.provideMerge(benchStore(store))
  )
  const known: Array<Uuid> = []
  yield* Effect.addFinalizer(() => line.clear(known))
  const { captures, told, ...rates } = yield* Effect.gen(function* () {
    const joining = performance.now()
    known.push(...(yield* joinAll(orders, callers)))
    const joinPerSecond = perSecond(orders, joining)
    const draining = performance.now()
    yield* drained.pipe(Effect.provide(Layer.fresh(QueueWorker.layer)))
    const drainPerSecond = perSecond(orders, draining)
    const told = yield* answersOf(known)
    return { joinPerSecond, drainPerSecond, told, ...(yield* (yield* PaymentProvider).book) }
  }).pipe(Effect.provide(whole), Effect.provideService(QueueSettings, settings))
  const broken = yield* Effect.gen(function* () {
    const report = yield* audit({ captures, acknowledged: told, graceMs: 0 })
    return [...brokenOf(report), ...(yield* paidAll(orders)), ...answered(told.length, orders)]
  }).pipe(Effect.provide(benchPorts(store)))
  const figures: QueueRun = { ...rates, broken }
  return figures
})

export const queueRun = (ground: BenchGround, line: BenchLine, options: LineOptions) =>
  keep(ground, run(ground, line, options))

/** Nobody who stood in line went away with nothing. */
const answered = (told: number, orders: number): ReadonlyArray<Broken> => {
  if (told === orders) return []
  const [left, right] = [`orders told: ${told}`, `joined: ${orders}`]
  return [{ name: "bench.all_told", count: 1, key: "tickets", left, right }]
}

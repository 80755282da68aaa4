/** `store bench http`: a served store, against servers that do nothing but answer. */

import { Sku } from "@doorbuster/core/catalog/Sku"
import { Inventory } from "@doorbuster/core/inventory/Inventory"
import { ofSku } from "@doorbuster/core/inventory/StockKey"
import { namedUuid } from "@doorbuster/core/Uuid"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { openSessions } from "../sale/Buyer.ts"
import { type BenchGround, emptyStore } from "./BenchGround.ts"
import type { BenchReport } from "./BenchReport.ts"
import { bareServer, sampleOf } from "./bareAnswer.ts"
import { benchPorts } from "./benchStore.ts"
import { BenchRefused } from "./errors.ts"
import { type FloodRequest, flood } from "./flood.ts"
import { httpCheckoutRun, type Serve } from "./httpCheckout.ts"
import { checkoutRequest, productRequest } from "./httpRequests.ts"
import {
  bareName,
  type FloodName,
  floodNames,
  type HttpLoad,
  httpResults,
  ofPgbench,
  storeName,
  type Turn
} from "./httpResults.ts"
import { makeReference } from "./reference.ts"
import { alternate, type Contender, type OnTime } from "./rounds.ts"
import { durability } from "./serverFigures.ts"
import { hotSku, stockShelf } from "./shelf.ts"

export interface HttpBenchOptions<E> {
  readonly rounds: number
  readonly seconds: number
  readonly warmupSeconds: number
  readonly connections: number
  readonly loads: ReadonlyArray<HttpLoad>
  readonly serve: Serve<E>
  readonly onTime: OnTime
}

const soldOutSku = Sku.make("gone")
/** Guests who want what is sold out, over all connections. */
const askers = 64
const pgbenchClients = 32
const conflict = 409
const ok = 200
/** Until a server is up, and until its books are checked. */
const aroundSeconds = 6

/** One unit came, and one was lost. */
const emptyShelf = Effect.gen(function* () {
  const inventory = yield* Inventory
  const occurredAt = yield* Clock.currentTimeMillis
  yield* inventory.move([
    {
      movementId: namedUuid("the bench lost it"),
      key: ofSku(soldOutSku),
      quantity: -1,
      kind: "write_off",
      reason: "bench",
      occurredAt
    }
  ])
})

/** For what is sold out, one request for each connection: a guest's token and a key of its own. */
const requestsOf = Effect.fnUntraced(function* (name: FloodName, url: string, connections: number) {
  if (name === "product") return [productRequest(hotSku)]
  const guests = yield* openSessions(url, Math.min(askers, connections))
  return Array.from(
    { length: connections },
    (_, index): FloodRequest =>
      checkoutRequest(soldOutSku, guests[index % guests.length]?.token ?? "", `late-${index}`)
  )
})

/** A store that is asked for what costs it nothing, and for each such thing a bare server. */
const floodContenders = Effect.fnUntraced(function* <E>(
  ground: BenchGround,
  names: ReadonlyArray<FloodName>,
  { connections, seconds, serve, warmupSeconds }: HttpBenchOptions<E>
) {
  const database = yield* emptyStore(ground)
  const ports = benchPorts({ connection: database.connection, poolMax: 2 })
  yield* stockShelf([hotSku]).pipe(
    Effect.andThen(stockShelf([soldOutSku], 1)),
    Effect.andThen(emptyShelf),
    Effect.provide(ports)
  )
  const store = yield* serve(database)
  const pairs = yield* Effect.forEach(
    names,
    Effect.fnUntraced(function* (name) {
      const requests = yield* requestsOf(name, store.url, connections)
      const [first] = requests
      const status = name === "product" ? ok : conflict
      if (first === undefined) throw new Error("a flood has a request")
      const sample = yield* sampleOf(store.url, first)
      if (sample.status !== status) {
        const problem = `the store answered ${sample.status} instead of ${status}: ${sample.body}`
        return yield* new BenchRefused({ problem })
      }
      const bare = yield* bareServer(sample)
      const base = { requests, status, connections, seconds, warmupSeconds }
      const turn = (title: string, server: { readonly url: string; readonly pid: number }) => ({
        name: title,
        seconds: seconds + warmupSeconds,
        run: Effect.map(flood({ ...base, ...server }), (figures): Turn => ({ ...figures }))
      })
      return [turn(storeName(name), store), turn(bareName(name), bare)]
    })
  )
  return pairs.flat()
})

const checkoutContender = <E>(ground: BenchGround, options: HttpBenchOptions<E>) => ({
  name: storeName("checkout"),
  seconds: options.seconds + options.warmupSeconds + aroundSeconds,
  run: Effect.map(httpCheckoutRun(ground, options.serve, options), (run): Turn => run),
  broken: ({ broken }: Turn) => broken ?? []
})

type TurnError<E> =
  | Effect.Error<ReturnType<typeof checkoutContender<E>>["run"]>
  | Effect.Error<Effect.Success<ReturnType<typeof floodContenders<E>>>[number]["run"]>

export const httpBench = Effect.fnUntraced(function* <E>(
  ground: BenchGround,
  options: HttpBenchOptions<E>
) {
  if (ground.kind === "embedded") {
    const problem = "a store that serves needs a Postgres server: name one with DATABASE_URL"
    return yield* new BenchRefused({ problem })
  }
  const { loads, seconds } = options
  const made = yield* makeReference(ground)
  const floods = floodNames.filter((name) => loads.includes(name))
  const contenders: Array<Contender<Turn, TurnError<E>, Scope.Scope>> = []
  if (loads.includes("checkout")) {
    contenders.push(checkoutContender(ground, options))
    const script = { script: "one-order-hot.sql", clients: pgbenchClients }
    if (made.reference !== null) {
      yield* made.reference.run({ ...script, seconds: 1 })
      const run = made.reference.run({ ...script, seconds })
      const figures = { p50Ms: Number.NaN, p99Ms: Number.NaN, perCpuSecond: null }
      contenders.push({
        name: ofPgbench,
        seconds,
        run: Effect.map(run, (perSecond): Turn => ({ ...figures, perSecond }))
      })
    }
  }
  if (floods.length > 0) contenders.push(...(yield* floodContenders(ground, floods, options)))
  const turns = yield* alternate(contenders, options)
  const report: BenchReport = {
    bench: "http",
    results: httpResults(turns),
    ranking: [],
    notes: made.note === null ? [] : [made.note],
    server: yield* durability(made.connection)
  }
  return report
}, Effect.scoped)

/** `store bench stock`: every strategy on one hot SKU and on many, by several processes at once. */
import { Inventory } from "@doorbuster/core/inventory/Inventory"
import type { StockKey } from "@doorbuster/core/inventory/StockKey"
import { choose, type StockStrategy } from "@doorbuster/core/inventory/StockStrategy"
import { namedUuid } from "@doorbuster/core/Uuid"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { type BenchGround, emptyStore, type ScratchDatabase } from "./BenchGround.ts"
import type { BenchReport } from "./BenchReport.ts"
import { benchPorts } from "./benchStore.ts"
import { type Child, type ChildDied, childProcess } from "./childProcess.ts"
import type { ReferenceFailed } from "./errors.ts"
import { makeReference } from "./reference.ts"
import { alternate, type Contender, type OnTime } from "./rounds.ts"
import { durability } from "./serverFigures.ts"
import { heldRightly } from "./stockAudit.ts"
import {
  ofPgbench,
  ofStock,
  pgbenchClients,
  type StockLoadName,
  stockLoads,
  stockRanking,
  stockResults,
  type Turn
} from "./stockResults.ts"
import type { StockTurn, StockTurnFigures } from "./stockTurn.ts"

export interface StockBenchOptions {
  readonly rounds: number
  readonly seconds: number
  readonly warmupSeconds: number
  /** Over all processes. */
  readonly callers: number
  readonly skus: number
  readonly segments: number
  readonly strategies: ReadonlyArray<StockStrategy>
  readonly processes: ReadonlyArray<number>
  readonly onTime: OnTime
  /** Called before each audit; tests break something here. */
  readonly beforeAudit?: (database: ScratchDatabase) => Effect.Effect<void>
}

type Asker = Child<StockTurn, StockTurnFigures>

const entry = new URL("./stockProcess.ts", import.meta.url)
const unitsEach = 100_000_000
/** Until every process has its connections. */
const startMs = 500
const aroundSeconds = 2
const choosing = { concurrency: 4, discard: true } as const

/** Keys of one strategy and load, and the units that were held of them so far. */
interface Shelf {
  readonly keys: ReadonlyArray<StockKey>
  held: number
}

const newShelf = Effect.fnUntraced(function* (
  load: StockLoadName,
  strategy: StockStrategy,
  { segments, skus }: StockBenchOptions
) {
  const inventory = yield* Inventory
  const occurredAt = yield* Clock.currentTimeMillis
  const count = load === "hot" ? 1 : skus
  const keys = Array.from(
    { length: count },
    (_, index) => `${strategy}-${load}-${index + 1}` as StockKey
  )
  yield* inventory.move(
    keys.map((key) => ({
      movementId: namedUuid(`bench ${key}`),
      key,
      quantity: unitsEach,
      kind: "receipt",
      reason: "bench",
      occurredAt
    }))
  )
  const choice = choose(strategy, segments)
  yield* Effect.forEach(keys, (key) => inventory.setStrategy(key, choice), choosing)
  const shelf: Shelf = { keys, held: 0 }
  return shelf
})

const sum = (figures: ReadonlyArray<StockTurnFigures>, of: (one: StockTurnFigures) => number) =>
  figures.reduce((total, one) => total + of(one), 0)

/** All of them at once, each with its share of the callers. */
const turnOf = Effect.fnUntraced(function* (
  store: ScratchDatabase,
  ground: BenchGround,
  askers: ReadonlyArray<Asker>,
  keys: ReadonlyArray<StockKey>,
  { callers, seconds, warmupSeconds }: StockBenchOptions
) {
  const turn: StockTurn = {
    address: store.address,
    poolSize: ground.poolSize,
    keys,
    callers: Math.max(1, Math.round(callers / askers.length)),
    startAt: (yield* Clock.currentTimeMillis) + startMs,
    warmupMs: warmupSeconds * 1000,
    measureMs: seconds * 1000
  }
  const figures = yield* Effect.forEach(askers, ({ ask }) => ask(turn), {
    concurrency: "unbounded"
  })
  const done: Turn = {
    perSecond: sum(figures, (one) => one.perSecond),
    held: sum(figures, (one) => one.held),
    failed: sum(figures, (one) => one.failed),
    p50Ms: sum(figures, (one) => one.p50Ms) / figures.length,
    p99Ms: Math.max(...figures.map((one) => one.p99Ms)),
    broken: []
  }
  return done
})

const contenderOf = (
  store: ScratchDatabase,
  ground: BenchGround,
  askers: ReadonlyArray<Asker>,
  options: StockBenchOptions,
  shelf: Shelf,
  [strategy, load, processes]: readonly [StockStrategy, StockLoadName, number]
) => {
  const { beforeAudit, seconds, warmupSeconds } = options
  const ports = benchPorts({ connection: store.connection, poolMax: ground.poolSize })
  return {
    name: ofStock(strategy, load, processes),
    seconds: warmupSeconds + seconds + aroundSeconds,
    run: Effect.gen(function* () {
      const asked = askers.slice(0, processes)
      const done = yield* turnOf(store, ground, asked, shelf.keys, options)
      shelf.held += done.held
      if (beforeAudit !== undefined) yield* beforeAudit(store)
      const turn: Turn = { ...done, broken: yield* heldRightly(shelf.keys, shelf.held) }
      return turn
    }).pipe(Effect.provide(ports)),
    broken: ({ broken }: Turn) => broken
  }
}

type TurnError = Effect.Error<ReturnType<typeof contenderOf>["run"]> | ReferenceFailed | ChildDied

export const stockBench = Effect.fnUntraced(function* (
  ground: BenchGround,
  options: StockBenchOptions
) {
  const { processes, seconds, strategies } = options
  const made = yield* makeReference(ground, ["reference-schema.sql", "pessimistic-schema.sql"])
  const store = yield* emptyStore(ground)
  const most = Array.from({ length: Math.max(...processes) })
  const askers = yield* Effect.forEach(most, (_, index) =>
    childProcess<StockTurn, StockTurnFigures>(entry, `asker ${index + 1}`)
  )
  const shelves = yield* Effect.forEach(
    stockLoads.flatMap((load) => strategies.map((strategy) => ({ load, strategy }))),
    ({ load, strategy }) =>
      Effect.map(newShelf(load, strategy, options), (shelf) => ({ load, shelf, strategy }))
  ).pipe(Effect.provide(benchPorts({ connection: store.connection, poolMax: ground.poolSize })))
  const { reference } = made
  const plain = { script: "pessimistic.sql", clients: pgbenchClients, seconds }
  const contenders: ReadonlyArray<Contender<Turn, TurnError, never>> = [
    ...shelves.flatMap(({ load, shelf, strategy }) =>
      processes.map((count) =>
        contenderOf(store, ground, askers, options, shelf, [strategy, load, count])
      )
    ),
    ...(reference === null
      ? []
      : [
          {
            name: ofPgbench,
            seconds,
            run: Effect.map(
              reference.run(plain),
              (perSecond): Turn => ({
                perSecond,
                held: 0,
                failed: 0,
                p50Ms: Number.NaN,
                p99Ms: Number.NaN,
                broken: []
              })
            )
          }
        ])
  ]
  const turns = yield* alternate(contenders, options)
  const report: BenchReport = {
    bench: "stock",
    results: stockResults(turns, options),
    ranking: stockRanking(turns, options),
    notes: made.note === null ? [] : [made.note],
    server: yield* durability(made.connection)
  }
  return report
}, Effect.scoped)

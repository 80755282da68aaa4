/** `store bench checkout`: the whole saga to paid, against one transaction per order. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { BenchGround, Connection } from "./BenchGround.ts"
import type { BenchReport } from "./BenchReport.ts"
import {
  type BusyLoad,
  busyLoads,
  type CheckoutLoad,
  checkoutResults,
  clientCounts,
  manyClients,
  ofPgbench,
  type Turn
} from "./checkoutResults.ts"
import { commitMs } from "./commits.ts"
import type { ReferenceFailed } from "./errors.ts"
import { makeReference, type Reference } from "./reference.ts"
import { alternate, type Contender, type OnTime } from "./rounds.ts"
import { durability } from "./serverFigures.ts"
import { hotSku, spreadSkus } from "./shelf.ts"
import { type BeforeAudit, storeRun } from "./storeRun.ts"

export interface CheckoutBenchOptions {
  readonly rounds: number
  /** Seconds that count, of each turn. */
  readonly seconds: number
  readonly warmupSeconds: number
  readonly callers: number
  readonly skus: number
  readonly loads: ReadonlyArray<CheckoutLoad>
  readonly onTime: OnTime
  readonly beforeAudit?: BeforeAudit
}

/** Until a scratch database is there, and until it is audited and gone again. */
const aroundSeconds = 3

const scripts = { hot: "one-order-hot.sql", spread: "one-order-spread.sql" } as const

const shelfOf = (load: CheckoutLoad, skus: number) =>
  load === "spread" ? spreadSkus(skus) : [hotSku]

const storeContender = (ground: BenchGround, load: CheckoutLoad, options: CheckoutBenchOptions) => {
  const { beforeAudit, callers, seconds, skus, warmupSeconds } = options
  const shelf = shelfOf(load, skus)
  const figures = {
    callers: load === "lone" ? 1 : callers,
    skus: shelf,
    warmupMs: warmupSeconds * 1000,
    measureMs: seconds * 1000,
    ...(beforeAudit !== undefined && { beforeAudit })
  }
  return {
    name: `checkout ${load}`,
    seconds: warmupSeconds + seconds + aroundSeconds,
    run: Effect.map(
      storeRun(ground, shelf, figures),
      // The buyer of a lone order waits until it is answered; its payment follows.
      (run): Turn => ({
        perSecond: load === "lone" ? 1000 / run.answeredP50Ms : run.perSecond,
        run
      })
    ),
    broken: ({ run }: Turn) => run?.broken ?? []
  }
}

const pgbenchContenders = (reference: Reference, load: BusyLoad, seconds: number) =>
  clientCounts.map((clients) => ({
    name: ofPgbench(load, clients),
    seconds,
    run: Effect.map(
      reference.run({ script: scripts[load], clients, seconds }),
      (perSecond): Turn => ({ perSecond, run: null })
    )
  }))

const commitContender = (connection: Connection, seconds: number) => ({
  name: "commits",
  seconds,
  run: Effect.map(
    commitMs(connection, seconds * 1000),
    (ms): Turn => ({ perSecond: 1000 / ms, run: null })
  )
})

/** The first seconds of a new table are spent on growing it. */
const warmUp = (reference: Reference, load: BusyLoad) =>
  reference.run({ script: scripts[load], clients: manyClients, seconds: 1 })

type TurnError = Effect.Error<ReturnType<typeof storeContender>["run"]> | ReferenceFailed

const contendersOf = Effect.fnUntraced(function* (
  ground: BenchGround,
  { connection, reference }: Effect.Success<ReturnType<typeof makeReference>>,
  options: CheckoutBenchOptions
) {
  const { loads, seconds } = options
  const busy = busyLoads.filter((load) => loads.includes(load))
  if (reference !== null) yield* Effect.forEach(busy, (load) => warmUp(reference, load))
  const contenders: ReadonlyArray<Contender<Turn, TurnError, Scope.Scope>> = [
    ...busy.flatMap((load) => [
      storeContender(ground, load, options),
      ...(reference === null ? [] : pgbenchContenders(reference, load, seconds))
    ]),
    ...(loads.includes("lone")
      ? [storeContender(ground, "lone", options), commitContender(connection, seconds)]
      : [])
  ]
  return contenders
})

export const checkoutBench = Effect.fnUntraced(function* (
  ground: BenchGround,
  options: CheckoutBenchOptions
) {
  const made = yield* makeReference(ground)
  const contenders = yield* contendersOf(ground, made, options)
  const turns = yield* alternate(contenders, options)
  const report: BenchReport = {
    bench: "checkout",
    results: checkoutResults(turns, options.skus),
    ranking: [],
    notes: made.note === null ? [] : [made.note],
    server: yield* durability(made.connection)
  }
  return report
}, Effect.scoped)

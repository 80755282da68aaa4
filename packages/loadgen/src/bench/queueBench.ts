/** `store bench queue`: orders by way of a line, against orders placed while the buyer waits. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { BenchGround } from "./BenchGround.ts"
import { type BenchReport, resultOf } from "./BenchReport.ts"
import type { BenchLine } from "./benchLine.ts"
import type { Broken } from "./errors.ts"
import { queueRun } from "./queueRun.ts"
import { alternate, type Contender, type OnTime } from "./rounds.ts"
import { durability } from "./serverFigures.ts"
import { hotSku } from "./shelf.ts"
import { storeRun } from "./storeRun.ts"

export interface QueueBenchOptions {
  readonly rounds: number
  readonly seconds: number
  readonly warmupSeconds: number
  readonly callers: number
  /** Orders that stand in line. */
  readonly orders: number
  readonly onTime: OnTime
}

interface Turn {
  /** Orders placed and paid: by way of the line, or without it. */
  readonly perSecond: number
  /** Zero without a line. */
  readonly joinPerSecond: number
  readonly broken: ReadonlyArray<Broken>
}

const queued = "by way of the line"
const direct = "while the buyer waits"
const aroundSeconds = 3
/** Orders a second, about; only the progress depends on it. */
const drainedPerSecond = 1_500

const lineContender = (ground: BenchGround, line: BenchLine, options: QueueBenchOptions) => ({
  name: queued,
  seconds: options.orders / drainedPerSecond + aroundSeconds,
  run: Effect.map(
    queueRun(ground, line, options),
    ({ broken, drainPerSecond, joinPerSecond }): Turn => ({
      perSecond: drainPerSecond,
      joinPerSecond,
      broken
    })
  ),
  broken: ({ broken }: Turn) => broken
})

const directContender = (
  ground: BenchGround,
  { callers, seconds, warmupSeconds }: QueueBenchOptions
) => ({
  name: direct,
  seconds: seconds + warmupSeconds + aroundSeconds,
  run: Effect.map(
    storeRun(ground, [hotSku], {
      callers,
      skus: [hotSku],
      warmupMs: warmupSeconds * 1000,
      measureMs: seconds * 1000
    }),
    ({ broken, perSecond }): Turn => ({ perSecond, joinPerSecond: 0, broken })
  ),
  broken: ({ broken }: Turn) => broken
})

type TurnError =
  | Effect.Error<ReturnType<typeof lineContender>["run"]>
  | Effect.Error<ReturnType<typeof directContender>["run"]>

export const queueBench = Effect.fnUntraced(function* (
  ground: BenchGround,
  line: BenchLine,
  options: QueueBenchOptions
) {
  const contenders: ReadonlyArray<Contender<Turn, TurnError, Scope.Scope>> = [
    lineContender(ground, line, options),
    directContender(ground, options)
  ]
  const turns = yield* alternate(contenders, options)
  const own = turns.get(queued) ?? []
  const against = (turns.get(direct) ?? []).map(({ perSecond }) => perSecond)
  const reference = "orders to paid without a line, one SKU"
  const where = line.kind === "redis" ? "in Redis" : "in this process"
  const { connection } = yield* ground.scratch
  const report: BenchReport = {
    bench: "queue",
    results: [
      resultOf({
        name: "queue.drain",
        about: `orders taken out of a line ${where}, to paid`,
        subject: own.map(({ perSecond }) => perSecond),
        reference,
        against,
        more: { orders: options.orders }
      }),
      resultOf({
        name: "queue.join",
        about: `places taken in a line ${where}`,
        subject: own.map(({ joinPerSecond }) => joinPerSecond),
        reference,
        against
      })
    ],
    ranking: [],
    notes: [],
    server: yield* durability(connection)
  }
  return report
}, Effect.scoped)

import { writeFileSync } from "node:fs"
import { type BenchGround, embedded, onServer } from "@doorbuster/loadgen/bench/BenchGround"
import type { BenchReport } from "@doorbuster/loadgen/bench/BenchReport"
import { memoryLine, redisLine } from "@doorbuster/loadgen/bench/benchLine"
import { type CheckoutBenchOptions, checkoutBench } from "@doorbuster/loadgen/bench/checkoutBench"
import { FigureVoid } from "@doorbuster/loadgen/bench/errors"
import { type GrowthBenchOptions, growthBench } from "@doorbuster/loadgen/bench/growthBench"
import { type HttpBenchOptions, httpBench } from "@doorbuster/loadgen/bench/httpBench"
import { type QueueBenchOptions, queueBench } from "@doorbuster/loadgen/bench/queueBench"
import type { OnTime } from "@doorbuster/loadgen/bench/rounds"
import { type StockBenchOptions, stockBench } from "@doorbuster/loadgen/bench/stockBench"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Configuration } from "../configuration/Configuration.ts"
import { exitCodes } from "../exitCodes.ts"
import type { Answer, Program } from "../Program.ts"
import { benchPlot } from "../views/benchPlot.ts"
import { benchJson, benchView, voidJson, voidView } from "../views/benchView.ts"
import { progress } from "../views/Progress.ts"
import { servedStore } from "./benchServer.ts"
import { UsageRefused } from "./refund.ts"

/** The server that is configured; a store that is spread over several is benched on one of them. */
const groundOf = ({ values }: Configuration): BenchGround => {
  const { databaseUrl, ordersDatabaseUrl, poolSize } = values
  const server = databaseUrl ?? ordersDatabaseUrl
  return server === undefined ? embedded(poolSize) : onServer(server, poolSize)
}

/** What a figure is worth whose run broke an invariant: nothing. */
const noFigure = (error: FigureVoid): Answer => ({
  json: voidJson(error),
  text: voidView(error),
  exit: exitCodes.invariantBroken
})

type Bench<E> = (
  ground: BenchGround,
  onTime: OnTime
) => Effect.Effect<BenchReport, E | FigureVoid, Scope.Scope>

const draw = (report: BenchReport, file: string) =>
  Effect.try({
    try: () => writeFileSync(file, benchPlot(report)),
    catch: (cause) => new UsageRefused({ problem: `${file} cannot be written: ${String(cause)}` })
  })

const benchProgram =
  <E extends { readonly message: string }>(bench: Bench<E>, plot: string | undefined): Program =>
  (configuration) =>
    Effect.gen(function* () {
      const { at } = yield* progress("benching, seconds")
      const report = yield* bench(groundOf(configuration), at)
      if (plot !== undefined) yield* draw(report, plot)
      const answer: Answer = { json: benchJson(report), text: benchView(report) }
      return answer
    }).pipe(
      Effect.catchIf(
        (error): error is FigureVoid => error instanceof FigureVoid,
        (error) => Effect.succeed(noFigure(error))
      ),
      Effect.scoped
    )

export const benchCheckout = (
  options: Omit<CheckoutBenchOptions, "onTime">,
  plot?: string
): Program => benchProgram((ground, onTime) => checkoutBench(ground, { ...options, onTime }), plot)

export const benchStock = (options: Omit<StockBenchOptions, "onTime">, plot?: string): Program =>
  benchProgram((ground, onTime) => stockBench(ground, { ...options, onTime }), plot)

export const benchHttp = (
  options: Omit<HttpBenchOptions<never>, "onTime" | "serve">,
  plot?: string
): Program =>
  benchProgram((ground, onTime) => {
    const serve = servedStore(ground.poolSize)
    return httpBench(ground, { ...options, serve, onTime })
  }, plot)

export const benchGrowth = (options: Omit<GrowthBenchOptions, "onTime">, plot?: string): Program =>
  benchProgram((ground, onTime) => growthBench(ground, { ...options, onTime }), plot)

export const benchQueue =
  (options: Omit<QueueBenchOptions, "onTime">, plot?: string): Program =>
  (configuration) => {
    const { redisUrl } = configuration.values
    const line = redisUrl === undefined ? memoryLine : redisLine(redisUrl)
    return benchProgram(
      (ground, onTime) => queueBench(ground, line, { ...options, onTime }),
      plot
    )(configuration)
  }

import { Settings } from "@doorbuster/core/saga/Settings"
import { recorderTo } from "@doorbuster/loadgen/history/HistoryRecorder"
import { defaultConcurrency } from "@doorbuster/loadgen/replay/drive"
import { MovementLog } from "@doorbuster/loadgen/replay/MovementLog"
import { replaySettings, replay as replayTrace } from "@doorbuster/loadgen/replay/replay"
import { Target } from "@doorbuster/loadgen/replay/Target"
import * as TargetHttp from "@doorbuster/loadgen/replay/targetHttp"
import * as TargetInProcess from "@doorbuster/loadgen/replay/targetInProcess"
import { readTrace } from "@doorbuster/loadgen/trace/readTrace"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import type { Configuration } from "../configuration/Configuration.ts"
import { keysOf } from "../configuration/keys.ts"
import { StorePlace } from "../databases.ts"
import { exitCodes } from "../exitCodes.ts"
import { ports, worker } from "../layers.ts"
import type { Program } from "../Program.ts"
import { progress } from "../views/Progress.ts"
import { replayView } from "../views/replayView.ts"
import { UsageRefused } from "./refund.ts"

export interface ReplayOptions {
  readonly file: string
  /** Epoch milliseconds, `from` inclusive and `to` exclusive. */
  readonly from: number | null
  readonly to: number | null
  readonly concurrency: number | undefined
  /** Where to write what the buyers were told. */
  readonly history: string | undefined
  readonly url: string | undefined
}

const overHttp = (configuration: Configuration, url: string) =>
  Layer.unwrap(
    Effect.gen(function* () {
      if (!/^https?:$/.test(URL.parse(url)?.protocol ?? "")) {
        const problem = `--url takes the URL of a store such as http://127.0.0.1:3000, not "${url}"`
        return yield* new UsageRefused({ problem })
      }
      const { staffToken } = yield* keysOf(configuration)
      return TargetHttp.layer({ url, staffToken })
    })
  ).pipe(Layer.provideMerge(ports(configuration)))

const inProcess = (configuration: Configuration) =>
  TargetInProcess.layer.pipe(Layer.provideMerge(worker(configuration)))

/** The store that takes the orders, and the books that are read in the end. */
const targetOf = (configuration: Configuration, url: string | undefined) =>
  MovementLog.layerPostgres.pipe(
    Layer.provideMerge(url === undefined ? inProcess(configuration) : overHttp(configuration, url))
  )

const startTries = 5
const startPauseMs = 1_000

/** Nothing answers: another try may find it there. Everything else stays as it is. */
const isAway = (error: { readonly _tag: string; readonly reason?: unknown }): boolean =>
  error._tag === "TargetUnreachable" ||
  (error._tag === "StorageError" && error.reason === "unavailable")

/** Ends when an embedded database that this process owns breaks. */
const placeLost = Effect.gen(function* () {
  const place = yield* StorePlace
  if (place.kind === "server") return yield* Effect.never
  return yield* Effect.andThen(place.embedded.lost, Effect.never)
})

const onSilence = (message: string) => Effect.sync(() => void process.stderr.write(`${message}\n`))

export const replay =
  ({ concurrency = defaultConcurrency, file, from, history, to, url }: ReplayOptions): Program =>
  (configuration) =>
    Effect.gen(function* () {
      const trace = yield* readTrace(file, { from, to })
      const settings = replaySettings(yield* Settings)
      let isReady = false
      const attempt = Effect.gen(function* () {
        yield* (yield* Target).ready
        isReady = true
        const { at } = yield* progress("replaying")
        const recorder = history === undefined ? undefined : yield* recorderTo(history)
        const options = { concurrency, onProgress: at, onSilence, ...(recorder && { recorder }) }
        const report = yield* Effect.raceFirst(replayTrace(trace, options), placeLost)
        if (recorder !== undefined) yield* recorder.flush
        const exit = report.matches ? exitCodes.ok : exitCodes.error
        return { json: report, text: replayView(report), exit }
      }).pipe(
        Effect.scoped,
        Effect.provide(targetOf(configuration, url)),
        Effect.provideService(Settings, settings)
      )
      return yield* Effect.retry(attempt, {
        schedule: Schedule.spaced(startPauseMs),
        times: startTries - 1,
        while: (error) => !isReady && isAway(error)
      })
    })

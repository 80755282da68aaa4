import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { audit } from "@doorbuster/core/audit/audit"
import { PaymentProvider } from "@doorbuster/core/payment/PaymentProvider"
import { Payments } from "@doorbuster/core/payment/Payments"
import { Settings } from "@doorbuster/core/saga/Settings"
import { type HistoryRecorder, recorderTo } from "@doorbuster/loadgen/history/HistoryRecorder"
import { defaultConcurrency } from "@doorbuster/loadgen/replay/drive"
import { MovementLog } from "@doorbuster/loadgen/replay/MovementLog"
import { replay, replaySettings } from "@doorbuster/loadgen/replay/replay"
import { openSagas, sagasEnded } from "@doorbuster/loadgen/replay/sagasEnded"
import * as TargetInProcess from "@doorbuster/loadgen/replay/targetInProcess"
import { SaleHistory } from "@doorbuster/loadgen/sale/SaleHistory"
import { promisesOf, saleFigures } from "@doorbuster/loadgen/sale/saleFigures"
import { seed } from "@doorbuster/loadgen/seed/seed"
import { readTrace } from "@doorbuster/loadgen/trace/readTrace"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { Configuration } from "../configuration/Configuration.ts"
import { demoReport } from "../demo/DemoReport.ts"
import { doorbuster, putOnSale, saleUnits } from "../demo/doorbuster.ts"
import { buyersCount, type FlashSale, flashSale, type Say } from "../demo/flashSale.ts"
import { exitCodes } from "../exitCodes.ts"
import { ports, worker } from "../layers.ts"
import type { Program } from "../Program.ts"
import { noPlugins } from "../plugins/pluggable.ts"
import { demoView } from "../views/demoView.ts"
import { balancePages, trialBalanceJson } from "../views/trialBalanceView.ts"

const fixture = fileURLToPath(new URL("../../../../fixtures/uci-online-retail", import.meta.url))
const busiestDay = { from: Date.UTC(2010, 11, 2), to: Date.UTC(2010, 11, 3) }

const temporaryDirectory = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "doorbuster-demo-"))),
  (directory) =>
    Effect.sync(() => rmSync(directory, { recursive: true, force: true, maxRetries: 5 }))
)

/** The embedded store in a directory of the demo's own, whatever is configured here. */
const alone = (configuration: Configuration, dataDir: string): Configuration => ({
  ...configuration,
  values: {
    ...configuration.values,
    dataDir,
    databaseUrl: undefined,
    inventoryDatabaseUrl: undefined,
    ordersDatabaseUrl: undefined,
    moneyDatabaseUrl: undefined,
    catalogDatabaseUrl: undefined,
    providerMix: "approve=1"
  },
  plugins: noPlugins
})

const receipt = { client: "shop", op: "receive", sku: doorbuster, qty: saleUnits } as const

/** The shop as it was on its busiest day, and the doorbuster on its shelf. */
const busyDay = Effect.fnUntraced(function* (
  configuration: Configuration,
  say: Say,
  recorder: HistoryRecorder | undefined
) {
  const settings = replaySettings(yield* Settings)
  const store = Layer.merge(TargetInProcess.layer, MovementLog.layerPostgres).pipe(
    Layer.provideMerge(worker(configuration, "own"))
  )
  return yield* Effect.gen(function* () {
    yield* say("1. A real shop's catalogue and stock are loaded into an embedded Postgres.")
    const seeded = yield* seed(fixture, "exact")
    yield* say("2. The shop's busiest day is sent through the checkout: 142 orders.")
    const trace = yield* readTrace(fixture, busiestDay)
    const replayed = yield* replay(trace, { concurrency: defaultConcurrency })
    yield* recorder === undefined
      ? putOnSale
      : recorder.around(receipt, putOnSale, () => ({ ok: true }))
    return { seeded, replayed }
  }).pipe(Effect.provide(store), Effect.provideService(Settings, settings))
})

/** Looks at everything once the store is at rest. */
const judge = Effect.fnUntraced(function* (sale: FlashSale, say: Say) {
  yield* say("4. The store finishes what the crash had cut short.")
  const openAtEnd = yield* sagasEnded
  const recoveredMs = (yield* Clock.currentTimeMillis) - sale.upAt
  yield* say("5. Every invariant is checked, the books are balanced, the units are counted.")
  const { captures } = yield* (yield* PaymentProvider).book
  const acknowledged = promisesOf(sale.answers, doorbuster)
  const audited = yield* audit({ captures, acknowledged, graceMs: 0 })
  const balance = trialBalanceJson(balancePages(yield* (yield* Payments).trialBalance))
  const figures = yield* saleFigures(doorbuster)
  return { sale, openSagas: openAtEnd, recoveredMs, audited, balance, figures }
})

/**
 * A shop, a busy day, a flash sale, a crash, and the proof that nothing is lost. What the buyers of
 * the sale were told goes to `file` as a history.
 */
export const demo =
  (say: Say, file: string | undefined): Program =>
  (base) =>
    Effect.gen(function* () {
      const recorder = file === undefined ? undefined : yield* recorderTo(file)
      const begunAt = yield* Clock.currentTimeMillis
      const dataDir = yield* temporaryDirectory
      const configuration = alone(base, dataDir)
      const day = yield* busyDay(configuration, say, recorder)
      yield* say(`3. ${buyersCount} buyers want one of 100 units, over HTTP, all at once.`)
      const guest = Effect.provide(ports(configuration))
      const history = recorder === undefined ? undefined : new SaleHistory(recorder, doorbuster)
      const judged = (sale: FlashSale) => guest(judge(sale, say))
      const { found } = yield* flashSale(dataDir, say, guest(openSagas()), history, judged)
      if (history !== undefined) yield* history.write(found.figures.released)
      if (recorder !== undefined) yield* recorder.flush
      const elapsedMs = (yield* Clock.currentTimeMillis) - begunAt
      const report = demoReport({ ...day, ...found }, elapsedMs)
      const exit = report.ok ? exitCodes.ok : exitCodes.invariantBroken
      return { json: report, text: demoView(report), exit }
    }).pipe(Effect.scoped)

import { Catalog } from "@doorbuster/core/catalog/Catalog"
import type { Sku } from "@doorbuster/core/catalog/Sku"
import type { Settings } from "@doorbuster/core/saga/Settings"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { HistoryRecorder } from "../history/HistoryRecorder.ts"
import { matchCancellations } from "../matching/matchCancellations.ts"
import type { Trace } from "../trace/Trace.ts"
import { type DriveOptions, drive } from "./drive.ts"
import type { Operation } from "./Operation.ts"
import { operationsOf } from "./operations.ts"
import { replayHistory } from "./ReplayHistory.ts"
import { reportOf } from "./ReplayReport.ts"
import { storeFigures } from "./StoreFigures.ts"
import { settled } from "./sagasEnded.ts"
import { Target } from "./Target.ts"
import { type WatchOptions, make as watchOf } from "./Watch.ts"

/** The store does not know what the trace sells. */
export class NotSeeded extends Schema.TaggedError<NotSeeded>()("NotSeeded", {
  sku: Schema.String,
  missing: Schema.Int
}) {
  override get message() {
    return (
      `the store knows no ${this.sku}, nor ${this.missing - 1} more that this file sells: ` +
      "run `store seed` on its directory first"
    )
  }
}

/** Recorded sales were paid long ago: a reservation that waits for its payment must not expire. */
const recordedTtlMs = 30 * 24 * 60 * 60_000

export const replaySettings = (settings: Settings): Settings => ({
  ...settings,
  reservationTtlMs: recordedTtlMs
})

const lookupSize = 1_000

const refuseUnknown = Effect.fnUntraced(function* (operations: ReadonlyArray<Operation>) {
  const catalog = yield* Catalog
  const wanted = new Set<Sku>()
  for (const operation of operations) {
    if (operation._tag === "Sale") for (const { sku } of operation.lines) wanted.add(sku)
  }
  const skus = [...wanted]
  const missing: Array<Sku> = []
  for (let at = 0; at < skus.length; at += lookupSize) {
    const page = skus.slice(at, at + lookupSize)
    const known = yield* catalog.products(page)
    missing.push(...page.filter((sku) => !known.has(sku)))
  }
  const [sku] = missing
  if (sku !== undefined) return yield* new NotSeeded({ sku, missing: missing.length })
})

export interface ReplayOptions extends DriveOptions, WatchOptions {
  /** Takes down what the store answers, from the moment on that it is at rest. */
  readonly recorder?: HistoryRecorder
}

/**
 * Sends a trace through a store and holds the store's books against the trace. What was replayed
 * before is found and left as it is; a replay that was killed goes on where it was. A store that
 * goes away and comes back within the patience is waited for.
 */
export const replay = Effect.fn("replay")(function* (trace: Trace, options: ReplayOptions) {
  const begunAt = yield* Clock.currentTimeMillis
  const matching = matchCancellations(trace.orders)
  const operations = operationsOf(trace.orders, matching)
  yield* refuseUnknown(operations)
  const watch = yield* watchOf(options)
  const { recorder } = options
  if (recorder !== undefined) yield* watch.guard(settled(watch))
  const history = recorder === undefined ? undefined : yield* replayHistory(recorder, operations)
  const target = history?.target ?? (yield* Target)
  const refused = yield* watch
    .guard(drive(operations, watch, options))
    .pipe(Effect.provideService(Target, target))
  const openSagas = yield* watch.guard(settled(watch))
  const drivenAt = yield* Clock.currentTimeMillis
  yield* Effect.logDebug(`replayed in ${drivenAt - begunAt} ms, now reading the books`)
  const store = yield* storeFigures(operations)
  if (history !== undefined) yield* history.close(new Set(store.unpaid))
  const endedAt = yield* Clock.currentTimeMillis
  const elapsedMs = endedAt - begunAt
  return reportOf({ trace, matching, operations, refused, openSagas, store, elapsedMs })
})

import * as Effect from "effect/Effect"
import { type OnProgress, silent } from "../Progress.ts"
import { checkSku } from "./checkSku.ts"
import type { HistoryReport, SkuFailure, Verdict } from "./HistoryReport.ts"
import type { History } from "./readHistory.ts"

export interface CheckOptions {
  /** Configurations to try per SKU before it is left undecided. */
  readonly statesMax?: number
  /** Units that each SKU had available before its first operation. */
  readonly start?: number
  /** Told after each SKU. */
  readonly onProgress?: OnProgress
}

const statesMaxDefault = 200_000

/** Whether the history of every SKU is one that a correct store can have. */
export const checkHistory = Effect.fnUntraced(function* (
  history: History,
  { onProgress = silent, start = 0, statesMax = statesMaxDefault }: CheckOptions = {}
) {
  const failures: Array<SkuFailure> = []
  let [operations, states, done] = [0, 0, 0]
  for (const [sku, own] of history) {
    const found = checkSku(own, start, statesMax)
    operations += own.length
    states += found.states
    if (found.failure !== null) failures.push({ sku, ...found.failure })
    yield* onProgress(++done, history.size)
  }
  const isBroken = failures.some(({ verdict }) => verdict === "not_linearizable")
  const ok = failures.length === 0
  const verdict: Verdict = ok ? "linearizable" : isBroken ? "not_linearizable" : "undecided"
  const report: HistoryReport = { ok, verdict, operations, skus: history.size, states, failures }
  return report
})

import { checkHistory as check } from "@doorbuster/loadgen/history/checkHistory"
import type { Verdict } from "@doorbuster/loadgen/history/HistoryReport"
import { readHistory } from "@doorbuster/loadgen/history/readHistory"
import * as Effect from "effect/Effect"
import { type ExitCode, exitCodes } from "../exitCodes.ts"
import type { Program } from "../Program.ts"
import { historyView } from "../views/historyView.ts"
import { progress } from "../views/Progress.ts"

const exits: Readonly<Record<Verdict, ExitCode>> = {
  linearizable: exitCodes.ok,
  not_linearizable: exitCodes.invariantBroken,
  undecided: exitCodes.runInvalid
}

export interface CheckHistoryOptions {
  readonly file: string
  /** Units that each SKU had available at first. */
  readonly start: number
}

/** Whether clients were told what a correct store could have told them. No store is opened. */
export const checkHistory =
  ({ file, start }: CheckHistoryOptions): Program =>
  () =>
    Effect.gen(function* () {
      const history = yield* readHistory(file)
      const { at } = yield* progress("SKUs checked")
      const report = yield* check(history, { start, onProgress: at })
      return { json: report, text: historyView(report), exit: exits[report.verdict] }
    }).pipe(Effect.scoped)

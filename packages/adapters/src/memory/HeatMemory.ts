import { Heat, type HeatReport, reportTtlMs } from "@doorbuster/core/edge/heat/Heat"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"

interface Posted {
  readonly report: HeatReport
  /** Epoch milliseconds. */
  readonly at: number
}

/** The last report of each process. Processes of one test are given the same board. */
export type HeatBoard = Map<string, Posted>

export const layerShared = (board: HeatBoard): Layer.Layer<Heat> =>
  Layer.succeed(Heat, {
    exchange: (report) =>
      Effect.map(Clock.currentTimeMillis, (at) => {
        board.set(report.process, { report, at })
        for (const [process, posted] of board) {
          if (at - posted.at >= reportTtlMs) board.delete(process)
        }
        return Array.from(board.values(), (posted) => posted.report)
      })
  })

/** For a process that knows of no other. */
export const layer: Layer.Layer<Heat> = Layer.unwrap(Effect.sync(() => layerShared(new Map())))

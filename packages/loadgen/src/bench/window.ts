/** Rates and latencies of what was done within a window of time. */
import { quantile } from "./statistics.ts"

export interface Done {
  /** Milliseconds since the beginning. */
  readonly at: number
  /** Milliseconds that it took. */
  readonly ms: number
}

export interface WindowFigures<D extends Done> {
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  /** What counted. */
  readonly counted: ReadonlyArray<D>
}

/** With fewer moments than this in the window, it says less than the whole run does. */
const momentsMin = 3

/**
 * Batches are done in bursts: what counts is from the last thing done before the window to the last
 * one within it, so that no burst is cut in two. Where there are too few bursts for that, all that
 * was done counts. `done` is in the order of its times.
 */
export const windowFigures = <D extends Done>(
  done: ReadonlyArray<D>,
  from: number,
  until: number
): WindowFigures<D> => {
  const within = done.filter(({ at }) => at >= from && at < until)
  const moments = new Set(within.map(({ at }) => Math.floor(at)))
  const isEnough = moments.size >= momentsMin
  const counted = isEnough ? within : done
  const begun = isEnough ? (done.findLast(({ at }) => at < from)?.at ?? 0) : 0
  const ended = counted.at(-1)?.at ?? Number.NaN
  const took = counted.map(({ ms }) => ms)
  return {
    perSecond: (counted.length * 1000) / (ended - begun),
    p50Ms: quantile(took, 0.5),
    p99Ms: quantile(took, 0.99),
    counted
  }
}

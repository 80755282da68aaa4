import type { Control } from "./Control.ts"
import type { TraceOrder } from "./TraceLine.ts"

/** What a shop recorded, in the order in which it happened. */
export interface Trace {
  readonly file: string
  /** In the order of their first lines. */
  readonly orders: ReadonlyArray<TraceOrder>
  /** Computed from the raw rows, apart from `orders`: what a replay is held against. */
  readonly control: Control
}

/** Epoch milliseconds; `from` is inclusive, `to` exclusive, null unbounded. */
export interface Period {
  readonly from: number | null
  readonly to: number | null
}

export const always: Period = { from: null, to: null }

/** An order belongs to the period in which its first line lies, whole. */
export const isWithin = ({ from, to }: Period, at: number): boolean =>
  (from === null || at >= from) && (to === null || at < to)

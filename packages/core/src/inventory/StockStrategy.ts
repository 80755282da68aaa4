import * as Schema from "effect/Schema"
import { isAllowance, type StockKey } from "./StockKey.ts"

/**
 * How units of one key are taken when many want them.
 *
 * - `pessimistic`: order by order; the rows are locked, read, decided on, written.
 * - `optimistic`: order by order; the rows are read without a lock and written on condition that
 *   their versions have not changed, otherwise they are read again.
 * - `atomic`: one conditional statement decides a whole batch; nothing is read before.
 * - `segmented`: as `atomic`, but the units lie on several rows of which a batch needs one.
 * - `queued`: as `atomic`, but batches wait in front of the row, so that one at a time writes.
 *
 * All of them write the same rows with the same guards and look at every row before they refuse,
 * so a key may change its strategy while it is being sold, and a process that has not heard of it
 * yet sells on by the old one.
 */
export const StockStrategy = Schema.Literals([
  "pessimistic",
  "optimistic",
  "atomic",
  "segmented",
  "queued"
])
export type StockStrategy = typeof StockStrategy.Type

/** A strategy, and over how many rows it spreads the units of its key. */
export interface StrategyChoice {
  readonly strategy: StockStrategy
  /** `segmentsMin` to `segmentsMax` where the strategy is `segmented`, otherwise 1. */
  readonly segments: number
}

export const segmentsMin = 2
export const segmentsMax = 256
/** Enough for the processes of one machine, which need a row each. */
export const defaultSegments = 8

export const defaultChoice: StrategyChoice = { strategy: "atomic", segments: 1 }

/** The choice of a strategy; `segments` counts where the strategy has any. */
export const choose = (strategy: StockStrategy, segments: number): StrategyChoice => ({
  strategy,
  segments: strategy === "segmented" ? segments : 1
})

/**
 * Over how many rows the units of the key are to lie. Coupon uses and purchase limits stay on one
 * whatever was chosen: their row is brought to its allowance by the reservations themselves.
 */
export const rowsOf = (key: StockKey, { segments }: StrategyChoice): number =>
  isAllowance(key) ? 1 : segments

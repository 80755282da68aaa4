import * as Schema from "effect/Schema"

/**
 * How units of one key are taken when many want them.
 *
 * - `atomic`: one conditional update decides; nothing is read before.
 * - `pessimistic`: the row is locked, read, decided on, written.
 * - `optimistic`: the row is read without a lock and written on condition that its version has not
 *   changed; otherwise the whole batch is read again.
 *
 * All three write the same row with the same guards, so a key may change its strategy while it is
 * being sold. A strategy that spreads a key over several rows or gives it a single writer is a
 * further literal here and a further entry in each adapter's table of strategies.
 */
export const StockStrategy = Schema.Literals(["atomic", "pessimistic", "optimistic"])
export type StockStrategy = typeof StockStrategy.Type
export const defaultStrategy: StockStrategy = "atomic"

import type { ChosenStrategy } from "@doorbuster/core/inventory/Inventory"
import type { StockKey } from "@doorbuster/core/inventory/StockKey"
import {
  choose,
  defaultChoice,
  rowsOf,
  StockStrategy,
  type StrategyChoice
} from "@doorbuster/core/inventory/StockStrategy"
import type { StorageError } from "@doorbuster/core/StorageError"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Database } from "../Database.ts"
import { integer, type Row, text } from "../rows.ts"
import * as statements from "./statements.ts"

/** The choices of the keys that have one of their own. */
export type Chosen = ReadonlyMap<string, StrategyChoice>

export interface ChosenStrategies {
  /** At most a second old. */
  readonly current: Effect.Effect<Chosen, StorageError>
  readonly set: (key: StockKey, choice: StrategyChoice) => Effect.Effect<void, StorageError>
  /** As the table has them. */
  readonly of: (
    keys: ReadonlyArray<StockKey>
  ) => Effect.Effect<ReadonlyArray<ChosenStrategy>, StorageError>
}

const ageMsMax = 1000
const isStrategy = Schema.is(StockStrategy)

/** What a newer program has chosen and this one does not know is sold by the default. */
const choiceOf = (row: Row): StrategyChoice => {
  const strategy = text(row, "strategy")
  return isStrategy(strategy) ? choose(strategy, integer(row, "segments")) : defaultChoice
}

export const chosenOf = (rows: ReadonlyArray<Row>): Chosen =>
  new Map(rows.map((row) => [text(row, "sku"), choiceOf(row)]))

/**
 * The table of strategies, remembered for a moment. An old choice is as correct as a new one: all
 * strategies write the same rows under the same guards, and refuse nothing before they have looked
 * at all rows of a key.
 */
export const chosenStrategies = (database: Database): ChosenStrategies => {
  let known: { readonly chosen: Chosen; readonly readAtMs: number } | undefined

  const read = Effect.fnUntraced(function* (readAtMs: number) {
    const chosen = chosenOf(yield* database.query("inventory.strategies", statements.strategies))
    known = { chosen, readAtMs }
    return chosen
  })

  return {
    current: Effect.flatMap(Clock.currentTimeMillis, (nowMs) =>
      known !== undefined && nowMs - known.readAtMs < ageMsMax
        ? Effect.succeed(known.chosen)
        : read(nowMs)
    ),
    set: Effect.fnUntraced(function* (key, choice) {
      yield* database.query("inventory.set_strategy", statements.choose, [
        key,
        choice.strategy,
        choice.segments,
        rowsOf(key, choice)
      ])
      known = undefined
    }),
    of: (keys) =>
      database
        .query("inventory.strategies", statements.strategiesOf, [keys])
        .pipe(
          Effect.map((rows) =>
            rows.map((row) => ({ key: text(row, "sku") as StockKey, ...choiceOf(row) }))
          )
        )
  }
}

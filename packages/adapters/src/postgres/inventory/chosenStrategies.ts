import type { StockKey } from "@doorbuster/core/inventory/StockKey"
import { defaultStrategy, StockStrategy } from "@doorbuster/core/inventory/StockStrategy"
import type { StorageError } from "@doorbuster/core/StorageError"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Database } from "../Database.ts"
import { text } from "../rows.ts"
import * as statements from "./statements.ts"

type Chosen = ReadonlyMap<string, StockStrategy>

export interface ChosenStrategies {
  /** The strategies of the keys that have one of their own, at most a second old. */
  readonly current: Effect.Effect<Chosen, StorageError>
  readonly set: (key: StockKey, strategy: StockStrategy) => Effect.Effect<void, StorageError>
}

const ageMsMax = 1000
const isStrategy = Schema.is(StockStrategy)

/**
 * The table of strategies, remembered for a moment. An old choice is as correct as a new one: all
 * strategies write the same rows under the same guards. What a newer program has chosen and this
 * one does not know is sold by the default.
 */
export const chosenStrategies = (database: Database): ChosenStrategies => {
  let known: { readonly chosen: Chosen; readonly readAtMs: number } | undefined

  const read = Effect.fnUntraced(function* (readAtMs: number) {
    const rows = yield* database.query("inventory.strategies", statements.strategies)
    const chosen = new Map<string, StockStrategy>()
    for (const row of rows) {
      const strategy = text(row, "strategy")
      chosen.set(text(row, "sku"), isStrategy(strategy) ? strategy : defaultStrategy)
    }
    known = { chosen, readAtMs }
    return chosen
  })

  return {
    current: Effect.flatMap(Clock.currentTimeMillis, (nowMs) =>
      known !== undefined && nowMs - known.readAtMs < ageMsMax
        ? Effect.succeed(known.chosen)
        : read(nowMs)
    ),
    set: Effect.fnUntraced(function* (key, strategy) {
      yield* database.query("inventory.set_strategy", statements.setStrategy, [key, strategy])
      known = undefined
    })
  }
}

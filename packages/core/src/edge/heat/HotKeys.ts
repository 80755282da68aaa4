import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { StockKey } from "../../inventory/StockKey.ts"
import type { StrategyChoice } from "../../inventory/StockStrategy.ts"
import type { StorageError } from "../../StorageError.ts"

/** A key that the autopilot has promoted. */
export interface HotKey extends StrategyChoice {
  readonly key: StockKey
  /** Epoch milliseconds of its promotion. */
  readonly since: number
}

/**
 * What the autopilot has promoted, kept beside the strategies themselves. It tells the autopilot's
 * choices from the staff's, and whoever is alive after a crash takes back what is listed here.
 */
export class HotKeys extends Context.Service<
  HotKeys,
  {
    readonly list: Effect.Effect<ReadonlyArray<HotKey>, StorageError>
    /** False when the key is listed already: of several processes one is told true. */
    readonly enlist: (hot: HotKey) => Effect.Effect<boolean, StorageError>
    /** False when the key is not listed: of several processes one is told true. */
    readonly dismiss: (key: StockKey) => Effect.Effect<boolean, StorageError>
  }
>()("@doorbuster/core/edge/heat/HotKeys") {}

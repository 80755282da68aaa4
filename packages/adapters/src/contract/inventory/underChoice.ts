import { Inventory } from "@doorbuster/core/inventory/Inventory"
import type { StockKey } from "@doorbuster/core/inventory/StockKey"
import type { StrategyChoice } from "@doorbuster/core/inventory/StockStrategy"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"

/**
 * The same store, in which every key is reserved by this choice from its first unit on: promises
 * that know nothing of strategies are kept under each of them.
 */
export const underChoice = <E, R>(
  adapter: Layer.Layer<Inventory, E, R>,
  choice: StrategyChoice
): Layer.Layer<Inventory, E, R> =>
  Layer.effect(
    Inventory,
    Effect.gen(function* () {
      const inventory = yield* Inventory
      const chosen = new Set<StockKey>()
      const prepare = (keys: ReadonlyArray<StockKey>) =>
        Effect.forEach(
          [...new Set(keys)].filter((key) => !chosen.has(key)),
          (key) => {
            chosen.add(key)
            return inventory.setStrategy(key, choice)
          },
          { discard: true }
        )
      return Inventory.of({
        ...inventory,
        move: (batch) =>
          Effect.andThen(prepare(batch.map(({ key }) => key)), inventory.move(batch)),
        reserve: (batch) =>
          Effect.andThen(
            prepare(batch.flatMap(({ lines }) => lines.map(({ key }) => key))),
            inventory.reserve(batch)
          )
      })
    })
  ).pipe(Layer.provide(adapter))

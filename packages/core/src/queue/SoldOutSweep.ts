import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Sku } from "../catalog/Sku.ts"
import { SoldOut } from "../checkout/errors.ts"
import { Inventory } from "../inventory/Inventory.ts"
import { ofSku, type StockKey } from "../inventory/StockKey.ts"
import type { StorageError } from "../StorageError.ts"
import { OrderQueue } from "./OrderQueue.ts"
import { QueueSettings } from "./QueueSettings.ts"
import { countSettled } from "./queueMetrics.ts"

const sweepLimit = 1_000

export interface SoldOutSweep {
  /** A checkout was refused for it: see at once whether others wait in vain. */
  readonly suspect: (sku: Sku) => Effect.Effect<void>
  /** Units of these were sold, perhaps the last ones: see at the next beat. */
  readonly watch: (skus: Iterable<Sku>) => void
}

/**
 * Tells those who wait for more units than are left so, out of turn. What is left is the stock's
 * own word. A SKU that has none left is watched, for those who join later, until it has again.
 */
export const make: Effect.Effect<SoldOutSweep, never, OrderQueue | Inventory | Scope.Scope> =
  Effect.gen(function* () {
    const queue = yield* OrderQueue
    const inventory = yield* Inventory
    const { sweepMs } = yield* QueueSettings
    const suspects = new Set<Sku>()
    let alarm = Deferred.makeUnsafe<void>()

    const sweep = (sku: Sku, available: number): Effect.Effect<void, StorageError> =>
      Effect.gen(function* () {
        while (true) {
          const wanting = yield* queue.wanting(sku, available, sweepLimit)
          if (wanting.length === 0) return
          const refused = yield* queue.refuse(
            wanting.map(({ ticket, units }) => ({
              ticket,
              answer: {
                _tag: "Refused",
                error: new SoldOut({ sku, requested: units, available })
              }
            }))
          )
          yield* countSettled("swept", refused)
        }
      })

    const round = Effect.gen(function* () {
      const skus = [...suspects]
      if (skus.length === 0) return
      const available = new Map<StockKey, number>()
      for (const level of yield* inventory.levels(skus.map(ofSku))) {
        const units = level.received - level.reserved - level.sold
        available.set(level.key, (available.get(level.key) ?? 0) + units)
      }
      for (const sku of skus) {
        const left = available.get(ofSku(sku))
        if (left !== undefined) yield* sweep(sku, left)
        // What has no stock (a service) cannot be sold out.
        if (left !== 0) suspects.delete(sku)
      }
    })

    /** A store that is down is asked again at the next beat. */
    const beat = Effect.gen(function* () {
      yield* Effect.timeoutOption(Deferred.await(alarm), sweepMs)
      alarm = Deferred.makeUnsafe()
      yield* Effect.ignore(round)
    })
    yield* Effect.forkScoped(Effect.forever(beat))

    return {
      watch: (skus) => {
        for (const sku of skus) suspects.add(sku)
      },
      suspect: (sku) =>
        Effect.suspend(() => {
          suspects.add(sku)
          return Effect.asVoid(Deferred.succeed(alarm, undefined))
        })
    }
  })

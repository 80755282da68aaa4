/** Sets the gate's counters from the record of the stock. */
import type * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Schedule from "effect/Schedule"
import type * as Scope from "effect/Scope"
import * as Semaphore from "effect/Semaphore"
import type { Catalog } from "../catalog/Catalog.ts"
import type { Sku } from "../catalog/Sku.ts"
import type { Inventory } from "../inventory/Inventory.ts"
import { isAllowance, type StockKey } from "../inventory/StockKey.ts"
import type { StorageError } from "../StorageError.ts"
import type { Gate, GateLevel } from "./Gate.ts"
import type { GateSettings } from "./GateSettings.ts"
import type { WatchList } from "./WatchList.ts"

export interface Counters {
  /** The stock refused these keys: they are guarded from now on, with what it had left of them. */
  readonly ranOut: (levels: ReadonlyArray<GateLevel>) => Effect.Effect<void>
  /**
   * Units of these keys came back: those that are guarded are counted anew. Waits for it, but for
   * no longer than the next period would take.
   */
  readonly cameBack: (keys: ReadonlyArray<StockKey>) => Effect.Effect<void>
  /** Whether the counters were set lately. */
  readonly areTrusted: () => boolean
}

interface Parts {
  readonly gate: (typeof Gate)["Service"]
  readonly inventory: (typeof Inventory)["Service"]
  readonly catalog: (typeof Catalog)["Service"]
  readonly settings: GateSettings
  readonly clock: Clock.Clock
  readonly watched: WatchList
}

/** Keeps the counters until its scope closes. */
export const makeCounters = ({
  catalog,
  clock,
  gate,
  inventory,
  settings,
  watched
}: Parts): Effect.Effect<Counters, never, Scope.Scope> =>
  Effect.gen(function* () {
    /** Reading and setting is one turn: an older reading never replaces a newer one. */
    const inTurn = Semaphore.makeUnsafe(1).withPermits(1)
    let setAt = clock.currentTimeMillisUnsafe()

    const read = Effect.fnUntraced(function* (keys: ReadonlyArray<StockKey>) {
      const available = new Map<StockKey, number>(keys.map((key) => [key, 0]))
      for (const { key, received, reserved, sold } of yield* inventory.levels(keys)) {
        available.set(key, (available.get(key) ?? 0) + received - reserved - sold)
      }
      return available
    })

    const setAll = (available: ReadonlyMap<StockKey, number>) =>
      Effect.suspend(() => {
        for (const [key, units] of available) watched.record(key, units)
        return gate.set(Array.from(available, ([key, units]) => ({ key, available: units })))
      })

    /** A product that is a service now, or not for sale, is none of the gate's business. */
    const forSale = Effect.fnUntraced(function* (keys: ReadonlyArray<StockKey>) {
      const entries = yield* catalog.products(keys as ReadonlyArray<string> as ReadonlyArray<Sku>)
      return (key: StockKey) => {
        const product = entries.get(key as string as Sku)?.product
        return product?.kind === "stocked" && product.listed
      }
    })

    /**
     * Also sets again what a lost gate forgot. Keys that nobody wants here are left to whoever
     * wants them elsewhere; where nobody does, the guard runs out by itself.
     */
    const period = Effect.gen(function* () {
      const startedAt = clock.currentTimeMillisUnsafe()
      const { keys } = watched
      if (keys.length > 0) {
        const isForSale = yield* forSale(keys)
        const available = yield* read(keys)
        const open: Array<StockKey> = []
        for (const key of keys) {
          const end = watched.endPeriod(key, available.get(key) ?? 0)
          const isOpen = end === "plenty" || !isForSale(key)
          if (isOpen) open.push(key)
          if (!isOpen && end === undefined) continue
          watched.delete(key)
          available.delete(key)
        }
        yield* setAll(available)
        if (open.length > 0) yield* gate.remove(open)
      }
      setAt = startedAt
    })

    const recount: (keys: ReadonlyArray<StockKey>) => Effect.Effect<void, StorageError> =
      Effect.fnUntraced(function* (keys: ReadonlyArray<StockKey>) {
        yield* setAll(yield* read(keys))
      })

    /** Whoever stands here waits for the gate or the record, so nobody else has to. */
    const scope = yield* Effect.scope
    const aside = <A>(effect: Effect.Effect<A>) =>
      Effect.forkIn(effect, scope, { startImmediately: true })

    const closing = new Map<StockKey, number>()
    let isClosing = false
    const close = Effect.gen(function* () {
      isClosing = true
      while (closing.size > 0) {
        const levels = Array.from(closing, ([key, available]) => ({ key, available }))
        closing.clear()
        yield* gate.set(levels)
      }
      isClosing = false
    })

    yield* aside(Effect.repeat(Effect.ignore(inTurn(period)), Schedule.spaced(settings.periodMs)))

    return {
      ranOut: (levels) =>
        Effect.suspend(() => {
          for (const { available, key } of levels) {
            if (isAllowance(key) || !watched.add(key)) continue
            watched.record(key, available)
            closing.set(key, available)
          }
          if (isClosing || closing.size === 0) return Effect.void
          return Effect.asVoid(aside(close))
        }),
      cameBack: Effect.fnUntraced(function* (keys) {
        const guarded = [...new Set(keys)].filter((key) => watched.has(key))
        if (guarded.length === 0) return
        const counted = yield* aside(Effect.ignore(inTurn(recount(guarded))))
        yield* Effect.timeoutOption(Fiber.await(counted), settings.periodMs)
      }),
      areTrusted: () => clock.currentTimeMillisUnsafe() - setAt <= settings.trustMs
    }
  })

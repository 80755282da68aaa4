import { Inventory, type StockLevel } from "@doorbuster/core/inventory/Inventory"
import { isAllowance, type StockKey } from "@doorbuster/core/inventory/StockKey"
import {
  choose,
  defaultChoice,
  defaultSegments,
  type StockStrategy
} from "@doorbuster/core/inventory/StockStrategy"
import * as Effect from "effect/Effect"
import { ports } from "../layers.ts"
import type { Program } from "../Program.ts"
import { stockJson, strategyView } from "../views/stockView.ts"
import { UsageRefused } from "./refund.ts"
import { UnknownStock } from "./stock.ts"

export interface StrategyOptions {
  readonly sku: string
  /** Undefined shows the present one. */
  readonly strategy: StockStrategy | undefined
  readonly segments: number | undefined
}

const refusalOf = ({ segments, sku, strategy }: StrategyOptions): string | undefined => {
  if (segments !== undefined && strategy !== "segmented") {
    return "--segments belongs to the strategy segmented: name that, or leave the flag out"
  }
  return strategy === "segmented" && isAllowance(sku as StockKey)
    ? `${sku} stays on one row, because its limit is counted there: choose another strategy`
    : undefined
}

const mustBeKnown = Effect.fnUntraced(function* (sku: string) {
  const levels = yield* (yield* Inventory).levels([sku as StockKey])
  if (levels.length === 0) return yield* new UnknownStock({ sku })
  return levels
})

const answer = Effect.fnUntraced(function* (sku: string, levels: ReadonlyArray<StockLevel>) {
  const [chosen] = yield* (yield* Inventory).strategies([sku as StockKey])
  const { segments, strategy } = chosen ?? defaultChoice
  return {
    json: { sku, strategy, segments, stock: levels.map(stockJson) },
    text: strategyView({ strategy, segments }, levels)
  }
})

const choice = Effect.fnUntraced(function* (options: StrategyOptions) {
  const { segments = defaultSegments, sku, strategy } = options
  yield* mustBeKnown(sku)
  if (strategy !== undefined) {
    yield* (yield* Inventory).setStrategy(sku as StockKey, choose(strategy, segments))
  }
  return yield* answer(sku, yield* mustBeKnown(sku))
})

export const stockStrategy =
  (options: StrategyOptions): Program =>
  (configuration) => {
    const problem = refusalOf(options)
    return problem === undefined
      ? Effect.provide(choice(options), ports(configuration))
      : Effect.fail(new UsageRefused({ problem }))
  }

export const rebalanceStock =
  (sku: string): Program =>
  (configuration) =>
    Effect.gen(function* () {
      yield* mustBeKnown(sku)
      return yield* answer(sku, yield* (yield* Inventory).rebalance(sku as StockKey))
    }).pipe(Effect.provide(ports(configuration)))

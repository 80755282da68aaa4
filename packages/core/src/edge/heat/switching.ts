/** What is written, in which order, when a key is promoted, demoted or left to the staff. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import type { Inventory } from "../../inventory/Inventory.ts"
import type { StockKey } from "../../inventory/StockKey.ts"
import { defaultChoice, type StrategyChoice } from "../../inventory/StockStrategy.ts"
import type { Gate } from "../Gate.ts"
import type { HotKey, HotKeys } from "./HotKeys.ts"
import { tellSwitch } from "./switchEvents.ts"

/** A promotion has this long between being listed and being chosen; milliseconds. */
const settleMs = 10_000

/** What is listed should be chosen, and told, by the process that listed it. */
const patience = Schedule.spaced(1000).pipe(Schedule.upTo({ times: 3 }))

export interface SwitchingPorts {
  readonly gate: (typeof Gate)["Service"]
  readonly hotKeys: (typeof HotKeys)["Service"]
  readonly inventory: (typeof Inventory)["Service"]
}

const same = (one: StrategyChoice, other: StrategyChoice): boolean =>
  one.strategy === other.strategy && one.segments === other.segments

/** How each of the keys is sold now. */
const currentChoices = Effect.fnUntraced(function* (
  inventory: SwitchingPorts["inventory"],
  keys: ReadonlyArray<StockKey>
) {
  const chosen = keys.length === 0 ? [] : yield* inventory.strategies(keys)
  const choices = new Map<StockKey, StrategyChoice>(chosen.map((one) => [one.key, one]))
  return (key: StockKey): StrategyChoice => choices.get(key) ?? defaultChoice
})

/** The units of a key that can be sold, over all segments; undefined for what is not stocked. */
const availableOf = Effect.fnUntraced(function* (
  inventory: SwitchingPorts["inventory"],
  key: StockKey
) {
  let available: number | undefined
  for (const { received, reserved, sold } of yield* inventory.levels([key])) {
    available = (available ?? 0) + received - reserved - sold
  }
  return available
})

/**
 * Listed first, so that no choice of the autopilot ever looks like one of the staff's: a process
 * that dies in between leaves a key that is listed and sold as before, which `ownKeys` clears up.
 * A key that is not sold by the default is the staff's. The gate's keeper finds the key there,
 * keeps its counter right, and lets it go in the end. Answers whether this process promoted.
 */
export const promote = Effect.fnUntraced(function* (
  { gate, hotKeys, inventory }: SwitchingPorts,
  key: StockKey,
  choice: StrategyChoice,
  perSecond: number
) {
  const current = yield* currentChoices(inventory, [key])
  const available = yield* availableOf(inventory, key)
  if (available === undefined || !same(current(key), defaultChoice)) return false
  const since = yield* Clock.currentTimeMillis
  if (!(yield* hotKeys.enlist({ key, ...choice, since }))) return false
  yield* Effect.retry(inventory.setStrategy(key, choice), patience)
  yield* tellSwitch("promoted", { key, from: defaultChoice, to: choice, perSecond })
  yield* gate.set([{ key, available }])
  return true
})

/**
 * Dismissed last, for the same reason: a process that dies in between leaves a key that is listed,
 * and whoever is alive demotes it again, which changes nothing. Answers whether this process
 * demoted.
 */
export const demote = Effect.fnUntraced(function* (
  { hotKeys, inventory }: SwitchingPorts,
  hot: HotKey,
  perSecond: number
) {
  yield* inventory.setStrategy(hot.key, defaultChoice)
  if (!(yield* hotKeys.dismiss(hot.key))) return false
  yield* tellSwitch("demoted", { key: hot.key, from: hot, to: defaultChoice, perSecond })
  return true
})

/**
 * Those of the listed keys that are sold as the autopilot has chosen. Keys that are sold otherwise
 * are the staff's, and are dismissed without a change to how they are sold.
 */
export const ownKeys = Effect.fnUntraced(function* (
  { hotKeys, inventory }: SwitchingPorts,
  listed: ReadonlyArray<HotKey>
) {
  const at = yield* Clock.currentTimeMillis
  const current = yield* currentChoices(
    inventory,
    listed.map(({ key }) => key)
  )
  const own = new Map<StockKey, HotKey>()
  for (const hot of listed) {
    const choice = current(hot.key)
    if (same(choice, hot)) {
      own.set(hot.key, hot)
    } else if (at - hot.since >= settleMs && (yield* hotKeys.dismiss(hot.key))) {
      yield* tellSwitch("left", { key: hot.key, from: hot, to: choice })
    }
  }
  return own
})

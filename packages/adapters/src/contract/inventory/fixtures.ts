import { Inventory, type ReserveRequest } from "@doorbuster/core/inventory/Inventory"
import type { StockKey } from "@doorbuster/core/inventory/StockKey"
import {
  choose,
  StockStrategy,
  type StrategyChoice
} from "@doorbuster/core/inventory/StockStrategy"
import type { OrderId } from "@doorbuster/core/order/OrderId"
import { nextUuid } from "@doorbuster/core/Uuid"
import * as Effect from "effect/Effect"
import { freshName, freshOrder } from "../fresh.ts"

/** Every strategy, with few segments so that small stocks leave some of them empty. */
export const choices: ReadonlyArray<StrategyChoice> = StockStrategy.literals.map((strategy) =>
  choose(strategy, 3)
)

/** Beyond any test's run: nothing here expires by itself. */
export const later = 4_102_444_800_000

/** A key that no other test knows, in the form of a SKU. */
export const freshKey = Effect.map(freshName("CONTRACT"), (name) => name as StockKey)

/** Two fresh keys in the order that requests want them in. */
export const freshPair = Effect.gen(function* () {
  const [one, other] = [yield* freshKey, yield* freshKey]
  return one < other ? ([one, other] as const) : ([other, one] as const)
})

export const receive = Effect.fnUntraced(function* (key: StockKey, quantity: number) {
  const inventory = yield* Inventory
  const movementId = yield* nextUuid
  return yield* inventory.move([
    { movementId, key, quantity, kind: "receipt", reason: "contract", occurredAt: 0 }
  ])
})

/** A fresh key with so many units on sale. */
export const stocked = Effect.fnUntraced(function* (quantity: number) {
  const key = yield* freshKey
  yield* receive(key, quantity)
  return key
})

export const request = (
  order: OrderId,
  lines: ReadonlyArray<readonly [key: StockKey, quantity: number, allowance?: number]>,
  epoch = 1
): ReserveRequest => ({
  orderId: order,
  epoch,
  expiresAt: later,
  lines: lines.map(([key, quantity, allowance]) =>
    allowance === undefined ? { key, quantity } : { key, quantity, allowance }
  )
})

/** Holds units for a fresh order, which must succeed. */
export const held = Effect.fnUntraced(function* (key: StockKey, quantity: number, epoch = 1) {
  const inventory = yield* Inventory
  const order = yield* freshOrder
  const [outcome] = yield* inventory.reserve([request(order, [[key, quantity]], epoch)])
  if (outcome?._tag !== "Held") return yield* Effect.die(`not held: ${outcome?._tag}`)
  return order
})

/** The figures of a key over all of its segments; undefined where no stock row is. */
export const levelOf = Effect.fnUntraced(function* (key: StockKey) {
  const inventory = yield* Inventory
  const levels = yield* inventory.levels([key])
  if (levels.length === 0) return undefined
  const sum = { received: 0, reserved: 0, sold: 0 }
  for (const level of levels) {
    sum.received += level.received
    sum.reserved += level.reserved
    sum.sold += level.sold
  }
  return sum
})

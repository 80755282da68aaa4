import * as Effect from "effect/Effect"
import type { Inventory, ReserveOutcome } from "../inventory/Inventory.ts"
import type { StockKey } from "../inventory/StockKey.ts"
import type { Counters } from "./counters.ts"
import type { GateLevel } from "./Gate.ts"

/** What a batch of reservations found too few of; of several figures for a key the last counts. */
const shortages = (outcomes: ReadonlyArray<ReserveOutcome>): ReadonlyArray<GateLevel> => {
  const left = new Map<StockKey, number>()
  for (const outcome of outcomes) {
    if (outcome._tag === "OutOfStock") left.set(outcome.key, outcome.available)
    if (outcome._tag === "UnknownStock") left.set(outcome.key, 0)
  }
  return Array.from(left, ([key, available]) => ({ key, available }))
}

/** The same inventory, whose refusals close the gate and whose returned units open it. */
export const guardedInventory = (
  inventory: (typeof Inventory)["Service"],
  { cameBack, ranOut }: Counters
): (typeof Inventory)["Service"] => ({
  ...inventory,
  reserve: (batch) =>
    Effect.tap(inventory.reserve(batch), (outcomes) => {
      const short = shortages(outcomes)
      return short.length === 0 ? Effect.void : ranOut(short)
    }),
  release: (batch) =>
    Effect.tap(inventory.release(batch), () => cameBack(batch.flatMap(({ keys }) => keys))),
  giveBack: (batch) =>
    Effect.tap(inventory.giveBack(batch), () =>
      cameBack(batch.flatMap(({ lines }) => lines.map(({ key }) => key)))
    ),
  move: (batch) => Effect.tap(inventory.move(batch), () => cameBack(batch.map(({ key }) => key)))
})

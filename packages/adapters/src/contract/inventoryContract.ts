import type { Inventory } from "@doorbuster/core/inventory/Inventory"
import { defaultChoice } from "@doorbuster/core/inventory/StockStrategy"
import type * as Layer from "effect/Layer"
import { allowing } from "./inventory/allowing.ts"
import { committing, fencing, releasing } from "./inventory/closing.ts"
import { choices } from "./inventory/fixtures.ts"
import { moving, returning } from "./inventory/moving.ts"
import { racing, switching } from "./inventory/racing.ts"
import { admitting, repeating } from "./inventory/reserving.ts"
import { segmenting } from "./inventory/segmenting.ts"
import { underChoice } from "./inventory/underChoice.ts"
import { suite } from "./suite.ts"

/** The whole life of reservations, which is the same under every strategy. */
const life = [
  admitting,
  repeating,
  committing,
  releasing,
  fencing,
  moving,
  returning,
  allowing
] as const

/** What every `Inventory` promises. An adapter's test file is one call to this. */
export const inventoryContract = <E>(name: string, adapter: Layer.Layer<Inventory, E>): void => {
  suite(`Inventory contract: ${name}`, adapter, [racing, switching, segmenting, ...life])
  const others = choices.filter(({ strategy }) => strategy !== defaultChoice.strategy)
  for (const choice of others) {
    suite(`Inventory contract: ${name}, ${choice.strategy}`, underChoice(adapter, choice), life)
  }
}

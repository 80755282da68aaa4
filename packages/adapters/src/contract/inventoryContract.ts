import type { Inventory } from "@doorbuster/core/inventory/Inventory"
import type * as Layer from "effect/Layer"
import { allowing } from "./inventory/allowing.ts"
import { committing, fencing, releasing } from "./inventory/closing.ts"
import { moving, returning } from "./inventory/moving.ts"
import { admitting, racing, repeating, switching } from "./inventory/reserving.ts"
import { suite } from "./suite.ts"

/** What every `Inventory` promises. An adapter's test file is one call to this. */
export const inventoryContract = <E>(name: string, adapter: Layer.Layer<Inventory, E>): void =>
  suite(`Inventory contract: ${name}`, adapter, [
    racing,
    switching,
    admitting,
    repeating,
    committing,
    releasing,
    fencing,
    moving,
    returning,
    allowing
  ])

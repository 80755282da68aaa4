import * as Layer from "effect/Layer"
import type { Catalog } from "../../catalog/Catalog.ts"
import type { Inventory } from "../../inventory/Inventory.ts"
import type { Gate } from "../Gate.ts"
import * as keepGate from "../keepGate.ts"
import * as Autopilot from "./Autopilot.ts"
import type { Heat } from "./Heat.ts"
import { HeatMeter } from "./HeatMeter.ts"
import type { HotKeys } from "./HotKeys.ts"
import * as meteredKeeper from "./meteredKeeper.ts"

/** The gate's keeper and its inventory, with the autopilot on: in place of the bare `keepGate`. */
export const layer: Layer.Layer<Inventory, never, Catalog | Gate | Heat | HotKeys | Inventory> =
  Layer.merge(meteredKeeper.layer, Autopilot.layer).pipe(
    Layer.provideMerge(keepGate.layer),
    Layer.provide(HeatMeter.layer)
  )

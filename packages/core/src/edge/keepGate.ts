import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Catalog } from "../catalog/Catalog.ts"
import { Inventory } from "../inventory/Inventory.ts"
import { makeCounters } from "./counters.ts"
import { makeEntrance } from "./entrance.ts"
import { Gate } from "./Gate.ts"
import { GateKeeper } from "./GateKeeper.ts"
import { GateSettings } from "./GateSettings.ts"
import { guardedInventory } from "./guardedInventory.ts"
import { WatchList } from "./WatchList.ts"

/** The keeper, and the inventory that tells it what happens: use it in place of the bare one. */
export const layer: Layer.Layer<Inventory, never, Inventory | Gate | Catalog> = Layer.effectContext(
  Effect.gen(function* () {
    const gate = yield* Gate
    const inventory = yield* Inventory
    const catalog = yield* Catalog
    const settings = yield* GateSettings
    const clock = yield* Clock.Clock
    const watched = new WatchList(settings)
    const counters = yield* makeCounters({ gate, inventory, catalog, settings, clock, watched })
    const entrance = yield* makeEntrance({ gate, clock, watched, counters })
    return Context.make(Inventory, guardedInventory(inventory, counters)).pipe(
      Context.add(GateKeeper, entrance)
    )
  })
)

import * as Database from "@doorbuster/adapters/postgres/Database"
import { directLink } from "@doorbuster/adapters/simulated/Link"
import * as SimulatedDatabase from "@doorbuster/adapters/simulated/SimulatedDatabase"
import type { SimulatedServer } from "@doorbuster/adapters/simulated/SimulatedServer"
import { Inventory, type Movement } from "@doorbuster/core/inventory/Inventory"
import { ofSku } from "@doorbuster/core/inventory/StockKey"
import {
  choose,
  StockStrategy,
  type StrategyChoice,
  segmentsMin
} from "@doorbuster/core/inventory/StockStrategy"
import { namedUuid } from "@doorbuster/core/Uuid"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as goods from "./goods.ts"
import type { SeededRandom } from "./SeededRandom.ts"
import type { Stage } from "./Stage.ts"
import { inventoryOf } from "./StoreProcess.ts"

/** The shop's own hand on the stock: over a wire on which nothing is lost. */
const direct = (server: SimulatedServer, stage: Stage) =>
  inventoryOf(stage).pipe(
    Layer.provide(
      Layer.succeed(
        Database.InventoryDatabase,
        SimulatedDatabase.make({
          server,
          link: directLink,
          after: (ms, task) => stage.clock.after(ms, task)
        })
      )
    )
  )

const receipt = (stage: Stage, name: string, key: Movement["key"], quantity: number): Movement => ({
  movementId: namedUuid(name),
  key,
  quantity,
  kind: quantity > 0 ? "receipt" : "write_off",
  reason: name,
  occurredAt: stage.clock.nowMs
})

const anyChoice = (random: SeededRandom): StrategyChoice =>
  choose(random.pick(StockStrategy.literals), random.between(segmentsMin, 6))

/** Puts the first units on the shelves, and chooses how each SKU is reserved. */
export const openingMovements = Effect.fnUntraced(function* (
  server: SimulatedServer,
  stage: Stage
) {
  const random = stage.random.fork("strategies")
  const stocked = goods.goods.flatMap(({ sku, units }) =>
    units === null ? [] : [{ key: ofSku(sku), units }]
  )
  yield* Effect.gen(function* () {
    const inventory = yield* Inventory
    yield* inventory.move(
      stocked.map(({ key, units }) => receipt(stage, `opening ${key}`, key, units))
    )
    for (const { key } of stocked) {
      if (random.chance(0.5)) {
        yield* inventory.setStrategy(key, anyChoice(random))
      }
    }
  }).pipe(Effect.provide(Layer.fresh(direct(server, stage))))
})

/** Goods that sell well while their stock changes. */
const busy = [...goods.hot, ...goods.plain, goods.limited]

/** Units come in, or turn out to be broken. */
export const changeStock = Effect.fnUntraced(function* (
  server: SimulatedServer,
  stage: Stage,
  random: SeededRandom
) {
  const { sku } = random.pick(busy)
  const quantity = random.chance(0.7) ? random.between(1, 40) : -random.between(1, 10)
  const name = `change ${stage.clock.nowMs} ${random.nextUint32()}`
  yield* Inventory.use(({ move }) => move([receipt(stage, name, ofSku(sku), quantity)])).pipe(
    Effect.provide(Layer.fresh(direct(server, stage))),
    Effect.ignore
  )
})

/** What was sold out is on sale again; nobody tells the store's processes. */
export const restock = Effect.fnUntraced(function* (server: SimulatedServer, stage: Stage) {
  const scarce = [...goods.hot, goods.limited]
  yield* Inventory.use(({ move }) =>
    move(scarce.map(({ sku }) => receipt(stage, `restock ${sku}`, ofSku(sku), 20)))
  ).pipe(Effect.provide(Layer.fresh(direct(server, stage))), Effect.ignore)
})

/** Somebody chooses how some SKUs are sold while they are being sold. */
export const changeStrategies = Effect.fnUntraced(function* (
  server: SimulatedServer,
  stage: Stage,
  random: SeededRandom
) {
  yield* Effect.gen(function* () {
    const inventory = yield* Inventory
    for (let left = random.between(1, 4); left > 0; left--) {
      const { sku } = random.pick(busy)
      yield* inventory.setStrategy(ofSku(sku), anyChoice(random))
    }
  }).pipe(Effect.provide(Layer.fresh(direct(server, stage))), Effect.ignore)
})

/** Units are laid out anew over the segments from which they are being sold. */
export const rebalanceStock = Effect.fnUntraced(function* (
  server: SimulatedServer,
  stage: Stage,
  random: SeededRandom
) {
  yield* Effect.gen(function* () {
    const inventory = yield* Inventory
    for (let left = random.between(1, 4); left > 0; left--) {
      yield* inventory.rebalance(ofSku(random.pick(busy).sku))
    }
  }).pipe(Effect.provide(Layer.fresh(direct(server, stage))), Effect.ignore)
})

/** One SKU that everybody wants, from the first rush to the last demotion. */
import * as GateMemory from "@doorbuster/adapters/memory/GateMemory"
import * as HeatMemory from "@doorbuster/adapters/memory/HeatMemory"
import * as HotKeysMemory from "@doorbuster/adapters/memory/HotKeysMemory"
import { MemoryStore } from "@doorbuster/adapters/memory/MemoryStore"
import { approveAll } from "@doorbuster/adapters/payments/SandboxBehavior"
import { Quantity } from "@doorbuster/core/catalog/Quantity"
import { Checkout } from "@doorbuster/core/checkout/Checkout"
import { HotKeys } from "@doorbuster/core/edge/heat/HotKeys"
import * as pilotedGate from "@doorbuster/core/edge/heat/pilotedGate"
import { Inventory } from "@doorbuster/core/inventory/Inventory"
import { ofSku } from "@doorbuster/core/inventory/StockKey"
import type { AccountId } from "@doorbuster/core/order/OrderId"
import * as StoreCore from "@doorbuster/core/StoreCore"
import { Settings } from "@doorbuster/core/saga/Settings"
import { namedUuid } from "@doorbuster/core/Uuid"
import { assert } from "@effect/vitest"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import { balanced, story, tagOf } from "./telling.ts"
import * as World from "./world.ts"

const units = 1000
const key = ofSku(World.teapot)

const opened = Effect.gen(function* () {
  const world = yield* World.open(approveAll)
  const inventory = Context.get(world.outside, Inventory)
  const movement = { key, kind: "receipt", reason: "for the sale", occurredAt: 0 } as const
  const quantity = units - World.initialUnits
  yield* inventory.move([{ ...movement, movementId: namedUuid("for the sale"), quantity }])
  const hotKeys = yield* Layer.build(HotKeysMemory.layer.pipe(Layer.provide(MemoryStore.layer)))
  return { world, inventory, hotKeys, board: new Map() as HeatMemory.HeatBoard }
})

/** A store process as it serves: with its gate, its meter and its autopilot. */
const start = Effect.fnUntraced(function* ({
  board,
  hotKeys,
  world
}: Effect.Success<typeof opened>) {
  const ports = Layer.mergeAll(
    Layer.succeedContext(Context.merge(world.outside, hotKeys)),
    HeatMemory.layerShared(board),
    GateMemory.layer,
    Layer.succeed(Settings, world.ground.settings)
  )
  const process = StoreCore.layerWorker.pipe(
    Layer.provide(pilotedGate.layer),
    Layer.provide(ports),
    Layer.provide(Logger.layer([]))
  )
  return Context.get(yield* Layer.build(process), Checkout)
})

story(
  "a SKU that everybody wants is promoted while it sells, sells exactly, and is demoted after",
  Effect.gen(function* () {
    const shop = yield* opened
    const { inventory, world } = shop
    const stores = [yield* start(shop), yield* start(shop), yield* start(shop)]
    const chosen = Effect.map(inventory.strategies([key]), ([choice]) => choice?.strategy)

    let buyers = 0
    const buy = (store: (typeof stores)[number]) => {
      const account = `acc_${buyers++}` as AccountId
      const lines = [{ sku: World.teapot, quantity: Quantity.make(1) }]
      return tagOf(store.place(World.order({ account, key: account, lines })))
    }
    /** So many buyers to each of the stores in each of so many seconds. */
    const rush = Effect.fnUntraced(function* (each: number, seconds: number) {
      const told: Array<string> = []
      for (let second = 0; second < seconds; second++) {
        const now = stores.flatMap((store) => Array.from({ length: each }, () => buy(store)))
        told.push(...(yield* Effect.all(now, { concurrency: "unbounded" })))
        yield* Effect.sleep("1 second")
      }
      return told
    })
    const taken = (told: ReadonlyArray<string>) => told.filter((tag) => tag === "taken").length

    const before = yield* rush(10, 5)
    assert.strictEqual(taken(before), 150)
    assert.isUndefined(yield* chosen)

    const selling = yield* rush(50, 5)
    assert.strictEqual(taken(selling), 750)
    assert.strictEqual(yield* chosen, "queued")

    const soldOut = yield* rush(50, 70)
    assert.strictEqual(taken(soldOut), units - 900)
    assert.deepStrictEqual([...new Set(soldOut)].sort(), ["SoldOut", "taken"])
    assert.strictEqual(yield* chosen, "queued")

    yield* World.settleAll(world)
    yield* Effect.sleep("65 seconds")
    assert.strictEqual(yield* chosen, "atomic")
    assert.deepStrictEqual(yield* Context.get(shop.hotKeys, HotKeys).list, [])
    const { received, reserved, sold } = (yield* World.level(world, World.teapot)) ?? {}
    assert.deepStrictEqual(
      { received, reserved, sold },
      { received: units, reserved: 0, sold: units }
    )
    yield* balanced(world)
  })
)

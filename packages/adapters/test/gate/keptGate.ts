/** A gate with its keeper over the memory adapters, and hands that reach past it. */
import * as GateMemory from "@doorbuster/adapters/memory/GateMemory"
import * as InventoryMemory from "@doorbuster/adapters/memory/InventoryMemory"
import { MemoryStore, make as makeStore } from "@doorbuster/adapters/memory/MemoryStore"
import { layerShared } from "@doorbuster/adapters/memory/memoryLayer"
import { Catalog } from "@doorbuster/core/catalog/Catalog"
import type { Sku } from "@doorbuster/core/catalog/Sku"
import { demandOf, type Short } from "@doorbuster/core/edge/demand"
import { Gate } from "@doorbuster/core/edge/Gate"
import { GateKeeper } from "@doorbuster/core/edge/GateKeeper"
import { GateSettings } from "@doorbuster/core/edge/GateSettings"
import { layer as keepGate } from "@doorbuster/core/edge/keepGate"
import { Inventory } from "@doorbuster/core/inventory/Inventory"
import { ofSku, type StockKey } from "@doorbuster/core/inventory/StockKey"
import { AccountId, type OrderId, orderId } from "@doorbuster/core/order/OrderId"
import { StorageError } from "@doorbuster/core/StorageError"
import { nextUuid } from "@doorbuster/core/Uuid"
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as TestClock from "effect/testing/TestClock"

export const lamp = "LAMP" as Sku
export const lampKey = ofSku(lamp)

export const settings: GateSettings = {
  periodMs: 1_000,
  trustMs: 5_000,
  plentyUnits: 10,
  plentyPeriods: 3,
  idlePeriods: 20,
  keysMax: 3
}

/** The record of the stock may be out of reach for whoever counts. */
export const record = { isDown: false }
const down = new StorageError({ operation: "levels", reason: "unavailable", detail: "down" })

const unreliable = Layer.effect(
  Inventory,
  Effect.map(Inventory, (inventory) =>
    Inventory.of({
      ...inventory,
      levels: (keys) =>
        Effect.suspend(() => (record.isDown ? Effect.fail(down) : inventory.levels(keys)))
    })
  )
)

export const keptGate = () => {
  const store = Layer.succeed(MemoryStore, makeStore())
  const ports = unreliable.pipe(Layer.provideMerge(layerShared.pipe(Layer.provideMerge(store))))
  record.isDown = false
  return keepGate.pipe(
    Layer.provideMerge(GateMemory.layer),
    Layer.provideMerge(ports),
    Layer.provide(Layer.succeed(GateSettings, settings))
  )
}

/** Uses the inventory as another process does, of which this keeper hears nothing. */
export const elsewhere = <A, E>(effect: Effect.Effect<A, E, Inventory>) =>
  Effect.flatMap(MemoryStore, (store) =>
    Effect.provide(
      effect,
      InventoryMemory.layer.pipe(Layer.provide(Layer.succeed(MemoryStore, store))),
      { local: true }
    )
  )

export const sell = (sku: Sku, listed = true) =>
  Catalog.use((catalog) =>
    catalog.save({
      products: [{ sku, name: "It", kind: "stocked", listed, taxCategory: "standard" }]
    })
  )

export const receive = Effect.fnUntraced(function* (key: StockKey, quantity: number) {
  const inventory = yield* Inventory
  const movementId = yield* nextUuid
  const kind = "receipt" as const
  yield* inventory.move([{ movementId, key, quantity, kind, reason: "test", occurredAt: 0 }])
})

export const reserve = Effect.fnUntraced(function* (key: StockKey, quantity = 1) {
  const inventory = yield* Inventory
  const id = orderId(yield* nextUuid)
  const expiresAt = Number.MAX_SAFE_INTEGER
  const lines = [{ key, quantity, ...(key.includes(":") && { allowance: 1 }) }]
  const [outcome] = yield* inventory.reserve([{ orderId: id, epoch: 1, expiresAt, lines }])
  return { id, tag: outcome?._tag }
})

/** Takes all there is of it, and asks once more, so that the gate hears of it; who has it. */
export const sellOut = Effect.fnUntraced(function* (key: StockKey) {
  const holders: Array<OrderId> = []
  for (;;) {
    const { id, tag } = yield* reserve(key)
    if (tag !== "Held") return holders
    holders.push(id)
  }
})

const account = AccountId.make("ann")

/** Goes through the gate for lamps, and does the work behind it. */
export const pass = Effect.fnUntraced(function* <A, E>(
  key: string,
  work: Effect.Effect<A, E>,
  took: (exit: Exit.Exit<A, E>) => boolean | null = () => true,
  quantity = 1
) {
  const gate = yield* GateKeeper
  const entry = { account, key, lines: demandOf([{ sku: lamp, quantity }]) }
  const refusal = (short: Short) => ({ _tag: "Refused" as const, short })
  return yield* gate.pass(entry, work, { refusal, took })
})

/** Whether the gate lets somebody in who wants so many lamps, and leaves all as it was. */
export const isOpen = (quantity = 1) =>
  Effect.flatMap(nextUuid, (key) => pass(key, Effect.void, () => false, quantity)).pipe(
    Effect.as(true),
    Effect.orElseSucceed(() => false)
  )

type Services = Layer.Success<ReturnType<typeof keptGate>>

/** One promise of the keeper, over a store of its own. */
export const promise = <E>(name: string, body: Effect.Effect<void, E, Services>) =>
  it.effect(name, () => Effect.provide(body, keptGate()))

/** Two lamps, both sold, and the gate has heard of it. */
export const soldOut = Effect.gen(function* () {
  yield* sell(lamp)
  yield* receive(lampKey, 2)
  assert.strictEqual((yield* sellOut(lampKey)).length, 2)
})

export const periods = (count: number) => TestClock.adjust(count * settings.periodMs)
export const peek = (key: StockKey) => Effect.map(Gate, (gate) => gate.peek(key))

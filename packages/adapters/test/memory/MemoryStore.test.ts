import { MemoryStore, make } from "@doorbuster/adapters/memory/MemoryStore"
import { layer, layerShared } from "@doorbuster/adapters/memory/memoryLayer"
import { Inventory, type Movement } from "@doorbuster/core/inventory/Inventory"
import type { StockKey } from "@doorbuster/core/inventory/StockKey"
import { nextUuid } from "@doorbuster/core/Uuid"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"

const key = "LAMP" as StockKey

const receive = Effect.gen(function* () {
  const inventory = yield* Inventory
  const movementId = yield* nextUuid
  const receipt: Movement = {
    movementId,
    key,
    quantity: 3,
    kind: "receipt",
    reason: "new",
    occurredAt: 0
  }
  yield* inventory.move([receipt])
})

const received = Effect.gen(function* () {
  const inventory = yield* Inventory
  return (yield* inventory.levels([key])).map((level) => level.received)
})

describe("a memory store", () => {
  it.effect("is shared by every process that is given it, and outlives them", () =>
    Effect.gen(function* () {
      const store = Layer.succeed(MemoryStore, make())
      const process = () => Layer.fresh(layerShared).pipe(Layer.provide(store))
      yield* Effect.provide(receive, process(), { local: true })
      yield* Effect.provide(receive, process(), { local: true })
      assert.deepStrictEqual(yield* Effect.provide(received, process(), { local: true }), [6])
    })
  )

  it.effect("is empty and its own where none is given", () =>
    Effect.gen(function* () {
      yield* Effect.provide(receive, layer, { local: true })
      assert.deepStrictEqual(yield* Effect.provide(received, layer, { local: true }), [])
    })
  )
})

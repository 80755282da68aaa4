import { gateContract } from "@doorbuster/adapters/contract"
import { layer } from "@doorbuster/adapters/memory/GateMemory"
import { Gate, guardMs } from "@doorbuster/core/edge/Gate"
import type { StockKey } from "@doorbuster/core/inventory/StockKey"
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"

gateContract("memory", layer)

it.effect("a counter that nobody sets again does not refuse for long", () =>
  Effect.gen(function* () {
    const gate = yield* Gate
    const key = "MUG" as StockKey
    yield* gate.set([{ key, available: 0 }])
    yield* TestClock.adjust(guardMs - 1)
    assert.strictEqual(gate.peek(key), 0)
    yield* TestClock.adjust(1)
    assert.strictEqual(gate.peek(key), undefined)
    assert.deepStrictEqual(yield* gate.guarded, [])
  }).pipe(Effect.provide(layer))
)

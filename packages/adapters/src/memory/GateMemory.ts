import { Gate, type GateAnswer, type GateRequest, guardMs } from "@doorbuster/core/edge/Gate"
import type { StockKey } from "@doorbuster/core/inventory/StockKey"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"

interface Counter {
  available: number
  readonly until: number
}

/** Guards what this process alone lets in: for a store of one process, or without Redis. */
export const layer: Layer.Layer<Gate> = Layer.effect(
  Gate,
  Effect.gen(function* () {
    const clock = yield* Clock.Clock
    const counters = new Map<StockKey, Counter>()

    const find = (key: StockKey): Counter | undefined => {
      const counter = counters.get(key)
      if (counter === undefined || clock.currentTimeMillisUnsafe() < counter.until) return counter
      counters.delete(key)
      return undefined
    }
    const enter = ({ lines }: GateRequest): GateAnswer => {
      for (const { key, quantity } of lines) {
        const available = find(key)?.available ?? Number.POSITIVE_INFINITY
        if (available < quantity) return { _tag: "SoldOut", key, requested: quantity, available }
      }
      for (const { key, quantity } of lines) {
        const counter = find(key)
        if (counter !== undefined) counter.available -= quantity
      }
      return { _tag: "Passed" }
    }
    return Gate.of({
      enter: (batch) => Effect.sync(() => batch.map(enter)),
      leave: (batch) =>
        Effect.sync(() => {
          for (const { key, quantity } of batch.flatMap(({ lines }) => lines)) {
            const counter = find(key)
            if (counter !== undefined) counter.available += quantity
          }
        }),
      set: (levels) =>
        Effect.sync(() => {
          const until = clock.currentTimeMillisUnsafe() + guardMs
          for (const { available, key } of levels) counters.set(key, { available, until })
        }),
      remove: (keys) =>
        Effect.sync(() => {
          for (const key of keys) counters.delete(key)
        }),
      guarded: Effect.sync(() => [...counters.keys()].filter((key) => find(key) !== undefined)),
      peek: (key) => find(key)?.available
    })
  })
)

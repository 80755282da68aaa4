import { HotKeys } from "@doorbuster/core/edge/heat/HotKeys"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { MemoryStore } from "./MemoryStore.ts"

export const layer: Layer.Layer<HotKeys, never, MemoryStore> = Layer.effect(
  HotKeys,
  Effect.gen(function* () {
    const { hotKeys } = (yield* MemoryStore).inventory
    return HotKeys.of({
      list: Effect.sync(() => [...hotKeys.values()]),
      enlist: (hot) =>
        Effect.sync(() => {
          if (hotKeys.has(hot.key)) return false
          hotKeys.set(hot.key, hot)
          return true
        }),
      dismiss: (key) => Effect.sync(() => hotKeys.delete(key))
    })
  })
)

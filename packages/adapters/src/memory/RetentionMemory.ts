import { Retention, type Retired, type Retirement } from "@doorbuster/core/retention/Retention"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { claimName } from "./closeSaga.ts"
import { MemoryStore, type OrdersTables } from "./MemoryStore.ts"

const retire = (tables: OrdersTables, { limit, openedBefore }: Retirement): Retired => {
  const past = [...tables.sagas.values()].filter(
    ({ key, openedAt, payload, state }) =>
      state !== "open" && openedAt < openedBefore && (key !== null || payload !== "")
  )
  const batch = past.slice(0, limit)
  let keys = 0
  let payloads = 0
  for (const saga of batch) {
    if (saga.key !== null) {
      const name = claimName(saga.account, saga.key)
      if (tables.claims.get(name)?.sagaId === saga.sagaId && tables.claims.delete(name)) keys++
    }
    if (saga.payload !== "") payloads++
    tables.sagas.set(saga.sagaId, { ...saga, key: null, payload: "" })
  }
  return { keys, payloads, more: batch.length < past.length }
}

/** One synchronous turn of the event loop, over all sagas there are. */
export const layer: Layer.Layer<Retention, never, MemoryStore> = Layer.effect(
  Retention,
  Effect.map(MemoryStore, ({ orders }) =>
    Retention.of({ retire: (retirement) => Effect.sync(() => retire(orders, retirement)) })
  )
)

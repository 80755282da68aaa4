import { type AccountId, type OrderId, orderId } from "@doorbuster/core/order/OrderId"
import { nextUuid } from "@doorbuster/core/Uuid"
import * as Effect from "effect/Effect"

/** Names that no other test knows: suites share a store with each other and with earlier runs. */
export const freshOrder: Effect.Effect<OrderId> = Effect.map(nextUuid, orderId)

export const freshOrders = (count: number): Effect.Effect<ReadonlyArray<OrderId>> =>
  Effect.forEach(Array.from({ length: count }), () => freshOrder)

export const freshAccount: Effect.Effect<AccountId> = Effect.map(
  nextUuid,
  (uuid) => `buyer-${uuid}` as AccountId
)

export const freshName = (of: string): Effect.Effect<string> =>
  Effect.map(nextUuid, (uuid) => `${of}-${uuid}`)

import { type Cart, emptyCart, withLine, withoutLine } from "@doorbuster/core/cart/Cart"
import { Carts } from "@doorbuster/core/cart/Carts"
import type { AccountId } from "@doorbuster/core/order/OrderId"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { MemoryStore } from "./MemoryStore.ts"

/** Carts in memory: each method is one synchronous turn of the event loop. */
export const layer: Layer.Layer<Carts, never, MemoryStore> = Layer.effect(
  Carts,
  Effect.gen(function* () {
    const { carts } = (yield* MemoryStore).catalog
    const get = (account: AccountId): Cart => {
      const lines = carts.get(account)
      return lines === undefined ? emptyCart : { lines }
    }
    const put = (account: AccountId, cart: Cart): Cart => {
      carts.set(account, cart.lines)
      return cart
    }
    return Carts.of({
      get: (account) => Effect.sync(() => get(account)),
      put: (account, lines) => Effect.sync(() => void put(account, { lines })),
      setLine: (account, line) => Effect.sync(() => put(account, withLine(get(account), line))),
      removeLine: (account, sku) => Effect.sync(() => put(account, withoutLine(get(account), sku))),
      delete: (account) => Effect.sync(() => void carts.delete(account))
    })
  })
)

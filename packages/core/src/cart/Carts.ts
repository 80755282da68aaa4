import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { Sku } from "../catalog/Sku.ts"
import type { AccountId } from "../order/OrderId.ts"
import type { StorageError } from "../StorageError.ts"
import type { Cart, CartLine } from "./Cart.ts"

/**
 * One cart per account. The last write wins and a cart survives a restart; nothing here is
 * trusted at checkout, where prices and stock are read again.
 */
export class Carts extends Context.Service<
  Carts,
  {
    /** The account's cart; an empty one when there is none. */
    get(account: AccountId): Effect.Effect<Cart, StorageError>
    /** Replaces the whole cart. */
    put(account: AccountId, lines: ReadonlyArray<CartLine>): Effect.Effect<void, StorageError>
    /** Adds the line, or sets the quantity of the line that has its SKU. */
    setLine(account: AccountId, line: CartLine): Effect.Effect<Cart, StorageError>
    /** Removes the line of this SKU; harmless when there is none. */
    removeLine(account: AccountId, sku: Sku): Effect.Effect<Cart, StorageError>
    /** Removes the whole cart; harmless when there is none. */
    delete(account: AccountId): Effect.Effect<void, StorageError>
  }
>()("@doorbuster/core/cart/Carts") {}

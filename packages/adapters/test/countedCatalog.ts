import { layer as storeLayer } from "@doorbuster/adapters/memory/memoryLayer"
import { Catalog } from "@doorbuster/core/catalog/Catalog"
import type { Product } from "@doorbuster/core/catalog/Product"
import { Sku } from "@doorbuster/core/catalog/Sku"
import type { StorageError } from "@doorbuster/core/StorageError"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"

export const sku = (code: string): Sku => Sku.make(code)

export const named = (code: string, name: string): Product => ({
  sku: sku(code),
  name,
  kind: "stocked",
  listed: true,
  taxCategory: "standard"
})

/** A catalogue that counts its reads, and lets a test come between a read and its answer. */
export const countedCatalog = () => {
  const counts = { products: 0, list: 0 }
  let before: Effect.Effect<void, StorageError> = Effect.void
  const layer = Layer.effect(
    Catalog,
    Effect.gen(function* () {
      const catalog = yield* Catalog
      return Catalog.of({
        ...catalog,
        products: Effect.fnUntraced(function* (skus) {
          counts.products += 1
          const found = yield* catalog.products(skus)
          yield* Effect.suspend(() => before)
          return found
        }),
        list: Effect.fnUntraced(function* (page) {
          counts.list += 1
          return yield* catalog.list(page)
        })
      })
    })
  ).pipe(Layer.provide(storeLayer))
  return {
    layer,
    reads: () => ({ ...counts }),
    delay: (by: Effect.Effect<unknown, StorageError>) => {
      before = Effect.asVoid(by)
    }
  }
}

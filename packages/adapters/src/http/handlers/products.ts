import type { Sku } from "@doorbuster/core/catalog/Sku"
import { CatalogBrowsing } from "@doorbuster/core/edge/CatalogBrowsing"
import { Inventory } from "@doorbuster/core/inventory/Inventory"
import { ofSku } from "@doorbuster/core/inventory/StockKey"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { Api } from "../Api.ts"
import { HttpApiBuilder } from "../effectHttp.ts"
import { NoSuchProduct } from "../problem/errors.ts"
import { page, pageDefault } from "../wire/Page.ts"
import { productView } from "../wire/ProductView.ts"

export const layer = HttpApiBuilder.group(
  Api,
  "products",
  Effect.fnUntraced(function* (handlers) {
    const browsing = yield* CatalogBrowsing
    const inventory = yield* Inventory

    const available = Effect.fnUntraced(function* (sku: Sku) {
      const levels = yield* inventory.levels([ofSku(sku)])
      return levels.reduce((sum, row) => sum + row.received - row.reserved - row.sold, 0)
    })

    return handlers
      .handle(
        "list",
        Effect.fnUntraced(function* ({ query: { after, limit = pageDefault } }) {
          const found = yield* browsing.list({
            ...(after !== undefined && { after }),
            limit: limit + 1
          })
          const now = yield* Clock.currentTimeMillis
          const { entries, next } = page(found, limit, ({ product }) => product.sku)
          return { products: entries.map((entry) => productView(entry, now)), next }
        })
      )
      .handle(
        "find",
        Effect.fnUntraced(function* ({ params: { sku } }) {
          const entry = yield* browsing.find(sku)
          if (entry === undefined || !entry.product.listed) return yield* new NoSuchProduct({ sku })
          const now = yield* Clock.currentTimeMillis
          const stocked = entry.product.kind === "stocked"
          return { ...productView(entry, now), available: stocked ? yield* available(sku) : null }
        })
      )
  })
)

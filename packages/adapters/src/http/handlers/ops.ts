import { Catalog } from "@doorbuster/core/catalog/Catalog"
import type { Sku } from "@doorbuster/core/catalog/Sku"
import { Fulfillment } from "@doorbuster/core/fulfillment/Fulfillment"
import { Inventory, type StockLevel } from "@doorbuster/core/inventory/Inventory"
import { ofSku } from "@doorbuster/core/inventory/StockKey"
import { Refunds } from "@doorbuster/core/refund/Refunds"
import type { Told } from "@doorbuster/core/saga/SagaContext"
import * as Effect from "effect/Effect"
import { Api } from "../Api.ts"
import { HttpApiBuilder } from "../effectHttp.ts"
import { fingerprint } from "../idempotency/fingerprint.ts"
import { storedResponse } from "../idempotency/storedResponse.ts"
import { Caller } from "../identity/Caller.ts"
import type { StockView } from "../wire/OpsBodies.ts"
import { page, pageDefault } from "../wire/Page.ts"
import { postEntry } from "./journal.ts"
import { moveStock } from "./movement.ts"

const stockView = ({ key, received, reserved, segment, sold }: StockLevel) =>
  ({
    sku: key,
    segment,
    received,
    reserved,
    sold,
    available: received - reserved - sold
  }) satisfies typeof StockView.Type

const told = ({ answer, replayed }: Told) => storedResponse(answer, replayed)

/** The scope and the content of a keyed write. */
const claimOf = Effect.fnUntraced(function* (headers: { readonly "idempotency-key": string }) {
  const { account } = yield* Caller
  return { account, key: headers["idempotency-key"], fingerprint: yield* fingerprint }
})

export const layer = HttpApiBuilder.group(
  Api,
  "ops",
  Effect.fnUntraced(function* (handlers) {
    const catalog = yield* Catalog
    const inventory = yield* Inventory
    const fulfillment = yield* Fulfillment
    const refunds = yield* Refunds
    const move = yield* moveStock
    const post = yield* postEntry

    const stock = Effect.fnUntraced(function* (skus: ReadonlyArray<Sku>) {
      return (yield* inventory.levels(skus.map(ofSku))).map(stockView)
    })

    return handlers
      .handle(
        "stock",
        Effect.fnUntraced(function* ({ query: { after, limit = pageDefault, sku } }) {
          if (sku !== undefined) return { stock: yield* stock([sku]), next: null }
          const found = yield* catalog.list({
            ...(after !== undefined && { after }),
            limit: limit + 1
          })
          const { entries, next } = page(found, limit, ({ product }) => product.sku)
          return { stock: yield* stock(entries.map(({ product }) => product.sku)), next }
        })
      )
      .handle("moveStock", ({ headers, payload }) => move(headers["idempotency-key"], payload))
      .handle("journal", ({ headers, payload }) => post(headers["idempotency-key"], payload))
      .handle(
        "ship",
        Effect.fnUntraced(function* ({ headers, params, payload }) {
          const shipped = yield* fulfillment.ship({
            ...(yield* claimOf(headers)),
            orderId: params.id,
            carrier: payload.carrier ?? null,
            tracking: payload.tracking ?? null,
            occurredAt: payload.occurred_at ?? null
          })
          return told(shipped)
        })
      )
      .handle(
        "deliver",
        Effect.fnUntraced(function* ({ headers, params, payload }) {
          const delivered = yield* fulfillment.deliver({
            ...(yield* claimOf(headers)),
            orderId: params.id,
            carrier: null,
            tracking: null,
            occurredAt: payload.occurred_at ?? null
          })
          return told(delivered)
        })
      )
      .handle(
        "refund",
        Effect.fnUntraced(function* ({ headers, params, payload }) {
          const refunded = yield* refunds.refund({
            ...(yield* claimOf(headers)),
            orderId: params.id,
            amount: payload.amount ?? null,
            restock: payload.restock ?? [],
            occurredAt: payload.occurred_at ?? null
          })
          return told(refunded)
        })
      )
  })
)

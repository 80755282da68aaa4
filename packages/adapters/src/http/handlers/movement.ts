import { Writes } from "@doorbuster/core/batch/Writes"
import { Catalog } from "@doorbuster/core/catalog/Catalog"
import { ofSku } from "@doorbuster/core/inventory/StockKey"
import { UnknownProduct } from "@doorbuster/core/pricing/errors"
import { IdempotencyKeyReused } from "@doorbuster/core/saga/errors"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { idOf } from "../idempotency/IdempotencyKey.ts"
import { storedResponse } from "../idempotency/storedResponse.ts"
import { Caller } from "../identity/Caller.ts"
import { StockTooLow } from "../problem/errors.ts"
import type { MovementBody } from "../wire/OpsBodies.ts"

/** Moves stock once per key; the answer follows from the request, so a repetition is the same. */
export const moveStock = Effect.gen(function* () {
  const catalog = yield* Catalog
  const writes = yield* Writes

  return Effect.fnUntraced(function* (key: string, body: typeof MovementBody.Type) {
    const { account } = yield* Caller
    const { kind, quantity, reason, sku } = body
    if (!(yield* catalog.products([sku])).has(sku)) return yield* new UnknownProduct({ sku })
    const now = yield* Clock.currentTimeMillis
    const movementId = idOf("movement", account, key)
    const outcome = yield* writes.receive({
      movementId,
      key: ofSku(sku),
      quantity,
      kind,
      reason,
      occurredAt: body.occurred_at ?? now
    })
    switch (outcome._tag) {
      case "MovementReused":
        return yield* new IdempotencyKeyReused({ key })
      case "OutOfStock":
        return yield* new StockTooLow({ sku, available: outcome.available })
      case "Moved": {
        const answer = JSON.stringify({ movement_id: movementId, sku, quantity, kind })
        return storedResponse({ status: 201, body: answer }, outcome.replayed)
      }
    }
  })
})

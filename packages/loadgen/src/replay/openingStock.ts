/** What a history of a replay has to know before the replay begins. The store has to be at rest. */
import { Catalog } from "@doorbuster/core/catalog/Catalog"
import type { Sku } from "@doorbuster/core/catalog/Sku"
import { Inventory } from "@doorbuster/core/inventory/Inventory"
import { ofSku } from "@doorbuster/core/inventory/StockKey"
import type { Uuid } from "@doorbuster/core/Uuid"
import * as Effect from "effect/Effect"
import type { HistoryRecorder } from "../history/HistoryRecorder.ts"
import type { Verb } from "../history/Operation.ts"
import { movementId } from "./identity.ts"
import { MovementLog } from "./MovementLog.ts"
import type { Operation } from "./Operation.ts"

const pageSize = 1_000

const pages = <A>(items: ReadonlyArray<A>): ReadonlyArray<ReadonlyArray<A>> =>
  Array.from({ length: Math.ceil(items.length / pageSize) }, (_, page) =>
    items.slice(page * pageSize, (page + 1) * pageSize)
  )

/** SKUs that operations sell, move or take back, without services: those have no stock. */
export const stockedSkus = Effect.fnUntraced(function* (operations: ReadonlyArray<Operation>) {
  const catalog = yield* Catalog
  const named = new Set<Sku>()
  for (const operation of operations) {
    if (operation._tag === "Sale") for (const { sku } of operation.lines) named.add(sku)
    if (operation._tag === "Refund") for (const { sku } of operation.restock) named.add(sku)
    if (operation._tag === "StockMove") named.add(operation.sku)
  }
  const stocked = new Set<Sku>()
  for (const page of pages([...named])) {
    for (const [sku, { product }] of yield* catalog.products(page)) {
      if (product.kind === "stocked") stocked.add(sku)
    }
  }
  return stocked
})

/** Writes what the store has as the operations that lead there. */
export const recordOpening = Effect.fnUntraced(function* (
  recorder: HistoryRecorder,
  skus: ReadonlySet<Sku>
) {
  const inventory = yield* Inventory
  const did = { client: "opening", ok: true, val: null, unknown: false }
  const step = Effect.fnUntraced(function* (op: Verb, sku: string, qty: number) {
    if (qty === 0) return
    const callNs = yield* recorder.stamp
    const retNs = yield* recorder.stamp
    yield* recorder.record({ ...did, op, sku, qty, callNs, retNs })
  })
  for (const page of pages([...skus])) {
    for (const { key, received, reserved, sold } of yield* inventory.levels(page.map(ofSku))) {
      yield* step("receive", key, received)
      yield* step("reserve", key, reserved + sold)
      yield* step("commit", key, sold)
    }
  }
})

/** Moves that an earlier replay has made: doing them again does nothing. */
export const movedBefore = Effect.fnUntraced(function* (operations: ReadonlyArray<Operation>) {
  const log = yield* MovementLog
  const ids = operations.flatMap((it) => (it._tag === "StockMove" ? [movementId(it)] : []))
  const moved = new Set<Uuid>()
  for (const page of pages(ids)) for (const id of (yield* log.units(page)).keys()) moved.add(id)
  return moved
})

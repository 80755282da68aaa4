import type { Sku } from "../catalog/Sku.ts"
import { ofSku, type StockKey } from "../inventory/StockKey.ts"
import type { GateAnswer, GateLine } from "./Gate.ts"

/** A line that the counter of its key does not reach for. */
export type Short = Omit<Extract<GateAnswer, { readonly _tag: "SoldOut" }>, "_tag">

/** The units that an order's lines want, added up per SKU and sorted by key, as stock sees them. */
export const demandOf = (
  lines: ReadonlyArray<{ readonly sku: Sku; readonly quantity: number }>
): ReadonlyArray<GateLine> => {
  const [first, ...others] = lines
  if (first === undefined) return []
  if (others.length === 0) return [{ key: ofSku(first.sku), quantity: first.quantity }]
  const units = new Map<StockKey, number>()
  for (const { quantity, sku } of lines)
    units.set(ofSku(sku), (units.get(ofSku(sku)) ?? 0) + quantity)
  return [...units]
    .map(([key, quantity]) => ({ key, quantity }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
}

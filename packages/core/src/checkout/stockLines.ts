import type { Sku } from "../catalog/Sku.ts"
import type { StockLine } from "../inventory/Inventory.ts"
import {
  ofCoupon,
  ofCouponAndAccount,
  ofLimit,
  ofSku,
  type StockKey
} from "../inventory/StockKey.ts"
import type { CheckoutPlan } from "./CheckoutPlan.ts"

/**
 * The stock that an order takes: units of its stocked lines added up per SKU (two lines of one SKU
 * are one request), one use of each limited coupon, and the units that purchase limits count.
 * Sorted by key, so that batches lock in one order.
 */
export const stockLines = ({ account, quote }: CheckoutPlan): ReadonlyArray<StockLine> => {
  const units = new Map<Sku, number>()
  for (const line of quote.lines) {
    if (line.kind !== "stocked") continue
    units.set(line.sku, (units.get(line.sku) ?? 0) + line.quantity)
  }
  const lines: Array<StockLine> = []
  for (const [sku, quantity] of units) lines.push({ key: ofSku(sku), quantity })
  for (const { code, maxUses, maxUsesPerAccount } of quote.couponsUsed) {
    if (maxUses !== undefined) lines.push({ key: ofCoupon(code), quantity: 1, allowance: maxUses })
    if (maxUsesPerAccount !== undefined) {
      const key = ofCouponAndAccount(code, account)
      lines.push({ key, quantity: 1, allowance: maxUsesPerAccount })
    }
  }
  for (const { sku, perAccount } of quote.limits) {
    const quantity = units.get(sku) ?? 0
    if (quantity > 0) lines.push({ key: ofLimit(sku, account), quantity, allowance: perAccount })
  }
  return lines.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
}

export const stockKeys = (plan: CheckoutPlan): ReadonlyArray<StockKey> =>
  stockLines(plan).map((line) => line.key)

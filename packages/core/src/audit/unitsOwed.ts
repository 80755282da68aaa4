import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type { Sku } from "../catalog/Sku.ts"
import {
  ofCoupon,
  ofCouponAndAccount,
  ofLimit,
  ofSku,
  type StockKey
} from "../inventory/StockKey.ts"
import type { Order } from "../order/Order.ts"
import { quoteFromText } from "../pricing/Quote.ts"

/** In the storage form of a quote that used no coupon with a limit, and no SKU with one. */
const nothingUsed = ['"couponsUsed":[]', '"limits":[]'] as const

/**
 * What an order that was paid for has taken from stock: the units of its stocked lines, one use of
 * each coupon that is limited, and the units that a purchase limit counts. Reckoned from the order
 * and its quote, and not from what was asked of the stock at the time.
 */
export const unitsOwed = (order: Order): ReadonlyMap<StockKey, number> => {
  const owed = new Map<StockKey, number>()
  for (const line of order.lines) {
    if (line.kind !== "stocked") continue
    const key = ofSku(line.sku as Sku)
    owed.set(key, (owed.get(key) ?? 0) + line.quantity)
  }
  if (nothingUsed.every((part) => order.quote.includes(part))) return owed
  const decoded = Effect.runSyncExit(quoteFromText(order.quote))
  // Another invariant says of a quote that it cannot be read.
  if (!Exit.isSuccess(decoded)) return owed
  for (const { code, maxUses, maxUsesPerAccount } of decoded.value.couponsUsed) {
    if (maxUses !== undefined) owed.set(ofCoupon(code), 1)
    if (maxUsesPerAccount !== undefined) owed.set(ofCouponAndAccount(code, order.account), 1)
  }
  for (const { sku } of decoded.value.limits) {
    const units = owed.get(ofSku(sku)) ?? 0
    if (units > 0) owed.set(ofLimit(sku, order.account), units)
  }
  return owed
}

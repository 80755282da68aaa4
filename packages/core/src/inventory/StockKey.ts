import * as Schema from "effect/Schema"
import type { Sku } from "../catalog/Sku.ts"
import type { AccountId } from "../order/OrderId.ts"

/**
 * What a stock row counts: units of a SKU, uses of a coupon (`coupon:CODE`, and per account
 * `coupon:CODE:ACCOUNT`), or units one account may still buy (`limit:SKU:ACCOUNT`). Coupon uses and
 * purchase limits are stock, so they are as exact as stock.
 */
export const StockKey = Schema.String.check(Schema.isPattern(/^[!-~][ -~]{0,198}[!-~]?$/)).pipe(
  Schema.brand("StockKey")
)
export type StockKey = typeof StockKey.Type

export const ofSku = (sku: Sku): StockKey => sku as string as StockKey
export const ofCoupon = (code: string): StockKey => `coupon:${code}` as StockKey
export const ofCouponAndAccount = (code: string, account: AccountId): StockKey =>
  `coupon:${code}:${account}` as StockKey
export const ofLimit = (sku: Sku, account: AccountId): StockKey =>
  `limit:${sku}:${account}` as StockKey

/** Coupon uses and purchase limits are permissions to buy, not goods. */
export const isAllowance = (key: StockKey): boolean =>
  key.startsWith("coupon:") || key.startsWith("limit:")

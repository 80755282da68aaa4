import type { Quantity } from "@doorbuster/core/catalog/Quantity"
import type { Sku } from "@doorbuster/core/catalog/Sku"
import type { MovementKind } from "@doorbuster/core/inventory/Inventory"
import type { Minor } from "@doorbuster/core/money/Minor"
import type { AccountId } from "@doorbuster/core/order/OrderId"
import type { PriceOverride } from "@doorbuster/core/pricing/PriceOverride"
import type { MatchedRefund } from "../matching/Matching.ts"

/** A recorded sale, to be taken through the checkout. */
export interface Sale {
  readonly _tag: "Sale"
  readonly ref: string
  /** Epoch milliseconds. */
  readonly at: number
  readonly account: AccountId
  readonly country: string
  readonly lines: ReadonlyArray<{
    readonly sku: Sku
    readonly quantity: Quantity
    readonly priceOverride: PriceOverride
  }>
}

/** Money and goods that go back to one order. */
export interface Refund extends MatchedRefund {
  readonly _tag: "Refund"
}

/** Units that came or went without an order. */
export interface StockMove {
  readonly _tag: "StockMove"
  /** Reference and line: the same move has the same key for ever. */
  readonly key: string
  readonly at: number
  readonly sku: Sku
  /** Signed units, never zero. */
  readonly quantity: number
  readonly kind: MovementKind
  readonly reason: string
}

/** Money that moved without an order. */
export interface Journal {
  readonly _tag: "Journal"
  readonly key: string
  readonly at: number
  readonly kind: "bad_debt" | "unmatched_refund"
  /** Minor units, never zero: given up or given back when positive. */
  readonly amount: Minor
  readonly memo: string
}

export type Operation = Sale | Refund | StockMove | Journal

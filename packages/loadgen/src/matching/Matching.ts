import type { Sku } from "@doorbuster/core/catalog/Sku"
import type { Minor } from "@doorbuster/core/money/Minor"

/** Units and money that one cancellation gives back to one order. */
export interface MatchedRefund {
  /** Reference of the cancellation. */
  readonly ref: string
  readonly at: number
  /** Reference of the sale. */
  readonly orderRef: string
  /** Minor units, above zero. */
  readonly amount: Minor
  /** Units to put on sale again, added up per SKU; services are not among them. */
  readonly restock: ReadonlyArray<{ readonly sku: Sku; readonly quantity: number }>
}

/** What is left of a cancellation line for which no sale was found. */
export interface UnmatchedLine {
  readonly ref: string
  readonly at: number
  readonly lineNo: number
  readonly sku: Sku
  readonly stocked: boolean
  /** Units to put on sale again; 0 when only money is left over. */
  readonly units: number
  /** Minor units, zero or more. */
  readonly amount: Minor
  readonly why: UnmatchedReason
}

/**
 * - `no_customer`: the shop did not know whose it was, so there is nothing to match by.
 * - `no_sale`: this customer bought no such units before (or not that many).
 * - `more_than_paid`: the sale was found, but a payment gives back no more than it took.
 */
export type UnmatchedReason = "no_customer" | "no_sale" | "more_than_paid"

/** Every cancellation's money and units, each in exactly one of the two lists. */
export interface Matching {
  readonly refunds: ReadonlyArray<MatchedRefund>
  readonly unmatched: ReadonlyArray<UnmatchedLine>
}

import { Quantity, quantityMax } from "@doorbuster/core/catalog/Quantity"
import { Sku } from "@doorbuster/core/catalog/Sku"
import { Currency } from "@doorbuster/core/money/Currency"
import { MinorFromNumber } from "@doorbuster/core/money/Minor"
import { OrderState } from "@doorbuster/core/order/OrderState"
import * as Schema from "effect/Schema"
import { Amount } from "./Amount.ts"
import { text } from "./Text.ts"
import { Occurred } from "./Timestamp.ts"

const unitsMax = 1000 * quantityMax

const nonZero = Schema.makeFilter((value: number | bigint) => Number(value) !== 0, {
  expected: "anything but zero"
})
const positive = Schema.makeFilter((amount: bigint) => amount > 0n, {
  expected: "an amount above zero"
})

/** A receipt that takes away, or a write-off that brings, is a slip of the sign. */
const signOfKind = Schema.makeFilter(
  ({ kind, quantity }: { readonly kind: string; readonly quantity: number }) => {
    if (kind === "receipt" && quantity < 0) {
      return { path: ["quantity"], issue: "a receipt brings units: above zero" }
    }
    if (kind === "write_off" && quantity > 0) {
      return { path: ["quantity"], issue: "a write-off takes units away: below zero" }
    }
    return undefined
  }
)

/** Units that came in (positive) or went out (negative) without an order. */
export const MovementBody = Schema.Struct({
  sku: Sku,
  quantity: Schema.Int.check(Schema.isBetween({ minimum: -unitsMax, maximum: unitsMax }), nonZero),
  kind: Schema.Literals(["receipt", "adjustment", "write_off"]),
  reason: text(500),
  occurred_at: Schema.optionalKey(Occurred)
}).check(signOfKind)

export const MovementView = Schema.Struct({
  movement_id: Schema.String,
  sku: Schema.String,
  quantity: Schema.Int,
  kind: Schema.String
})

/** `available = received - reserved - sold`. */
export const StockView = Schema.Struct({
  sku: Schema.String,
  segment: Schema.Int,
  received: Schema.Int,
  reserved: Schema.Int,
  sold: Schema.Int,
  available: Schema.Int
})

export const ShipBody = Schema.Struct({
  carrier: Schema.optionalKey(text(100)),
  tracking: Schema.optionalKey(text(200)),
  occurred_at: Schema.optionalKey(Occurred)
})

export const DeliverBody = Schema.Struct({ occurred_at: Schema.optionalKey(Occurred) })

export const ShippedView = Schema.Struct({
  order_id: Schema.String,
  state: OrderState,
  shipment_id: Schema.String,
  carrier: Schema.NullOr(Schema.String),
  tracking: Schema.NullOr(Schema.String)
})

export const DeliveredView = Schema.Struct({ order_id: Schema.String, state: OrderState })

export const RefundBody = Schema.Struct({
  /** Left out: all that is left. */
  amount: Schema.optionalKey(MinorFromNumber.check(positive)),
  /** Units to put on sale again; left out: none. */
  restock: Schema.optionalKey(
    Schema.Union([
      Schema.Literal("all"),
      Schema.Array(Schema.Struct({ sku: Sku, quantity: Quantity })).check(Schema.isMaxLength(5000))
    ])
  ),
  occurred_at: Schema.optionalKey(Occurred)
})

export const RefundedView = Schema.Struct({
  refund_id: Schema.String,
  order_id: Schema.String,
  amount: Amount,
  /** All that was given back for this order so far. */
  refunded_total: Amount,
  /** Nothing is left to give back: the order is `refunded`. */
  full: Schema.Boolean,
  /** Units that are on sale again; fewer than asked where another refund was faster. */
  restocked: Schema.Array(Schema.Struct({ sku: Schema.String, quantity: Schema.Int }))
})

export const JournalBody = Schema.Struct({
  /** `bad_debt`: given up (positive) or paid after all (negative). */
  kind: Schema.Literals(["bad_debt", "unmatched_refund"]),
  amount: MinorFromNumber.check(nonZero),
  currency: Currency,
  memo: text(500),
  occurred_at: Schema.optionalKey(Occurred)
}).check(
  Schema.makeFilter(
    ({ amount, kind }: { readonly amount: bigint; readonly kind: string }) =>
      kind === "bad_debt" || amount > 0n,
    { expected: "an amount above zero for a refund" }
  )
)

export const EntryView = Schema.Struct({
  entry_id: Schema.String,
  kind: Schema.String,
  currency: Schema.String,
  amount: Amount
})

import type { Sku } from "@doorbuster/core/catalog/Sku"
import type { DecimalString } from "@doorbuster/core/money/Decimal"
import * as Schema from "effect/Schema"

export const LineKind = Schema.Literals([
  "sale",
  "cancellation",
  "stock_write_off",
  "zero_price",
  "bad_debt_adjustment"
])
export type LineKind = typeof LineKind.Type

const matching = (pattern: RegExp, expected: string) =>
  Schema.String.check(Schema.isPattern(pattern, { expected }))

const reference = /^[!-~]{1,64}$/

/** A row of the file, every field still as it was written. */
export const TraceRow = Schema.Struct({
  order_ref: matching(reference, "a reference of 1 to 64 visible ASCII characters"),
  line_no: matching(/^[1-9]\d{0,5}$/, "a position in the order: 1, 2, 3, ..."),
  at: matching(/^\d{4}-\d\d-\d\dT\d\d:\d\d$/, "a minute such as 2010-12-01T08:26"),
  kind: LineKind,
  line_kind: matching(/^[a-z][a-z_]{0,63}$/, 'a kind of line such as "product"'),
  sku: matching(/^[ -~]{1,64}$/, "a stock code of 1 to 64 ASCII characters"),
  qty: matching(/^-?\d{1,9}$/, "a whole number of units"),
  unit_price: matching(/^-?\d{1,12}(\.\d{1,8})?$/, 'a price in major units such as "2.55"'),
  customer: matching(/^[!-~]{0,64}$/, "a pseudonym of at most 64 visible ASCII characters"),
  country: Schema.String.check(Schema.isMaxLength(200))
})
export type TraceRow = typeof TraceRow.Type

/** One line of an order, a cancellation or a correction, as the shop recorded it. */
export interface TraceLine {
  /** Line of the file, counted from 1, header included. */
  readonly fileLine: number
  readonly lineNo: number
  readonly kind: LineKind
  /** Goods are stocked; whatever else was charged for (postage, fees, ...) has no stock. */
  readonly stocked: boolean
  readonly sku: Sku
  /** Signed units, as recorded. */
  readonly qty: number
  /** Major units, signed, as recorded. */
  readonly unitPrice: DecimalString
  /** Empty when the shop did not know. */
  readonly customer: string
}

/** Everything that was recorded under one reference; its lines may be of several kinds. */
export interface TraceOrder {
  readonly ref: string
  /** Its first minute, epoch milliseconds. */
  readonly at: number
  readonly country: string
  readonly lines: ReadonlyArray<TraceLine>
}

import { type Quote, QuoteFromJson } from "@doorbuster/core/pricing/Quote"
import * as Schema from "effect/Schema"
import { Amount, amount } from "./Amount.ts"
import { snakeKeys } from "./snakeCase.ts"

const QuoteLineView = Schema.Struct({
  line_no: Schema.Int,
  sku: Schema.String,
  name: Schema.String,
  kind: Schema.Literals(["stocked", "service"]),
  quantity: Schema.Int,
  unit_price: Amount,
  subtotal: Amount,
  discount: Amount,
  tax: Amount,
  /** True when `tax` is contained in the prices, false when it is added. */
  tax_included: Schema.Boolean,
  total: Amount,
  discounts: Schema.Array(Schema.Struct({ promotion_id: Schema.String, amount: Amount }))
})

export const QuoteView = Schema.Struct({
  currency: Schema.String,
  lines: Schema.Array(QuoteLineView),
  items_total: Amount,
  discount_total: Amount,
  shipping_method: Schema.NullOr(Schema.String),
  shipping_total: Amount,
  shipping_discount: Amount,
  shipping_tax: Amount,
  shipping_tax_included: Schema.Boolean,
  tax_total: Amount,
  included_tax_total: Amount,
  /** What the buyer pays; send it as `expected_total` to agree to it. */
  total: Amount,
  coupons_used: Schema.Array(Schema.String),
  /** The arithmetic, step by step: rule, input, output, rounding. */
  trace: Schema.Array(Schema.Json)
})
export type QuoteView = typeof QuoteView.Type

const toJson = Schema.encodeSync(QuoteFromJson.fields.trace)

const lineView = (line: Quote["lines"][number]): QuoteView["lines"][number] => ({
  line_no: line.lineNo,
  sku: line.sku,
  name: line.name,
  kind: line.kind,
  quantity: line.quantity,
  unit_price: amount(line.unitPrice),
  subtotal: amount(line.subtotal),
  discount: amount(line.discount),
  tax: amount(line.tax),
  tax_included: line.taxIncluded,
  total: amount(line.total),
  discounts: line.discounts.map((part) => ({
    promotion_id: part.promotionId,
    amount: amount(part.amount)
  }))
})

export const quoteView = (quote: Quote): QuoteView => ({
  currency: quote.currency,
  lines: quote.lines.map(lineView),
  items_total: amount(quote.itemsTotal),
  discount_total: amount(quote.discountTotal),
  shipping_method: quote.shippingMethod,
  shipping_total: amount(quote.shippingTotal),
  shipping_discount: amount(quote.shippingDiscount),
  shipping_tax: amount(quote.shippingTax),
  shipping_tax_included: quote.shippingTaxIncluded,
  tax_total: amount(quote.taxTotal),
  included_tax_total: amount(quote.includedTaxTotal),
  total: amount(quote.total),
  coupons_used: quote.couponsUsed.map(({ code }) => code),
  trace: toJson(quote.trace).map(snakeKeys)
})

import * as Schema from "effect/Schema"
import { ProductKind } from "../catalog/Product.ts"
import { CouponCode } from "../catalog/Promotion.ts"
import { Quantity } from "../catalog/Quantity.ts"
import { Sku } from "../catalog/Sku.ts"
import { Currency } from "../money/Currency.ts"
import type { Minor } from "../money/Minor.ts"
import { MinorFromNumber, MinorFromString } from "../money/Minor.ts"
import { traceStep } from "./Trace.ts"

/** Two lines of one SKU stay two lines: what was ordered apart is refunded apart. */
const quoteLine = <A extends Schema.Codec<Minor, string | number>>(amount: A) =>
  Schema.Struct({
    /** 1, 2, 3, … in the order of the request. */
    lineNo: Schema.Int,
    sku: Sku,
    name: Schema.String,
    kind: ProductKind,
    quantity: Quantity,
    /** List price; for staff prices the rounded one, and `subtotal` is not its multiple. */
    unitPrice: amount,
    subtotal: amount,
    /** Zero or more, the sum of `discounts`. */
    discount: amount,
    tax: amount,
    /** True when `tax` is contained in the prices, false when it is added. */
    taxIncluded: Schema.Boolean,
    /** What the line costs: subtotal - discount, plus tax unless it is included. */
    total: amount,
    discounts: Schema.Array(Schema.Struct({ promotionId: Schema.String, amount }))
  })

const quoteSchema = <A extends Schema.Codec<Minor, string | number>>(amount: A) =>
  Schema.Struct({
    currency: Currency,
    lines: Schema.Array(quoteLine(amount)),
    itemsTotal: amount,
    /** Taken off the items, zero or more; what was taken off shipping is `shippingDiscount`. */
    discountTotal: amount,
    shippingMethod: Schema.NullOr(Schema.String),
    /** After `shippingDiscount`, before added tax. */
    shippingTotal: amount,
    shippingDiscount: amount,
    shippingTax: amount,
    shippingTaxIncluded: Schema.Boolean,
    /** Tax added on top: that of the lines and of shipping. */
    taxTotal: amount,
    /** Tax contained in the prices: that of the lines and of shipping. */
    includedTaxTotal: amount,
    /** itemsTotal - discountTotal + shippingTotal + taxTotal: what the buyer pays. */
    total: amount,
    couponsUsed: Schema.Array(
      Schema.Struct({
        code: CouponCode,
        promotionId: Schema.String,
        maxUses: Schema.optionalKey(Schema.Int),
        maxUsesPerAccount: Schema.optionalKey(Schema.Int)
      })
    ),
    limits: Schema.Array(Schema.Struct({ sku: Sku, perAccount: Schema.Int })),
    trace: Schema.Array(traceStep(amount))
  })

/** The storage form: amounts are decimal strings. */
export const Quote = quoteSchema(MinorFromString)
export type Quote = typeof Quote.Type
export type QuoteLine = Quote["lines"][number]
export type TraceStep = Quote["trace"][number]

/** The wire form: amounts are JSON integers, refused beyond 2^53 - 1. */
export const QuoteFromJson = quoteSchema(MinorFromNumber)

/**
 * The storage form as JSON text. Amounts are the only bigints of a quote, so this is what the
 * schema would encode, at a fraction of its cost.
 */
export const quoteToText = (quote: Quote): string =>
  JSON.stringify(quote, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value))

/** Reads the storage form; fails on anything that is not a quote. */
export const quoteFromText = Schema.decodeUnknownEffect(Schema.fromJsonString(Quote))

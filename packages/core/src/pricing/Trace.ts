/**
 * The arithmetic of a quote, step by step: what went in, what came out, how it was rounded.
 * Inputs are enough to do every step again (see verifyQuote.ts). Lists run in parallel, one
 * entry per line named in `lines`, so a long order stays a handful of objects.
 */
import * as Schema from "effect/Schema"
import { Percent } from "../catalog/Percent.ts"
import { CouponCode } from "../catalog/Promotion.ts"
import { Sku } from "../catalog/Sku.ts"
import type { Minor } from "../money/Minor.ts"
import { PriceOverride } from "./PriceOverride.ts"

export const StepRounding = Schema.Literals([
  "half_up",
  "largest_remainder",
  "half_up_then_largest_remainder"
])

const LineNos = Schema.Array(Schema.Int)
const Mode = Schema.Literals(["inclusive", "exclusive"])

/** A discount over lines. `floors`: the lowest unit price per line, absent when all are zero. */
const discountInputs = <A extends Schema.Codec<Minor, string | number>>(amount: A) => {
  const over = { lines: LineNos, floors: Schema.optionalKey(Schema.Array(amount)) }
  return Schema.Union([
    Schema.Struct({ type: Schema.Literal("order_percent"), percent: Percent, ...over }),
    Schema.Struct({ type: Schema.Literal("order_fixed"), amount, ...over }),
    Schema.Struct({ type: Schema.Literal("item_percent"), percent: Percent, ...over }),
    Schema.Struct({ type: Schema.Literal("item_fixed"), amount, ...over }),
    Schema.Struct({ type: Schema.Literal("line_fixed"), amount, ...over }),
    Schema.Struct({
      type: Schema.Literal("buy_get"),
      buyLines: LineNos,
      buyQuantity: Schema.Int,
      getQuantity: Schema.Int,
      percent: Percent,
      maxTimes: Schema.NullOr(Schema.Int),
      ...over
    })
  ])
}

const shippingInputs = <A extends Schema.Codec<Minor, string | number>>(amount: A) =>
  Schema.Union([
    Schema.Struct({ type: Schema.Literal("shipping_percent"), percent: Percent }),
    Schema.Struct({ type: Schema.Literal("shipping_fixed"), amount })
  ])

const taxSteps = <A extends Schema.Codec<Minor, string | number>>(amount: A) =>
  [
    /** Tax per line, on what the line costs after discounts (`before`). */
    Schema.Struct({
      rule: Schema.Literal("tax"),
      category: Schema.String,
      input: Schema.Struct({ lines: LineNos, percent: Percent, mode: Mode }),
      before: Schema.Array(amount),
      output: Schema.Array(amount),
      rounding: StepRounding
    }),
    Schema.Struct({
      rule: Schema.Literal("shipping_tax"),
      category: Schema.String,
      input: Schema.Struct({ percent: Percent, mode: Mode }),
      before: amount,
      output: amount,
      rounding: StepRounding
    })
  ] as const

/** What else the order takes from stock: uses of coupons and units of purchase limits. */
const allowances = [
  Schema.Struct({
    rule: Schema.Literal("coupons"),
    input: Schema.Array(CouponCode),
    output: Schema.Array(
      Schema.Struct({
        promotionId: Schema.String,
        maxUses: Schema.NullOr(Schema.Int),
        maxUsesPerAccount: Schema.NullOr(Schema.Int)
      })
    )
  }),
  Schema.Struct({
    rule: Schema.Literal("limits"),
    input: Schema.Array(Sku),
    output: Schema.Array(Schema.Int)
  })
] as const

/** Builds the schema of one step over the given encoding of amounts. */
export const traceStep = <A extends Schema.Codec<Minor, string | number>>(amount: A) => {
  const amounts = Schema.Array(amount)
  const quantities = Schema.Array(Schema.Int)
  const promotionId = Schema.String
  return Schema.Union([
    /** Line subtotals: unit price times quantity. */
    Schema.Struct({
      rule: Schema.Literal("unit_price"),
      input: Schema.Struct({ lines: LineNos, quantities, unitPrices: amounts }),
      output: amounts
    }),
    /**
     * Line subtotals from staff prices in major units, rounded once per line. `exact` is what
     * the line is worth, `difference` the sum of rounded minus exact; both in minor units.
     */
    Schema.Struct({
      rule: Schema.Literal("price_override"),
      input: Schema.Struct({
        lines: LineNos,
        quantities,
        unitPrices: Schema.Array(PriceOverride),
        minorUnits: Schema.Int
      }),
      exact: Schema.Array(Schema.String),
      output: amounts,
      rounding: StepRounding,
      difference: Schema.String
    }),
    /** `before` is what the lines cost together when the promotion's turn came. */
    Schema.Struct({
      rule: Schema.Literal("promotion"),
      promotionId,
      input: discountInputs(amount),
      before: amount,
      output: amounts,
      rounding: Schema.optionalKey(StepRounding)
    }),
    Schema.Struct({ rule: Schema.Literal("shipping"), input: Schema.String, output: amount }),
    Schema.Struct({
      rule: Schema.Literal("shipping_promotion"),
      promotionId,
      input: shippingInputs(amount),
      before: amount,
      output: amount,
      rounding: Schema.optionalKey(StepRounding)
    }),
    ...taxSteps(amount),
    ...allowances,
    Schema.Struct({
      rule: Schema.Literal("total"),
      input: Schema.Struct({
        itemsTotal: amount,
        discountTotal: amount,
        shippingTotal: amount,
        taxTotal: amount
      }),
      output: amount
    })
  ])
}

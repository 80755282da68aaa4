/**
 * Promotions as data: a tagged union that is stored as JSON. How they are applied, stacked
 * and rounded is told in docs/engineer/pricing.md.
 */
import * as Schema from "effect/Schema"
import { Currency } from "../money/Currency.ts"
import { Percent } from "./Percent.ts"
import { PriceAmount } from "./PriceList.ts"
import { Category } from "./Product.ts"
import { Sku } from "./Sku.ts"

/** What a buyer types in; case-sensitive. */
export const CouponCode = Schema.String.check(
  Schema.isPattern(/^[A-Za-z0-9_-]{1,40}$/, {
    expected: "1 to 40 letters, digits, hyphens or underscores"
  })
).pipe(Schema.brand("CouponCode"))
export type CouponCode = typeof CouponCode.Type

const Count = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 1_000_000_000 }))

/** Which lines a promotion speaks of. */
export const PromotionTarget = Schema.Union([
  Schema.Literal("all"),
  Schema.Struct({ skus: Schema.NonEmptyArray(Sku) }),
  Schema.Struct({ categories: Schema.NonEmptyArray(Category) })
])
export type PromotionTarget = typeof PromotionTarget.Type

/**
 * What must hold before a promotion applies. Totals and quantities are counted before any
 * discount, over the lines of `skus` when these are given, else over all lines.
 */
const Condition = Schema.Struct({
  itemsTotalAtLeast: Schema.optionalKey(PriceAmount),
  quantityAtLeast: Schema.optionalKey(Count),
  skus: Schema.optionalKey(Schema.NonEmptyArray(Sku))
})

/** A promotion that needs a code. Uses are kept as stock, so limits hold under any race. */
const Coupon = Schema.Struct({
  code: CouponCode,
  maxUses: Schema.optionalKey(Count),
  maxUsesPerAccount: Schema.optionalKey(Count)
})

const common = {
  id: Category,
  name: Schema.String.check(Schema.isMinLength(1), Schema.isMaxLength(200)),
  /** The higher number is applied first; equal ones in the order of their ids. */
  priority: Schema.Int,
  /** No other promotion applies beside it. */
  exclusive: Schema.Boolean,
  /** False: it takes no line that is already discounted, and closes the lines it takes. */
  stackable: Schema.Boolean,
  on: PromotionTarget,
  when: Schema.optionalKey(Condition),
  coupon: Schema.optionalKey(Coupon),
  /** Epoch milliseconds, null unbounded; `validTo` is exclusive. */
  validFrom: Schema.NullOr(Schema.Int),
  validTo: Schema.NullOr(Schema.Int),
  /** Which quotes it applies to; required where the promotion states an amount. */
  currency: Schema.optionalKey(Currency),
  /** The floor under which this promotion takes no unit price. */
  minUnitPrice: Schema.optionalKey(PriceAmount)
}

const Tier = Schema.Struct({
  itemsTotalAtLeast: PriceAmount,
  off: Schema.Union([Schema.Struct({ percent: Percent }), Schema.Struct({ amount: PriceAmount })])
})

const kinds = Schema.Union([
  /** Percent off the total of the target lines, spread over them. */
  Schema.Struct({ type: Schema.Literal("order_percent"), percent: Percent, ...common }),
  /** An amount off the total of the target lines, spread over them. */
  Schema.Struct({ type: Schema.Literal("order_fixed"), amount: PriceAmount, ...common }),
  /** Spend and save: the highest tier that is reached applies, over the target lines. */
  Schema.Struct({
    type: Schema.Literal("order_tiers"),
    tiers: Schema.NonEmptyArray(Tier),
    ...common
  }),
  /** Percent off each target unit, rounded per unit. */
  Schema.Struct({ type: Schema.Literal("item_percent"), percent: Percent, ...common }),
  /** An amount off each target unit, never below zero. */
  Schema.Struct({ type: Schema.Literal("item_fixed"), amount: PriceAmount, ...common }),
  /** An amount off each target line once. */
  Schema.Struct({ type: Schema.Literal("line_fixed"), amount: PriceAmount, ...common }),
  Schema.Struct({ type: Schema.Literal("shipping_percent"), percent: Percent, ...common }),
  Schema.Struct({ type: Schema.Literal("shipping_fixed"), amount: PriceAmount, ...common }),
  /** Buy so many units of `on`, get so many of `get.on` at percent off; repeats. */
  Schema.Struct({
    type: Schema.Literal("buy_get"),
    buyQuantity: Count,
    get: Schema.Struct({ quantity: Count, on: PromotionTarget, percent: Percent }),
    /** How often it may repeat within one order; unlimited when absent. */
    maxTimes: Schema.optionalKey(Count),
    ...common
  })
])

const statesAmount = (promotion: typeof kinds.Type): boolean =>
  "amount" in promotion ||
  promotion.type === "order_tiers" ||
  promotion.minUnitPrice !== undefined ||
  promotion.when?.itemsTotalAtLeast !== undefined

export const Promotion = kinds.check(
  Schema.makeFilter(
    (promotion: typeof kinds.Type) => promotion.currency !== undefined || !statesAmount(promotion),
    { expected: "a promotion that states an amount to name its currency" }
  )
)
export type Promotion = typeof Promotion.Type

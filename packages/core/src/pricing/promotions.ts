/** Which promotions apply to an order, in which order, and to which of its lines. */
import * as Result from "effect/Result"
import type { CouponCode, Promotion, PromotionTarget } from "../catalog/Promotion.ts"
import type { Currency } from "../money/Currency.ts"
import { minor } from "../money/Minor.ts"
import type { DiscountInput } from "./discount.ts"
import { CouponInvalid } from "./errors.ts"
import type { PromotableLine } from "./promotionTerms.ts"
import { conditionHolds, isFor, isOpen, linesOn, tierInput } from "./promotionTerms.ts"
import type { TraceStep } from "./Quote.ts"
import type { StepOf } from "./steps.ts"
import { promotionStep, shippingPromotionStep } from "./steps.ts"
import type { Worksheet } from "./Worksheet.ts"
import { lineAt } from "./Worksheet.ts"

export interface PromotionRequest {
  readonly currency: Currency
  readonly atMs: number
  readonly lines: ReadonlyArray<PromotableLine>
  readonly promotions: ReadonlyArray<Promotion>
  readonly coupons: ReadonlyArray<CouponCode>
  /** How often the account has used each code already. */
  readonly couponUses: ReadonlyMap<CouponCode, number>
}

const inOrder = (promotions: ReadonlyArray<Promotion>): ReadonlyArray<Promotion> =>
  [...promotions].sort((a, b) =>
    a.priority === b.priority ? (a.id < b.id ? -1 : a.id > b.id ? 1 : 0) : b.priority - a.priority
  )

/** The rules of stacking, kept while the promotions are applied one after the other. */
class Application {
  readonly trace: Array<TraceStep> = []
  readonly applied: Array<Promotion> = []
  readonly #sheet: Worksheet
  readonly #lines: ReadonlyArray<PromotableLine>
  readonly #closed = new Set<number>()
  #shippingClosed = false

  constructor(sheet: Worksheet, lines: ReadonlyArray<PromotableLine>) {
    this.#sheet = sheet
    this.#lines = lines
  }

  /** Applies the promotion if it may and if it lowers anything. */
  consider(promotion: Promotion): void {
    if (this.applied.length > 0 && promotion.exclusive) return
    if (!conditionHolds(this.#sheet, promotion, this.#lines)) return
    const worked =
      promotion.type === "shipping_percent" || promotion.type === "shipping_fixed"
        ? this.#lowerShipping(promotion)
        : this.#lowerLines(promotion)
    if (worked) this.applied.push(promotion)
  }

  /** The lines that this promotion may still lower. */
  #openLines(promotion: Promotion, target: PromotionTarget) {
    return linesOn(target, this.#lines).filter(
      ({ lineNo }) =>
        !this.#closed.has(lineNo) &&
        (promotion.stackable || lineAt(this.#sheet, lineNo).discounts.length === 0)
    )
  }

  #lowerLines(
    promotion: Exclude<Promotion, { readonly type: "shipping_percent" | "shipping_fixed" }>
  ): boolean {
    const target = promotion.type === "buy_get" ? promotion.get.on : promotion.on
    const open = this.#openLines(promotion, target)
    if (open.length === 0) return false
    const input = this.#discountInput(promotion, open)
    if (input === undefined) return false
    const before = open.map(({ lineNo }) => lineAt(this.#sheet, lineNo).discounts.length)
    const step = promotionStep(this.#sheet, promotion.id, input)
    if (step.output.every((amount) => amount === 0n)) return false
    this.trace.push(step)
    if (!promotion.stackable) {
      for (const [index, { lineNo }] of open.entries()) {
        const count = lineAt(this.#sheet, lineNo).discounts.length
        if (count !== before[index]) this.#closed.add(lineNo)
      }
    }
    return true
  }

  #discountInput(
    promotion: Exclude<Promotion, { readonly type: "shipping_percent" | "shipping_fixed" }>,
    open: ReadonlyArray<PromotableLine>
  ): DiscountInput | undefined {
    const least = promotion.minUnitPrice ?? 0n
    const floors = open.map(({ floor }) => (floor > least ? floor : minor(least)))
    const over = {
      lines: open.map(({ lineNo }) => lineNo),
      ...(floors.some((floor) => floor > 0n) ? { floors } : {})
    }
    switch (promotion.type) {
      case "order_tiers": {
        const tier = tierInput(this.#sheet, promotion, linesOn(promotion.on, this.#lines))
        return tier === undefined ? undefined : { ...tier, ...over }
      }
      case "buy_get":
        return {
          type: "buy_get",
          buyLines: linesOn(promotion.on, this.#lines).map(({ lineNo }) => lineNo),
          buyQuantity: promotion.buyQuantity,
          getQuantity: promotion.get.quantity,
          percent: promotion.get.percent,
          maxTimes: promotion.maxTimes ?? null,
          ...over
        }
      case "order_percent":
      case "item_percent":
        return { type: promotion.type, percent: promotion.percent, ...over }
      case "order_fixed":
      case "item_fixed":
      case "line_fixed":
        return { type: promotion.type, amount: promotion.amount, ...over }
    }
  }

  #lowerShipping(
    promotion: Extract<Promotion, { readonly type: "shipping_percent" | "shipping_fixed" }>
  ): boolean {
    const sheet = this.#sheet
    const discounted = sheet.shippingLeft !== sheet.shippingPrice
    if (this.#shippingClosed || (discounted && !promotion.stackable)) return false
    const input: StepOf<"shipping_promotion">["input"] =
      promotion.type === "shipping_fixed"
        ? { type: promotion.type, amount: promotion.amount }
        : { type: promotion.type, percent: promotion.percent }
    const step = shippingPromotionStep(sheet, promotion.id, input)
    if (step.output === 0n) return false
    this.trace.push(step)
    this.#shippingClosed = !promotion.stackable
    return true
  }
}

/** Finds the promotion of each code that was given, or says why it cannot be honoured. */
const couponPromotions = (
  request: PromotionRequest
): Result.Result<ReadonlyMap<CouponCode, Promotion>, CouponInvalid> => {
  const found = new Map<CouponCode, Promotion>()
  for (const code of request.coupons) {
    const refuse = (reason: CouponInvalid["reason"]) =>
      Result.fail(new CouponInvalid({ code, reason }))
    const known = request.promotions.filter(({ coupon }) => coupon?.code === code)
    if (known.length === 0) return refuse("unknown")
    const open = known.filter((promotion) => isOpen(promotion, request.atMs))
    if (open.length === 0) return refuse("not_valid_now")
    // A code that two promotions carry belongs to the one that comes first in order.
    const [promotion] = inOrder(open.filter((each) => isFor(each, request.currency)))
    if (promotion === undefined) return refuse("other_currency")
    const allowed = promotion.coupon?.maxUsesPerAccount ?? Number.POSITIVE_INFINITY
    if ((request.couponUses.get(code) ?? 0) >= allowed) return refuse("used_up")
    found.set(code, promotion)
  }
  return Result.succeed(found)
}

/**
 * Applies all promotions that may apply, on the worksheet and in the order of priority, and
 * answers their trace. Every coupon that was given has an effect, or the answer is an error.
 */
export const applyPromotions = (
  sheet: Worksheet,
  request: PromotionRequest
): Result.Result<
  { readonly trace: ReadonlyArray<TraceStep>; readonly used: ReadonlyArray<Promotion> },
  CouponInvalid
> => {
  const coupons = couponPromotions(request)
  if (Result.isFailure(coupons)) return Result.fail(coupons.failure)
  const given = new Set(coupons.success.values())
  const candidates = request.promotions.filter((promotion) =>
    promotion.coupon === undefined
      ? isOpen(promotion, request.atMs) && isFor(promotion, request.currency)
      : given.has(promotion)
  )
  const application = new Application(sheet, request.lines)
  for (const promotion of inOrder(candidates)) {
    application.consider(promotion)
    if (application.applied.some(({ exclusive }) => exclusive)) break
  }
  for (const [code, promotion] of coupons.success) {
    if (!application.applied.includes(promotion)) {
      return Result.fail(new CouponInvalid({ code, reason: "no_effect" }))
    }
  }
  return Result.succeed({ trace: application.trace, used: [...given] })
}

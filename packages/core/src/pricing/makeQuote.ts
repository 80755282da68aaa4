import * as Result from "effect/Result"
import type { CatalogEntry, PricingRules } from "../catalog/Catalog.ts"
import type { Price } from "../catalog/PriceList.ts"
import { priceAt } from "../catalog/PriceList.ts"
import type { Product } from "../catalog/Product.ts"
import type { CouponCode } from "../catalog/Promotion.ts"
import type { Quantity } from "../catalog/Quantity.ts"
import type { Sku } from "../catalog/Sku.ts"
import type { TaxRate } from "../catalog/TaxRate.ts"
import type { Currency } from "../money/Currency.ts"
import { minorUnits } from "../money/Currency.ts"
import { isWireSafe, zero } from "../money/Minor.ts"
import {
  AmountTooLarge,
  CouponInvalid,
  NoPrice,
  NotForSale,
  type PricingError,
  ShippingUnavailable,
  UnknownProduct
} from "./errors.ts"
import type { PriceOverride } from "./PriceOverride.ts"
import { applyPromotions } from "./promotions.ts"
import type { PromotableLine } from "./promotionTerms.ts"
import type { Quote, TraceStep } from "./Quote.ts"
import * as steps from "./steps.ts"
import type { Worksheet } from "./Worksheet.ts"
import { emptyWorksheet, figures } from "./Worksheet.ts"

/** What a buyer asks the price of. Every amount comes from the catalogue and its rules. */
export interface QuoteInput {
  readonly currency: Currency
  /** The moment whose prices and promotions count, epoch milliseconds. */
  readonly atMs: number
  readonly lines: ReadonlyArray<QuoteRequestLine>
  /** At least the products of the lines. */
  readonly catalog: ReadonlyMap<Sku, CatalogEntry>
  readonly rules: PricingRules
  readonly coupons?: ReadonlyArray<CouponCode>
  /** How often the account has used each code already; early refusal only, stock decides. */
  readonly couponUses?: ReadonlyMap<CouponCode, number>
  /** The id of a shipping method of the rules; null when nothing is shipped or charged. */
  readonly shippingMethod?: string | null
}

export interface QuoteRequestLine {
  readonly sku: Sku
  readonly quantity: Quantity
  /**
   * Staff only: the recorded price of a sale that happened elsewhere. Such a line may be of an
   * unlisted product, is not taxed, and an order that has one gets no promotions.
   */
  readonly priceOverride?: { readonly unitPrice: PriceOverride }
}

interface PricedLine extends QuoteRequestLine {
  readonly lineNo: number
  readonly product: Product
  readonly price: Price | null
}

const priceLine = (
  { atMs, catalog, currency }: QuoteInput,
  line: QuoteRequestLine,
  lineNo: number
): Result.Result<PricedLine, PricingError> => {
  const { sku } = line
  const entry = catalog.get(sku)
  if (entry === undefined) return Result.fail(new UnknownProduct({ sku }))
  const { prices, product } = entry
  if (line.priceOverride !== undefined) {
    return Result.succeed({ ...line, lineNo, product, price: null })
  }
  if (!product.listed) return Result.fail(new NotForSale({ sku }))
  const price = priceAt(prices, currency, atMs)
  return Result.isFailure(price)
    ? Result.fail(new NoPrice({ sku, currency, reason: price.failure }))
    : Result.succeed({ ...line, lineNo, product, price: price.success })
}

/** Enters the line subtotals: those of the price list, then those that staff recorded. */
const subtotalSteps = (
  sheet: Worksheet,
  lines: ReadonlyArray<PricedLine>,
  currency: Currency
): ReadonlyArray<TraceStep> => {
  const trace: Array<TraceStep> = []
  const listed = lines.filter(({ price }) => price !== null)
  const recorded = lines.filter(({ price }) => price === null)
  if (listed.length > 0) {
    trace.push(
      steps.unitPriceStep(sheet, {
        lines: listed.map(({ lineNo }) => lineNo),
        quantities: listed.map(({ quantity }) => quantity),
        unitPrices: listed.map(({ price }) => price?.amount ?? zero)
      })
    )
  }
  if (recorded.length > 0) {
    trace.push(
      steps.priceOverrideStep(sheet, {
        lines: recorded.map(({ lineNo }) => lineNo),
        quantities: recorded.map(({ quantity }) => quantity),
        unitPrices: recorded.flatMap(({ priceOverride }) => priceOverride?.unitPrice ?? []),
        minorUnits: minorUnits(currency)
      })
    )
  }
  return trace
}

/** Taxes each line on what it costs after discounts, one step per tax category. */
const taxSteps = (
  sheet: Worksheet,
  lines: ReadonlyArray<PricedLine>,
  rates: ReadonlyMap<string, TaxRate>
): ReadonlyArray<TraceStep> => {
  const taxed = new Map<TaxRate, Array<number>>()
  for (const { lineNo, price, product } of lines) {
    const rate = rates.get(product.taxCategory)
    if (rate === undefined || price === null) continue
    const group = taxed.get(rate)
    if (group === undefined) taxed.set(rate, [lineNo])
    else group.push(lineNo)
  }
  return Array.from(taxed, ([{ category, mode, percent }, lineNos]) =>
    steps.taxStep(sheet, category, { lines: lineNos, percent, mode })
  )
}

/** Coupons and purchase limits, which the checkout reserves like stock. */
const allowanceSteps = (
  sheet: Worksheet,
  lines: ReadonlyArray<PricedLine>,
  used: PricingRules["promotions"]
): ReadonlyArray<TraceStep> => {
  const trace: Array<TraceStep> = []
  const coupons = used.flatMap(({ coupon, id }) => (coupon === undefined ? [] : [{ id, coupon }]))
  if (coupons.length > 0) {
    trace.push(
      steps.couponsStep(
        sheet,
        coupons.map(({ coupon }) => coupon.code),
        coupons.map(({ coupon, id }) => ({
          promotionId: id,
          maxUses: coupon.maxUses ?? null,
          maxUsesPerAccount: coupon.maxUsesPerAccount ?? null
        }))
      )
    )
  }
  const limits = new Map<Sku, number>()
  for (const { product } of lines) {
    if (product.purchaseLimit !== undefined) limits.set(product.sku, product.purchaseLimit)
  }
  if (limits.size > 0) trace.push(steps.limitsStep(sheet, [...limits.keys()], [...limits.values()]))
  return trace
}

/**
 * The price of an order, computed from the catalogue alone, with a trace of every step. The
 * total fits into a JSON integer and is never negative. Rounding, the order of application,
 * stacking and exclusivity are told in docs/engineer/pricing.md.
 */
export const quote = (input: QuoteInput): Result.Result<Quote, PricingError> => {
  const { currency, rules } = input
  const sheet = emptyWorksheet()
  const lines: Array<PricedLine> = []
  for (const [index, line] of input.lines.entries()) {
    const priced = priceLine(input, line, index + 1)
    if (Result.isFailure(priced)) return Result.fail(priced.failure)
    lines.push(priced.success)
  }
  const trace = [...subtotalSteps(sheet, lines, currency)]

  const methodId = input.shippingMethod ?? null
  const method = rules.shippingMethods.find(
    (each) => each.id === methodId && each.currency === currency
  )
  if (method !== undefined) {
    trace.push(steps.shippingStep(sheet, method.id, method.amount))
  } else if (methodId !== null) {
    return Result.fail(new ShippingUnavailable({ method: methodId, currency }))
  }

  const promoted = promote(sheet, input, lines)
  if (Result.isFailure(promoted)) return Result.fail(promoted.failure)
  trace.push(...promoted.success.trace)

  const rates = new Map(rules.taxRates.map((rate) => [rate.category, rate]))
  trace.push(...taxSteps(sheet, lines, rates))
  const shippingRate = method === undefined ? undefined : rates.get(method.taxCategory)
  if (shippingRate !== undefined) {
    const { category, mode, percent } = shippingRate
    trace.push(steps.shippingTaxStep(sheet, category, { percent, mode }))
  }
  trace.push(...allowanceSteps(sheet, lines, promoted.success.used), steps.totalStep(sheet))
  return finish(sheet, currency, lines, trace)
}

const promote = (sheet: Worksheet, input: QuoteInput, lines: ReadonlyArray<PricedLine>) => {
  const coupons = [...new Set(input.coupons ?? [])]
  const priced = lines.flatMap(
    ({ lineNo, price, product }): ReadonlyArray<PromotableLine> =>
      price === null ? [] : [{ lineNo, product, floor: price.minUnitPrice ?? zero }]
  )
  if (priced.length < lines.length) {
    const [code] = coupons
    return code === undefined
      ? Result.succeed({ trace: [], used: [] })
      : Result.fail(new CouponInvalid({ code, reason: "no_effect" }))
  }
  return applyPromotions(sheet, {
    currency: input.currency,
    atMs: input.atMs,
    lines: priced,
    promotions: input.rules.promotions,
    coupons,
    couponUses: input.couponUses ?? new Map()
  })
}

const finish = (
  sheet: Worksheet,
  currency: Currency,
  lines: ReadonlyArray<PricedLine>,
  trace: ReadonlyArray<TraceStep>
): Result.Result<Quote, AmountTooLarge> => {
  const { lines: amounts, ...totals } = figures(sheet)
  // No part of a quote is larger than these two: all of its amounts are zero or more.
  if (!isWireSafe(totals.itemsTotal) || !isWireSafe(totals.total + totals.discountTotal)) {
    return Result.fail(new AmountTooLarge({ limit: Number.MAX_SAFE_INTEGER }))
  }
  return Result.succeed({
    currency,
    ...totals,
    lines: amounts.flatMap((figure, index) => {
      const line = lines[index]
      if (line === undefined) return []
      const { kind, name, sku } = line.product
      return [{ ...figure, sku, name, kind }]
    }),
    trace
  })
}

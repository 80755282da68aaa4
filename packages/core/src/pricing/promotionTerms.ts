/** The terms of a promotion: when it is open, which lines it speaks of, what must hold. */
import type { Product } from "../catalog/Product.ts"
import type { Promotion, PromotionTarget } from "../catalog/Promotion.ts"
import type { Currency } from "../money/Currency.ts"
import type { Minor } from "../money/Minor.ts"
import type { Worksheet } from "./Worksheet.ts"
import { lineAt } from "./Worksheet.ts"

/** A priced line as promotions see it. */
export interface PromotableLine {
  readonly lineNo: number
  readonly product: Product
  readonly floor: Minor
}

export const isOpen = ({ validFrom, validTo }: Promotion, atMs: number): boolean =>
  (validFrom === null || validFrom <= atMs) && (validTo === null || atMs < validTo)

export const isFor = (promotion: Promotion, currency: Currency): boolean =>
  promotion.currency === undefined || promotion.currency === currency

export const linesOn = (target: PromotionTarget, lines: ReadonlyArray<PromotableLine>) => {
  if (target === "all") return lines
  if ("skus" in target) {
    const skus = new Set(target.skus)
    return lines.filter(({ product }) => skus.has(product.sku))
  }
  const wanted = new Set(target.categories)
  return lines.filter(({ product }) => product.categories?.some((name) => wanted.has(name)))
}

/** Totals and quantities before any discount, so promotions cannot unmake each other's terms. */
const measure = (sheet: Worksheet, lines: ReadonlyArray<PromotableLine>) => {
  let total = 0n
  let quantity = 0
  for (const { lineNo } of lines) {
    const line = lineAt(sheet, lineNo)
    total += line.subtotal
    quantity += line.quantity
  }
  return { total, quantity }
}

export const conditionHolds = (
  sheet: Worksheet,
  { when }: Promotion,
  lines: ReadonlyArray<PromotableLine>
): boolean => {
  if (when === undefined) return true
  const counted = when.skus === undefined ? lines : linesOn({ skus: when.skus }, lines)
  const { quantity, total } = measure(sheet, counted)
  return (
    quantity > 0 &&
    total >= (when.itemsTotalAtLeast ?? 0n) &&
    quantity >= (when.quantityAtLeast ?? 0)
  )
}

/** The highest tier that the target lines reach, as the discount that it grants. */
export const tierInput = (
  sheet: Worksheet,
  { tiers }: Extract<Promotion, { readonly type: "order_tiers" }>,
  lines: ReadonlyArray<PromotableLine>
) => {
  const { total } = measure(sheet, lines)
  const best = tiers
    .filter((tier) => tier.itemsTotalAtLeast <= total)
    .reduce<(typeof tiers)[number] | undefined>(
      (top, tier) =>
        top === undefined || tier.itemsTotalAtLeast > top.itemsTotalAtLeast ? tier : top,
      undefined
    )
  if (best === undefined) return undefined
  return "percent" in best.off
    ? ({ type: "order_percent", percent: best.off.percent } as const)
    : ({ type: "order_fixed", amount: best.off.amount } as const)
}

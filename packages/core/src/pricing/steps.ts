/**
 * One function per kind of trace step. Each does its arithmetic from its input and the
 * worksheet, enters the result there, and returns the finished step.
 */
import type { DecimalString } from "../money/Decimal.ts"
import {
  decimalInMinorUnits,
  decimalPlus,
  decimalTimes,
  decimalZero,
  formatDecimal,
  parseDecimal,
  percentContained,
  percentOf,
  roundDecimal
} from "../money/Decimal.ts"
import type { Minor } from "../money/Minor.ts"
import { minor, zero } from "../money/Minor.ts"
import type { DiscountInput } from "./discount.ts"
import { discountParts } from "./discount.ts"
import type { Quote, TraceStep } from "./Quote.ts"
import { smaller } from "./units.ts"
import type { Worksheet } from "./Worksheet.ts"
import { figures, lineAt } from "./Worksheet.ts"

export type StepOf<Rule extends TraceStep["rule"]> = Extract<TraceStep, { readonly rule: Rule }>

const enterLine = (
  sheet: Worksheet,
  lineNo: number | undefined,
  quantity: number | undefined,
  unitPrice: Minor,
  subtotal: Minor
): void => {
  if (lineNo === undefined || quantity === undefined) throw new RangeError("lists differ in length")
  sheet.lines[lineNo - 1] = {
    quantity: quantity as Quote["lines"][number]["quantity"],
    unitPrice,
    subtotal,
    left: subtotal,
    tax: zero,
    taxIncluded: false,
    discounts: []
  }
}

export const unitPriceStep = (
  sheet: Worksheet,
  input: StepOf<"unit_price">["input"]
): StepOf<"unit_price"> => {
  const output = input.unitPrices.map((unitPrice, index) => {
    const quantity = input.quantities[index]
    const subtotal = minor(unitPrice * BigInt(quantity ?? 0))
    enterLine(sheet, input.lines[index], quantity, unitPrice, subtotal)
    return subtotal
  })
  return { rule: "unit_price", input, output }
}

export const priceOverrideStep = (
  sheet: Worksheet,
  input: StepOf<"price_override">["input"]
): StepOf<"price_override"> => {
  const exact: Array<string> = []
  let difference = decimalZero
  const output = input.unitPrices.map((text, index) => {
    const quantity = input.quantities[index]
    const price = decimalInMinorUnits(parseDecimal(text), input.minorUnits)
    const worth = decimalTimes(price, BigInt(quantity ?? 0))
    const { amount: subtotal, rest } = roundDecimal(worth, "half_up")
    difference = decimalPlus(difference, decimalTimes(rest, -1n))
    exact.push(formatDecimal(worth))
    const unitPrice = roundDecimal(price, "half_up").amount
    enterLine(sheet, input.lines[index], quantity, unitPrice, subtotal)
    return subtotal
  })
  return {
    rule: "price_override",
    input,
    exact,
    output,
    rounding: "half_up",
    difference: formatDecimal(difference)
  }
}

const discountRounding = {
  order_percent: "half_up_then_largest_remainder",
  order_fixed: "largest_remainder",
  item_percent: "half_up",
  buy_get: "half_up"
} as const

export const promotionStep = (
  sheet: Worksheet,
  promotionId: string,
  input: DiscountInput
): StepOf<"promotion"> => {
  const output = discountParts(sheet, input).map(minor)
  let before = 0n
  for (const [index, lineNo] of input.lines.entries()) {
    const line = lineAt(sheet, lineNo)
    const amount = output[index] ?? zero
    before += line.left
    if (amount === 0n) continue
    line.left -= amount
    line.discounts.push({ promotionId, amount })
  }
  const step = { rule: "promotion", promotionId, input, before: minor(before), output } as const
  return input.type === "item_fixed" || input.type === "line_fixed"
    ? step
    : { ...step, rounding: discountRounding[input.type] }
}

export const shippingStep = (
  sheet: Worksheet,
  method: string,
  price: Minor
): StepOf<"shipping"> => {
  sheet.shippingMethod = method
  sheet.shippingPrice = price
  sheet.shippingLeft = price
  return { rule: "shipping", input: method, output: price }
}

export const shippingPromotionStep = (
  sheet: Worksheet,
  promotionId: string,
  input: StepOf<"shipping_promotion">["input"]
): StepOf<"shipping_promotion"> => {
  const before = minor(sheet.shippingLeft)
  const wanted =
    input.type === "shipping_fixed"
      ? input.amount
      : percentOf(before, parseDecimal(input.percent), "half_up")
  const output = minor(smaller(wanted, before))
  sheet.shippingLeft -= output
  const step = { rule: "shipping_promotion", promotionId, input, before, output } as const
  return input.type === "shipping_fixed" ? step : { ...step, rounding: "half_up" }
}

const taxOn = (
  amount: bigint,
  { mode, percent }: { readonly mode: "inclusive" | "exclusive"; readonly percent: DecimalString }
): Minor =>
  mode === "inclusive"
    ? percentContained(amount, parseDecimal(percent), "half_up")
    : percentOf(amount, parseDecimal(percent), "half_up")

export const taxStep = (
  sheet: Worksheet,
  category: string,
  input: StepOf<"tax">["input"]
): StepOf<"tax"> => {
  const before = input.lines.map((lineNo) => minor(lineAt(sheet, lineNo).left))
  const output = before.map((amount) => taxOn(amount, input))
  for (const [index, lineNo] of input.lines.entries()) {
    const line = lineAt(sheet, lineNo)
    line.tax = output[index] ?? zero
    line.taxIncluded = input.mode === "inclusive"
  }
  return { rule: "tax", category, input, before, output, rounding: "half_up" }
}

export const shippingTaxStep = (
  sheet: Worksheet,
  category: string,
  input: StepOf<"shipping_tax">["input"]
): StepOf<"shipping_tax"> => {
  const before = minor(sheet.shippingLeft)
  const output = taxOn(before, input)
  sheet.shippingTax = output
  sheet.shippingTaxIncluded = input.mode === "inclusive"
  return { rule: "shipping_tax", category, input, before, output, rounding: "half_up" }
}

export const couponsStep = (
  sheet: Worksheet,
  input: StepOf<"coupons">["input"],
  output: StepOf<"coupons">["output"]
): StepOf<"coupons"> => {
  sheet.couponsUsed = output.map(({ maxUses, maxUsesPerAccount, promotionId }, index) => {
    const code = input[index]
    if (code === undefined) throw new RangeError("lists differ in length")
    return {
      code,
      promotionId,
      ...(maxUses === null ? {} : { maxUses }),
      ...(maxUsesPerAccount === null ? {} : { maxUsesPerAccount })
    }
  })
  return { rule: "coupons", input, output }
}

export const limitsStep = (
  sheet: Worksheet,
  input: StepOf<"limits">["input"],
  output: StepOf<"limits">["output"]
): StepOf<"limits"> => {
  sheet.limits = output.map((perAccount, index) => {
    const sku = input[index]
    if (sku === undefined) throw new RangeError("lists differ in length")
    return { sku, perAccount }
  })
  return { rule: "limits", input, output }
}

export const totalStep = (sheet: Worksheet): StepOf<"total"> => {
  const { discountTotal, itemsTotal, shippingTotal, taxTotal, total } = figures(sheet)
  return {
    rule: "total",
    input: { itemsTotal, discountTotal, shippingTotal, taxTotal },
    output: total
  }
}

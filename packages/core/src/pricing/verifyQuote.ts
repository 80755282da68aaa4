/** Proof of a quote: its sums, and the same figures derived again from its trace. */
import { misreckoned } from "./misreckoned.ts"
import type { Quote, TraceStep } from "./Quote.ts"
import * as steps from "./steps.ts"
import type { Figures, Worksheet } from "./Worksheet.ts"
import { emptyWorksheet, figures } from "./Worksheet.ts"

/** Does a recorded step again, from its inputs alone. */
const again = (sheet: Worksheet, step: TraceStep): TraceStep => {
  switch (step.rule) {
    case "unit_price":
      return steps.unitPriceStep(sheet, step.input)
    case "price_override":
      return steps.priceOverrideStep(sheet, step.input)
    case "promotion":
      return steps.promotionStep(sheet, step.promotionId, step.input)
    case "shipping":
      return steps.shippingStep(sheet, step.input, step.output)
    case "shipping_promotion":
      return steps.shippingPromotionStep(sheet, step.promotionId, step.input)
    case "tax":
      return steps.taxStep(sheet, step.category, step.input)
    case "shipping_tax":
      return steps.shippingTaxStep(sheet, step.category, step.input)
    case "coupons":
      return steps.couponsStep(sheet, step.input, step.output)
    case "limits":
      return steps.limitsStep(sheet, step.input, step.output)
    case "total":
      return steps.totalStep(sheet)
  }
}

/** A step names its lines in order, each once; the lines of a promotion are its own affair. */
const strayLine = (step: TraceStep): number | undefined =>
  step.rule === "unit_price" || step.rule === "price_override" || step.rule === "tax"
    ? step.input.lines.find((line, index, lines) => index > 0 && line <= (lines[index - 1] ?? 0))
    : undefined

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null

/** Every place where the left value is not the right one, as "path: left, but right". */
const differences = (path: string, left: unknown, right: unknown, found: Array<string>): void => {
  if (isObject(left) && isObject(right)) {
    const keys = new Set([...Object.keys(left), ...Object.keys(right)])
    for (const key of keys) differences(`${path}.${key}`, left[key], right[key], found)
  } else if (left !== right) {
    found.push(`${path}: ${String(left)}, but computed again ${String(right)}`)
  }
}

/**
 * Does the arithmetic of a trace again. `figures` is what it comes to, and `problems` lists the
 * steps whose recorded output is not what their input gives. Throws on a trace that no quote
 * can have, such as one that discounts a line which it never priced.
 */
export const recompute = (
  trace: ReadonlyArray<TraceStep>
): { readonly figures: Figures; readonly problems: ReadonlyArray<string> } => {
  const sheet = emptyWorksheet()
  const problems: Array<string> = []
  for (const [index, step] of trace.entries()) {
    differences(`trace.${index} ${step.rule}`, step, again(sheet, step), problems)
    const line = strayLine(step)
    if (line !== undefined)
      problems.push(`trace.${index} ${step.rule}: line ${line} is out of order`)
    for (const problem of misreckoned(step)) {
      problems.push(`trace.${index} ${step.rule}: ${problem}`)
    }
  }
  return { figures: figures(sheet), problems }
}

/** The equations that hold in every quote, checked on its own numbers without the trace. */
const sumProblems = (quote: Quote): ReadonlyArray<string> => {
  const problems: Array<string> = []
  const equal = (name: string, left: bigint, right: bigint) => {
    if (left !== right) problems.push(`${name}: ${left}, but its parts give ${right}`)
  }
  let items = 0n
  let discounts = 0n
  let added = quote.shippingTaxIncluded ? 0n : (quote.shippingTax as bigint)
  let included = quote.shippingTaxIncluded ? (quote.shippingTax as bigint) : 0n
  for (const line of quote.lines) {
    const name = `line ${line.lineNo}`
    equal(
      `${name} discount`,
      line.discount,
      line.discounts.reduce((sum, d) => sum + d.amount, 0n)
    )
    const tax = line.taxIncluded ? 0n : (line.tax as bigint)
    equal(`${name} total`, line.total, line.subtotal - line.discount + tax)
    if (line.discount < 0n || line.discount > line.subtotal) {
      problems.push(`${name} discount: ${line.discount} of ${line.subtotal}`)
    }
    items += line.subtotal
    discounts += line.discount
    if (line.taxIncluded) included += line.tax
    else added += line.tax
  }
  equal("itemsTotal", quote.itemsTotal, items)
  equal("discountTotal", quote.discountTotal, discounts)
  equal("taxTotal", quote.taxTotal, added)
  equal("includedTaxTotal", quote.includedTaxTotal, included)
  equal("total", quote.total, items - discounts + quote.shippingTotal + added)
  if (quote.total < 0n) problems.push(`total: ${quote.total} is negative`)
  return problems
}

/** The quote without the names of its products, in the shape of `Figures`. */
const figuresOf = ({ currency: _, lines, trace: __, ...rest }: Quote): Figures => ({
  ...rest,
  lines: lines.map(({ kind: _, name: __, sku: ___, ...line }) => line)
})

/**
 * What is wrong with the numbers of a quote; empty when all sums agree and the trace, computed
 * again, gives the same figures. One changed amount, quantity or limit is enough to be found.
 */
export const verifyQuote = (quote: Quote): ReadonlyArray<string> => {
  const problems = [...sumProblems(quote)]
  try {
    const proof = recompute(quote.trace)
    problems.push(...proof.problems)
    differences("quote", figuresOf(quote), proof.figures, problems)
  } catch (cause) {
    // A trace that was tampered with may name lines that do not exist, or divide by zero.
    problems.push(`trace: cannot be computed again: ${String(cause)}`)
  }
  return problems
}

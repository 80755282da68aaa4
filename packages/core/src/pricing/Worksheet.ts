/**
 * The figures of a quote while it is being computed. Both the quote and its later proof fill
 * a worksheet step by step with the same arithmetic and read the results off it.
 */
import type { Minor } from "../money/Minor.ts"
import { minor, zero } from "../money/Minor.ts"
import type { Quote, QuoteLine } from "./Quote.ts"

export interface WorksheetLine {
  readonly quantity: QuoteLine["quantity"]
  readonly unitPrice: Minor
  readonly subtotal: Minor
  /** What the line costs after the discounts so far. */
  left: bigint
  tax: Minor
  taxIncluded: boolean
  readonly discounts: Array<{ readonly promotionId: string; readonly amount: Minor }>
}

export interface Worksheet {
  /** By line number minus one. */
  readonly lines: Array<WorksheetLine>
  shippingMethod: string | null
  shippingPrice: Minor
  /** What shipping costs after the discounts so far. */
  shippingLeft: bigint
  shippingTax: Minor
  shippingTaxIncluded: boolean
  couponsUsed: Quote["couponsUsed"]
  limits: Quote["limits"]
}

/** The figures of a quote, without the names of its products. */
export type Figures = Omit<Quote, "currency" | "lines" | "trace"> & {
  readonly lines: ReadonlyArray<Omit<QuoteLine, "sku" | "name" | "kind">>
}

export const emptyWorksheet = (): Worksheet => ({
  lines: [],
  shippingMethod: null,
  shippingPrice: zero,
  shippingLeft: 0n,
  shippingTax: zero,
  shippingTaxIncluded: false,
  couponsUsed: [],
  limits: []
})

/** The line of that number; a trace that names a line it never priced is broken. */
export const lineAt = (sheet: Worksheet, lineNo: number): WorksheetLine => {
  const line = sheet.lines[lineNo - 1]
  if (line === undefined) throw new RangeError(`line ${lineNo} has no unit price`)
  return line
}

/** Reads the figures off a finished worksheet. */
export const figures = (sheet: Worksheet): Figures => {
  let itemsTotal = 0n
  let discountTotal = 0n
  let taxTotal = sheet.shippingTaxIncluded ? 0n : (sheet.shippingTax as bigint)
  let includedTaxTotal = sheet.shippingTaxIncluded ? (sheet.shippingTax as bigint) : 0n
  const lines = Array.from(sheet.lines, (_, index) => {
    const { discounts, left, quantity, subtotal, tax, taxIncluded, unitPrice } = lineAt(
      sheet,
      index + 1
    )
    const discount = minor(subtotal - left)
    itemsTotal += subtotal
    discountTotal += discount
    if (taxIncluded) includedTaxTotal += tax
    else taxTotal += tax
    return {
      lineNo: index + 1,
      quantity,
      unitPrice,
      subtotal,
      discount,
      tax,
      taxIncluded,
      total: minor(taxIncluded ? left : left + tax),
      discounts
    }
  })
  return {
    lines,
    itemsTotal: minor(itemsTotal),
    discountTotal: minor(discountTotal),
    shippingMethod: sheet.shippingMethod,
    shippingTotal: minor(sheet.shippingLeft),
    shippingDiscount: minor(sheet.shippingPrice - sheet.shippingLeft),
    shippingTax: sheet.shippingTax,
    shippingTaxIncluded: sheet.shippingTaxIncluded,
    taxTotal: minor(taxTotal),
    includedTaxTotal: minor(includedTaxTotal),
    total: minor(itemsTotal - discountTotal + sheet.shippingLeft + taxTotal),
    couponsUsed: sheet.couponsUsed,
    limits: sheet.limits
  }
}

/**
 * Recognises the plain form that nearly every order has, at a fraction of what decoding it costs.
 * It is stricter than the interface's own description: whatever it does not recognise may still be
 * an order, and is decoded.
 */
import { Currency } from "@doorbuster/core/money/Currency"
import * as Schema from "effect/Schema"

type Check = (value: unknown) => boolean

const matches = (pattern: RegExp): Check => {
  return (value) => typeof value === "string" && pattern.test(value)
}

/** One by one in UTF-16, so that no text is taken for shorter than it is. */
const isText = (maximum: number): Check => {
  const printable = matches(/^[^\p{Cc}\p{Cs}]+$/u)
  return (value) => printable(value) && (value as string).length <= maximum
}

const isCurrency = Schema.is(Currency)
/** There are no more of them than there are currencies. */
const currencies = new Set<unknown>()
const isKnownCurrency: Check = (value) => {
  if (currencies.has(value)) return true
  if (!isCurrency(value)) return false
  currencies.add(value)
  return true
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** Every field is one of these, and as it should be. */
const hasOnly = (value: unknown, checks: ReadonlyMap<string, Check>): boolean => {
  if (!isObject(value)) return false
  for (const name of Object.keys(value)) {
    if (checks.get(name)?.(value[name]) !== true) return false
  }
  return true
}

const wholeMax = 999_999
const isWhole: Check = (value) => Number.isInteger(value) && Math.abs(value as number) <= wholeMax

const isSku = matches(/^(?!coupon:|limit:)[!-~]{1,64}$/)

const lineFields = new Map<string, Check>([
  ["sku", isSku],
  ["quantity", (value) => isWhole(value) && (value as number) > 0]
])

const addressFields = new Map<string, Check>([
  ...["name", "line1", "line2", "city", "region"].map((name) => [name, isText(200)] as const),
  ["postal_code", isText(40)],
  ["phone", isText(40)],
  ["country", isText(100)],
  ["email", isText(320)]
])

const linesMax = 100

const orderFields = new Map<string, Check>([
  ["currency", isKnownCurrency],
  [
    "lines",
    (lines) =>
      Array.isArray(lines) &&
      lines.length > 0 &&
      lines.length <= linesMax &&
      lines.every((line) => hasOnly(line, lineFields) && "sku" in line && "quantity" in line)
  ],
  ["ship_to", (address) => hasOnly(address, addressFields) && "country" in (address as object)],
  ["expected_total", (total) => isWhole(total) && (total as number) >= 0],
  ["shipping_method", matches(/^[!-~]{1,64}$/)],
  ["external_ref", matches(/^[!-~]{1,128}$/)]
])

/** True only for what the interface takes as a guest's order with lines. */
export const isPlainOrder = (body: unknown): boolean =>
  hasOnly(body, orderFields) && "currency" in (body as object) && "lines" in (body as object)

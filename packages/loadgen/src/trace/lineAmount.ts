import type { Currency } from "@doorbuster/core/money/Currency"
import {
  type Decimal,
  decimalTimes,
  parseDecimal,
  type Rounded,
  toMinor
} from "@doorbuster/core/money/Decimal"
import type { TraceLine } from "./TraceLine.ts"

/** The currency of the shop whose trace is replayed. */
export const traceCurrency = "GBP" as Currency

/** What the line is worth, unsigned: units times price, rounded once, half up. */
export const lineAmount = ({ qty, unitPrice }: TraceLine): Rounded => {
  const price: Decimal = parseDecimal(unitPrice)
  return toMinor(decimalTimes(price, BigInt(Math.abs(qty))), traceCurrency, "half_up")
}

/** The same with its sign. */
export const signedAmount = (line: TraceLine): bigint =>
  line.qty < 0 ? -lineAmount(line).amount : lineAmount(line).amount

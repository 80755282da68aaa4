/**
 * Exact decimals for what is not a whole number of minor units: recorded prices such as
 * "0.001", percentages such as "12.5", and the rests that rounding leaves behind.
 */
import * as Schema from "effect/Schema"
import type { Currency } from "./Currency.ts"
import { minorUnits } from "./Currency.ts"
import type { Minor } from "./Minor.ts"
import { minor } from "./Minor.ts"
import type { Rounding } from "./Rounding.ts"
import { divide } from "./Rounding.ts"

/** Plain decimal notation, at most 18 digits on either side; no exponent, no sign but minus. */
export const DecimalString = Schema.String.check(
  Schema.isPattern(/^-?\d{1,18}(\.\d{1,18})?$/, {
    expected: 'a decimal number in plain notation, such as "2.55"'
  })
).pipe(Schema.brand("DecimalString"))
export type DecimalString = typeof DecimalString.Type

/** The number `digits / 10^scale`. */
export interface Decimal {
  readonly digits: bigint
  readonly scale: number
}

export const decimalZero: Decimal = { digits: 0n, scale: 0 }

const powers = Array.from({ length: 64 }, (_, exponent) => 10n ** BigInt(exponent))
const powerOfTen = (exponent: number): bigint => powers[exponent] ?? 10n ** BigInt(exponent)

/** Reads a checked decimal string. For unchecked text decode `DecimalString` first. */
export const parseDecimal = (text: DecimalString): Decimal => {
  const point = text.indexOf(".")
  if (point < 0) return { digits: BigInt(text), scale: 0 }
  return {
    digits: BigInt(text.slice(0, point) + text.slice(point + 1)),
    scale: text.length - point - 1
  }
}

/** Plain notation without trailing zeros: "0.1", "-2.55", "3". */
export const formatDecimal = ({ digits, scale }: Decimal): string => {
  const text = (digits < 0n ? -digits : digits).toString().padStart(scale + 1, "0")
  const whole = text.slice(0, text.length - scale)
  const fraction = text.slice(text.length - scale).replace(/0+$/, "")
  return (digits < 0n ? "-" : "") + (fraction === "" ? whole : `${whole}.${fraction}`)
}

export const decimalTimes = ({ digits, scale }: Decimal, quantity: bigint): Decimal => ({
  digits: digits * quantity,
  scale
})

export const decimalPlus = (left: Decimal, right: Decimal): Decimal => {
  const scale = Math.max(left.scale, right.scale)
  return {
    digits:
      left.digits * powerOfTen(scale - left.scale) + right.digits * powerOfTen(scale - right.scale),
    scale
  }
}

/** A whole amount, and what rounding took from it: exactly `amount + rest`. */
export interface Rounded {
  readonly amount: Minor
  readonly rest: Decimal
}

/** A price in major units as minor units, still exact: 0.001 GBP is 0.1 penny. */
export const decimalInMinorUnits = (price: Decimal, units: number): Decimal =>
  decimalTimes(price, powerOfTen(units))

/** Rounds minor units to a whole number of them. */
export const roundDecimal = (value: Decimal, rounding: Rounding): Rounded => {
  const unit = powerOfTen(value.scale)
  const amount = divide(value.digits, unit, rounding)
  const rest = { digits: value.digits - amount * unit, scale: value.scale }
  return { amount: minor(amount), rest }
}

/**
 * Rounds an amount in major units to minor units. `rest` is what rounding took, in minor
 * units and exact, so rounding differences can be summed exactly.
 */
export const toMinor = (decimal: Decimal, currency: Currency, rounding: Rounding): Rounded =>
  roundDecimal(decimalInMinorUnits(decimal, minorUnits(currency)), rounding)

/** `percent` of an amount: 12.5 % of 1000 is 125. */
export const percentOf = (amount: bigint, percent: Decimal, rounding: Rounding): Minor =>
  minor(divide(amount * percent.digits, 100n * powerOfTen(percent.scale), rounding))

/** The part of a gross amount that is `percent` tax: 19 % contained in 119 is 19. */
export const percentContained = (gross: bigint, percent: Decimal, rounding: Rounding): Minor =>
  minor(divide(gross * percent.digits, 100n * powerOfTen(percent.scale) + percent.digits, rounding))

import { type Currency, minorUnits } from "@doorbuster/core/money/Currency"

const grouped = (digits: string): string => digits.replaceAll(/\B(?=(\d{3})+$)/g, ",")

/** Whole numbers with groups of three: 12,345. */
export const formatCount = (count: number | bigint): string => {
  const text = String(count)
  return text.startsWith("-") ? `-${grouped(text.slice(1))}` : grouped(text)
}

/** Minor units as the currency writes them: 123456 is 1,234.56 in EUR and 123,456 in JPY. */
export const formatAmount = (amount: bigint, currency: Currency): string => {
  const units = minorUnits(currency)
  const digits = String(amount < 0n ? -amount : amount).padStart(units + 1, "0")
  const whole = grouped(digits.slice(0, digits.length - units))
  const fraction = units === 0 ? "" : `.${digits.slice(digits.length - units)}`
  return `${amount < 0n ? "-" : ""}${whole}${fraction}`
}

/** With its currency behind it: 1,234.56 EUR. */
export const formatMoney = (amount: bigint, currency: Currency): string =>
  `${formatAmount(amount, currency)} ${currency}`

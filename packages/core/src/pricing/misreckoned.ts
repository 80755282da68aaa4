/**
 * The arithmetic of a trace's steps by other means than those that made it: who prices an order
 * must not be the only judge of the price. It knows the rules (halves up, parts sum to the whole)
 * and shares no code with the pricing.
 */
import type { TraceStep } from "./Quote.ts"

type Step<Rule extends TraceStep["rule"]> = Extract<TraceStep, { readonly rule: Rule }>

/** `numerator / denominator` to the nearest whole, halves up; neither is negative. */
const nearest = (numerator: bigint, denominator: bigint): bigint =>
  (2n * numerator + denominator) / (2n * denominator)

/** A percentage as a fraction. */
const fractionOf = (percent: string): readonly [numerator: bigint, denominator: bigint] => {
  const [whole = "0", decimals = ""] = percent.split(".")
  return [BigInt(whole + decimals), 100n * 10n ** BigInt(decimals.length)]
}

const partOf = (amount: bigint, percent: string): bigint => {
  const [numerator, denominator] = fractionOf(percent)
  return nearest(amount * numerator, denominator)
}

/** The tax that an amount contains. */
const containedIn = (amount: bigint, percent: string): bigint => {
  const [numerator, denominator] = fractionOf(percent)
  return nearest(amount * numerator, denominator + numerator)
}

const taxOf = (amount: bigint, { mode, percent }: Step<"shipping_tax">["input"]): bigint =>
  mode === "inclusive" ? containedIn(amount, percent) : partOf(amount, percent)

/**
 * What a promotion takes off an order as a whole, for its lines to bear together. Undefined for
 * other kinds, and where a floor may have kept something back.
 */
const wholeOf = ({ before, input }: Step<"promotion">): bigint | undefined => {
  if (input.floors !== undefined) return undefined
  if (input.type === "order_percent") return partOf(before, input.percent)
  if (input.type !== "order_fixed") return undefined
  return input.amount < before ? input.amount : before
}

const differing = (label: string, is: bigint, due: bigint | undefined): ReadonlyArray<string> =>
  due === undefined || is === due ? [] : [`${label}: ${is}, where ${due} is right`]

/** What is wrong with the figures of a step, one problem each. */
export const misreckoned = (step: TraceStep): ReadonlyArray<string> => {
  switch (step.rule) {
    case "unit_price": {
      const { quantities, unitPrices } = step.input
      return step.output.flatMap((subtotal, i) =>
        differing(`subtotal ${i}`, subtotal, (unitPrices[i] ?? 0n) * BigInt(quantities[i] ?? 0))
      )
    }
    case "promotion": {
      const allocated = step.output.reduce((sum, part) => sum + part, 0n)
      return differing("allocated", allocated, wholeOf(step))
    }
    case "tax":
      return step.output.flatMap((tax, i) =>
        differing(`tax ${i}`, tax, taxOf(step.before[i] ?? 0n, step.input))
      )
    case "shipping_tax":
      return differing("tax", step.output, taxOf(step.before, step.input))
    default:
      return []
  }
}

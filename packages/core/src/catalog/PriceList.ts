import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { Currency } from "../money/Currency.ts"
import { MinorFromNumber } from "../money/Minor.ts"
import { Sku } from "./Sku.ts"

/** Amounts that a catalogue states: never below zero. */
export const PriceAmount = MinorFromNumber.check(
  Schema.makeFilter((amount: bigint) => amount >= 0n, { expected: "an amount of zero or more" })
)

/**
 * One price of one SKU during `[validFrom, validTo)`, in epoch milliseconds; null is unbounded.
 * Its key is (sku, currency, kind, validFrom): saving it again replaces it.
 */
export const Price = Schema.Struct({
  sku: Sku,
  currency: Currency,
  /** Per unit, in minor units. */
  amount: PriceAmount,
  validFrom: Schema.NullOr(Schema.Int),
  validTo: Schema.NullOr(Schema.Int),
  /** A flash price wins over every regular price while its window is open. */
  kind: Schema.Literals(["regular", "flash"]),
  /** No promotion takes the unit price below this. */
  minUnitPrice: Schema.optionalKey(PriceAmount)
})
export type Price = typeof Price.Type

/** Why no single price could be named: there is none, or two equally good ones differ. */
export type PriceGap = "none" | "ambiguous"

const isOpen = (price: Price, atMs: number): boolean =>
  (price.validFrom === null || price.validFrom <= atMs) &&
  (price.validTo === null || atMs < price.validTo)

const startOf = (price: Price): number => price.validFrom ?? Number.NEGATIVE_INFINITY

/** Positive when `left` is the better price: flash before regular, then the later start. */
const compare = (left: Price, right: Price): number => {
  if (left.kind !== right.kind) return left.kind === "flash" ? 1 : -1
  const from = startOf(left)
  const other = startOf(right)
  return from === other ? 0 : from > other ? 1 : -1
}

/**
 * The price in force at a moment, out of the prices of one SKU. Two different prices of one
 * kind with the same start are never chosen between silently: the answer is "ambiguous".
 */
export const priceAt = (
  prices: ReadonlyArray<Price>,
  currency: Currency,
  atMs: number
): Result.Result<Price, PriceGap> => {
  let best: Price | undefined
  let ambiguous = false
  for (const price of prices) {
    if (price.currency !== currency || !isOpen(price, atMs)) continue
    const order = best === undefined ? 1 : compare(price, best)
    if (order > 0) {
      best = price
      ambiguous = false
    } else if (order === 0) {
      ambiguous ||= price.amount !== best?.amount || price.minUnitPrice !== best?.minUnitPrice
    }
  }
  if (best === undefined) return Result.fail("none")
  return ambiguous ? Result.fail("ambiguous") : Result.succeed(best)
}

import { Quote, QuoteFromJson, quoteFromText, quoteToText } from "@doorbuster/core/pricing/Quote"
import { verifyQuote } from "@doorbuster/core/pricing/verifyQuote"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import fc from "fast-check"
import { assert, describe, test } from "vitest"
import { buyerOrder, order } from "./anyOrder.ts"
import { code, entry, promotion, quoted, request } from "./orders.ts"

type Path = ReadonlyArray<string>

/** Every place in a value that holds a number or an amount. */
const numbersIn = (value: unknown, path: Path = []): ReadonlyArray<Path> => {
  if (typeof value === "number" || typeof value === "bigint") return [path]
  if (typeof value !== "object" || value === null) return []
  return Object.entries(value).flatMap(([key, each]) => numbersIn(each, [...path, key]))
}

/** The same value with one number changed. */
const changed = (value: unknown, [key, ...rest]: Path, by: number): unknown => {
  if (key === undefined) {
    return typeof value === "bigint" ? value + BigInt(by) : Number(value) + by
  }
  const copy: Record<string, unknown> | Array<unknown> = Array.isArray(value)
    ? [...value]
    : { ...(value as Record<string, unknown>) }
  Reflect.set(copy, key, changed(Reflect.get(copy, key), rest, by))
  return copy
}

/**
 * Parameters of a promotion, not figures: an offer of 10 off a line of 5 gives the same quote
 * as an offer of 11. They are held only to what they lead to, and so are the choice of a
 * line on which the tax is nothing, and the number of decimals of a price of nothing.
 */
const isParameter = (quote: Quote, [first, index, ...rest]: Path): boolean => {
  if (first !== "trace" || rest[0] !== "input") return false
  const step = quote.trace[Number(index)]
  if (step?.rule === "tax") return rest[1] === "lines" && step.output[Number(rest[2])] === 0n
  if (step?.rule === "price_override") {
    return rest[1] === "minorUnits" && step.output.every((worth) => worth === 0n)
  }
  return step?.rule === "promotion" || step?.rule === "shipping_promotion"
}

describe("every quote", () => {
  test("proves itself, never falls below zero, and discounts no line below nothing", () => {
    fc.assert(
      fc.property(order, (input) => {
        const quote = quoted(input)
        assert.isTrue(quote.total >= 0n && quote.shippingTotal >= 0n)
        for (const line of quote.lines) {
          assert.isTrue(line.discount >= 0n && line.discount <= line.subtotal)
        }
      }),
      { numRuns: 500 }
    )
  })

  test("keeps each unit at or above its floor", () => {
    fc.assert(
      fc.property(buyerOrder, (input) => {
        for (const line of quoted(input).lines) {
          const floor = input.catalog.get(line.sku)?.prices[0]?.minUnitPrice ?? 0n
          const lowest = floor < line.unitPrice ? floor : line.unitPrice
          assert.isTrue(line.subtotal - line.discount >= lowest * BigInt(line.quantity))
        }
      })
    )
  })

  test("is found out when any one of its figures is changed", () => {
    fc.assert(
      fc.property(order, fc.constantFrom(1, -1, 100), (input, by) => {
        const quote = quoted(input)
        for (const path of numbersIn(quote)) {
          if (isParameter(quote, path)) continue
          const forged = changed(quote, path, by) as Quote
          assert.isNotEmpty(verifyQuote(forged), `${path.join(".")} changed by ${by}`)
        }
      }),
      { numRuns: 60 }
    )
  })

  test("survives the way to storage and over the wire", async () => {
    const wire = Schema.toCodecJson(QuoteFromJson)
    await fc.assert(
      fc.asyncProperty(order, async (input) => {
        const quote = quoted(input)
        const text = quoteToText(quote)
        assert.deepStrictEqual(JSON.parse(text), Schema.encodeSync(Quote)(quote))
        assert.deepStrictEqual(await Effect.runPromise(quoteFromText(text)), quote)
        const sent: unknown = JSON.parse(JSON.stringify(Schema.encodeSync(wire)(quote)))
        assert.deepStrictEqual(Schema.decodeUnknownSync(wire)(sent), quote)
      }),
      { numRuns: 50 }
    )
  })
})

test("coupon limits and purchase limits are among the figures that are proved", () => {
  const coupon = { code: "X", maxUses: 5, maxUsesPerAccount: 1 }
  const quote = quoted(
    request(
      [entry("A", 100, { purchaseLimit: 2 })],
      [["A", 1]],
      [promotion({ type: "order_percent", percent: "10", coupon })],
      { coupons: [code("X")] }
    )
  )
  const paths = numbersIn(quote).filter(([first]) => first === "limits" || first === "couponsUsed")
  assert.strictEqual(paths.length, 3)
  for (const path of paths) assert.isNotEmpty(verifyQuote(changed(quote, path, 1) as Quote))
})

test("a trace that cannot be computed is a finding, not a crash", () => {
  const quote = quoted(
    request([entry("A", 100)], [["A", 1]], [promotion({ type: "item_percent", percent: "10" })])
  )
  const [prices, ...rest] = quote.trace
  assert(prices?.rule === "unit_price")
  const broken: ReadonlyArray<Quote["trace"]> = [
    rest,
    [],
    [{ ...prices, input: { ...prices.input, quantities: [0] } }, ...rest],
    [{ ...prices, input: { ...prices.input, quantities: [] } }, ...rest],
    [{ ...prices, input: { ...prices.input, lines: [2 ** 40] } }, ...rest],
    [{ ...prices, input: { ...prices.input, quantities: [0.5] } }, ...rest]
  ]
  for (const trace of broken) assert.isNotEmpty(verifyQuote({ ...quote, trace }))
})

import { readFileSync } from "node:fs"
import { allocate } from "@doorbuster/core/money/allocate"
import { minor } from "@doorbuster/core/money/Minor"
import { assert, describe, test } from "vitest"
import { entry, promotion, quoted, request, taxRate } from "./orders.ts"

interface Case {
  readonly id: string
  readonly lines: ReadonlyArray<{
    readonly unit_price: number
    readonly qty: number
    readonly tax_rate?: string
  }>
  readonly promotions: ReadonlyArray<{
    readonly when?: { readonly items_total_at_least?: number; readonly quantity_at_least?: number }
  }>
  readonly shipping?: { readonly price: number }
  readonly expect: Readonly<Record<string, number | ReadonlyArray<number>>>
}

const file = new URL("../../../../fixtures/promotion-cases/cases.json", import.meta.url)
const published: {
  readonly cases: ReadonlyArray<Case>
  readonly allocations: ReadonlyArray<{
    readonly weights: ReadonlyArray<number>
    readonly total: number
    readonly expect: ReadonlyArray<number>
  }>
} = JSON.parse(readFileSync(file, "utf8"))

const rename = ({
  items_total_at_least,
  quantity_at_least
}: NonNullable<Case["promotions"][number]["when"]>) => ({
  ...(items_total_at_least === undefined ? {} : { itemsTotalAtLeast: items_total_at_least }),
  ...(quantity_at_least === undefined ? {} : { quantityAtLeast: quantity_at_least })
})

const quoteOf = (given: Case) => {
  const entries = given.lines.map(({ unit_price }, index) =>
    entry(`S${index}`, unit_price, { taxCategory: `tax-${index}` })
  )
  const promotions = given.promotions.map(({ when, ...rest }, index) =>
    promotion({ ...rest, id: `p${index}`, ...(when === undefined ? {} : { when: rename(when) }) })
  )
  const input = request(
    entries,
    given.lines.map(({ qty }, index) => [`S${index}`, qty]),
    promotions,
    {
      taxRates: given.lines.flatMap(({ tax_rate }, index) =>
        tax_rate === undefined ? [] : [taxRate({ category: `tax-${index}`, percent: tax_rate })]
      )
    }
  )
  if (given.shipping === undefined) return quoted(input)
  const [parcel] = input.rules.shippingMethods
  assert(parcel !== undefined)
  const amount = minor(BigInt(given.shipping.price))
  return quoted({
    ...input,
    shippingMethod: parcel.id,
    rules: { ...input.rules, shippingMethods: [{ ...parcel, amount }] }
  })
}

describe("published promotion cases", () => {
  for (const given of published.cases) {
    test(`${given.id} comes out as its source states`, () => {
      const quote = quoteOf(given)
      const [line] = quote.lines
      assert(line !== undefined)
      const ours: Record<string, unknown> = {
        discount_total: 0 - Number(quote.discountTotal),
        grand_total: Number(quote.total),
        shipping_total: Number(quote.shippingTotal),
        tax_total: Number(quote.taxTotal),
        unit_price_after: Number(line.subtotal - line.discount) / line.quantity,
        line_discounts: quote.lines.map(({ discount }) => 0 - Number(discount))
      }
      assert.isNotEmpty(given.expect)
      for (const [figure, stated] of Object.entries(given.expect)) {
        assert.property(ours, figure)
        assert.deepEqual(ours[figure], stated, figure)
      }
    })
  }

  for (const { expect, total, weights } of published.allocations) {
    test(`${total} over ${weights.join(", ")} is split as stated`, () => {
      const parts = allocate(minor(BigInt(total)), weights.map(BigInt))
      assert.deepStrictEqual(parts.map(Number), expect)
    })
  }

  test("all of them are here", () => {
    assert.deepStrictEqual([published.cases.length, published.allocations.length], [11, 3])
  })
})

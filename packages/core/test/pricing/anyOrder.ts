import { Quantity } from "@doorbuster/core/catalog/Quantity"
import { minor } from "@doorbuster/core/money/Minor"
import type { QuoteInput } from "@doorbuster/core/pricing/makeQuote"
import { PriceOverride } from "@doorbuster/core/pricing/PriceOverride"
import fc from "fast-check"
import { entry, promotion, request, sku, taxRate } from "./orders.ts"

/** Orders of every kind, for properties that hold of all of them. */
const skus = ["A", "B", "C", "D"] as const
const categories = ["toys", "small"] as const

const percent = fc.integer({ min: 0, max: 100_000 }).map((n) => String(n / 1000))
const amount = fc.oneof(fc.integer({ min: 0, max: 3000 }), fc.integer({ min: 0, max: 10 ** 9 }))
const count = fc.integer({ min: 1, max: 4 })
const target = fc.oneof(
  fc.constant("all"),
  fc.record({ skus: fc.subarray([...skus], { minLength: 1 }) }),
  fc.record({ categories: fc.subarray([...categories], { minLength: 1 }) })
)

const kind = fc.oneof(
  fc.record({
    type: fc.constantFrom("order_percent", "item_percent", "shipping_percent"),
    percent
  }),
  fc.record({
    type: fc.constantFrom("order_fixed", "item_fixed", "line_fixed", "shipping_fixed"),
    amount
  }),
  fc.record({
    type: fc.constant("order_tiers"),
    tiers: fc.array(
      fc.record({
        itemsTotalAtLeast: amount,
        off: fc.oneof(fc.record({ percent }), fc.record({ amount }))
      }),
      { minLength: 1, maxLength: 3 }
    )
  }),
  fc.record({
    type: fc.constant("buy_get"),
    buyQuantity: count,
    get: fc.record({ quantity: count, on: target, percent })
  })
)

const promotions = fc
  .array(
    fc.tuple(
      kind,
      fc.record({
        priority: fc.integer({ min: 0, max: 3 }),
        exclusive: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
        stackable: fc.integer({ min: 0, max: 3 }).map((n) => n > 0),
        on: target
      }),
      fc.record(
        {
          minUnitPrice: fc.integer({ min: 0, max: 900 }),
          when: fc.record({ quantityAtLeast: count }, { requiredKeys: [] })
        },
        { requiredKeys: [] }
      )
    ),
    { maxLength: 5 }
  )
  .map((list) =>
    list.map((parts, index) => promotion(Object.assign({ id: `p${index}` }, ...parts)))
  )

const products = fc.tuple(
  ...skus.map((each) =>
    fc
      .tuple(
        fc.oneof(fc.integer({ min: 0, max: 5000 }), fc.integer({ min: 0, max: 10 ** 7 })),
        fc.subarray([...categories]),
        fc.option(fc.integer({ min: 0, max: 2000 }), { nil: undefined }),
        fc.constantFrom("standard", "reduced", "none")
      )
      .map(([price, named, floor, taxCategory]) =>
        entry(
          each,
          price,
          { categories: named, taxCategory },
          floor === undefined
            ? {}
            : {
                minUnitPrice: minor(BigInt(floor))
              }
        )
      )
  )
)

const rates = fc
  .tuple(percent, percent, fc.boolean())
  .map(([one, other, inclusive]) => [
    taxRate({ percent: one, mode: inclusive ? "inclusive" : "exclusive" }),
    taxRate({ category: "reduced", percent: other, mode: inclusive ? "exclusive" : "inclusive" })
  ])

const orderLine = fc.tuple(fc.constantFrom(...skus), fc.integer({ min: 1, max: 12 }))

export const buyerOrder: fc.Arbitrary<QuoteInput> = fc
  .record({
    products,
    promotions,
    taxRates: rates,
    lines: fc.array(orderLine, { maxLength: 8 }),
    shippingMethod: fc.constantFrom("parcel", null)
  })
  .map(({ lines, products, promotions, ...rest }) => request(products, lines, promotions, rest))

const staffOrder: fc.Arbitrary<QuoteInput> = fc
  .tuple(
    buyerOrder,
    fc.array(fc.tuple(orderLine, fc.integer({ min: 0, max: 99_999 })), {
      minLength: 1,
      maxLength: 5
    })
  )
  .map(([input, recorded]) => ({
    ...input,
    lines: [
      ...input.lines,
      ...recorded.map(([[each, quantity], thousandths]) => ({
        sku: sku(each),
        quantity: Quantity.make(quantity),
        priceOverride: { unitPrice: PriceOverride.make(String(thousandths / 1000)) }
      }))
    ]
  }))

export const order = fc.oneof(
  { arbitrary: buyerOrder, weight: 4 },
  { arbitrary: staffOrder, weight: 1 }
)

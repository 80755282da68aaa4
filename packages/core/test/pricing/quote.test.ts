import { Quantity } from "@doorbuster/core/catalog/Quantity"
import { Currency } from "@doorbuster/core/money/Currency"
import { minor } from "@doorbuster/core/money/Minor"
import { PriceOverride } from "@doorbuster/core/pricing/PriceOverride"
import { assert, describe, test } from "vitest"
import { discounts, entry, promotion, quoted, refusal, request, sku, taxRate } from "./orders.ts"

const shop = [
  entry("A", 1000),
  entry("B", 301, { taxCategory: "reduced", purchaseLimit: 3 }),
  entry("POST", 500, { kind: "service", taxCategory: "none" })
]

describe("lines", () => {
  test("two lines of one SKU stay two lines, and its limit is named once", () => {
    const quote = quoted(
      request(shop, [
        ["B", 2],
        ["A", 1],
        ["B", 1]
      ])
    )
    const lines = quote.lines.map(({ lineNo, sku, quantity }) => [lineNo, sku, quantity])
    assert.deepStrictEqual(lines, [
      [1, "B", 2],
      [2, "A", 1],
      [3, "B", 1]
    ])
    assert.deepStrictEqual(quote.limits, [{ sku: sku("B"), perAccount: 3 }])
    assert.strictEqual(quote.total, 1903n)
  })

  test("a service is a line like any other, and says so", () => {
    const quote = quoted(
      request(shop, [
        ["A", 1],
        ["POST", 1]
      ])
    )
    assert.deepStrictEqual(
      quote.lines.map(({ kind }) => kind),
      ["stocked", "service"]
    )
    assert.strictEqual(quote.total, 1500n)
  })

  test("a flash price counts from its first moment to the last before its end", () => {
    const [a] = shop
    assert(a !== undefined)
    const flash = { ...a.prices[0], kind: "flash", amount: minor(1n), validFrom: 10, validTo: 20 }
    const sale = [{ ...a, prices: [...a.prices, flash as (typeof a.prices)[number]] }]
    const totals = [9, 10, 19, 20].map(
      (atMs) => quoted(request(sale, [["A", 1]], [], { atMs })).total as bigint
    )
    assert.deepStrictEqual(totals, [1000n, 1n, 1n, 1000n])
  })

  test("a hundred percent off costs nothing, and no less", () => {
    const free = promotion({ type: "order_percent", percent: "100", id: "a" })
    const more = promotion({ type: "item_fixed", amount: 5, id: "b" })
    assert.strictEqual(quoted(request(shop, [["A", 3]], [free, more])).total, 0n)
  })
})

describe("taxes", () => {
  const rates = [
    taxRate({ percent: "20" }),
    taxRate({ category: "reduced", percent: "7.5", mode: "inclusive" })
  ]

  test("an exclusive rate is added, an inclusive one is contained, none is nothing", () => {
    const quote = quoted(
      request(
        shop,
        [
          ["A", 1],
          ["B", 1],
          ["POST", 1]
        ],
        [],
        { taxRates: rates }
      )
    )
    assert.deepStrictEqual(
      quote.lines.map(({ tax }) => tax as bigint),
      [200n, 21n, 0n]
    )
    assert.deepStrictEqual(
      quote.lines.map(({ total }) => total as bigint),
      [1200n, 301n, 500n]
    )
    const { includedTaxTotal, taxTotal, total } = quote
    assert.deepStrictEqual([taxTotal, includedTaxTotal, total].map(Number), [200, 21, 2001])
  })

  test("tax is computed on what the line costs after its discounts", () => {
    const half = promotion({ type: "order_percent", percent: "50" })
    const quote = quoted(request(shop, [["A", 1]], [half], { taxRates: rates }))
    assert.deepStrictEqual([quote.taxTotal, quote.total].map(Number), [100, 600])
  })

  test("shipping is taxed by its own category, after its discount", () => {
    const rest = { taxRates: rates, shippingMethod: "parcel" }
    const half = promotion({ type: "shipping_percent", percent: "50" })
    const quote = quoted(request(shop, [["POST", 1]], [half], rest))
    const { shippingDiscount, shippingTax, shippingTotal, total } = quote
    const figures = [shippingTotal, shippingDiscount, shippingTax, total].map(Number)
    assert.deepStrictEqual(figures, [500, 500, 100, 1100])
  })
})

describe("staff prices", () => {
  const gbp = Currency.make("GBP")
  const recorded = (...lines: ReadonlyArray<readonly [string, number, string]>) => {
    const base = request(shop, [], [promotion({ type: "order_percent", percent: "50" })], {
      currency: gbp,
      taxRates: [taxRate({ percent: "20" })]
    })
    return {
      ...base,
      lines: lines.map(([code, quantity, unitPrice]) => ({
        sku: sku(code),
        quantity: Quantity.make(quantity),
        priceOverride: { unitPrice: PriceOverride.make(unitPrice) }
      }))
    }
  }

  test("a recorded price is rounded once per line, and the difference is exact", () => {
    const quote = quoted(recorded(["A", 3, "2.55"], ["A", 15, "0.001"], ["B", 1, "0.001"]))
    assert.deepStrictEqual(
      quote.lines.map(({ subtotal }) => Number(subtotal)),
      [765, 2, 0]
    )
    assert.deepStrictEqual(
      quote.lines.map(({ unitPrice }) => Number(unitPrice)),
      [255, 0, 0]
    )
    const [step] = quote.trace
    assert(step?.rule === "price_override")
    assert.deepStrictEqual(step.exact, ["765", "1.5", "0.1"])
    assert.strictEqual(step.difference, "0.4")
  })

  test("an order with a recorded price gets no promotion, and its line no tax", () => {
    const quote = quoted(recorded(["A", 1, "10"]))
    assert.strictEqual(quote.total, 1000n)
    const mixed = request(shop, [["A", 1]], [promotion({ type: "order_fixed", amount: 1 })])
    const lines = [...mixed.lines, ...recorded(["A", 1, "2"]).lines]
    assert.deepStrictEqual(discounts(quoted({ ...mixed, lines })), [0, 0])
  })

  test("a product that is no longer listed, or has no price, can still have been sold", () => {
    const input = recorded(["X", 2, "0.5"])
    const catalog = new Map([[sku("X"), { ...entry("X", 1, { listed: false }), prices: [] }]])
    assert.strictEqual(quoted({ ...input, catalog }).total, 100n)
  })

  test("a recorded price is a plain decimal of zero or more", () => {
    for (const text of ["-1", "1e3", "", "1.", "1.123456789", "NaN"]) {
      assert.throws(() => PriceOverride.make(text))
    }
  })
})

describe("refusals", () => {
  test("each reason has its own type", () => {
    const huge = [entry("H", Number.MAX_SAFE_INTEGER)]
    const twice = entry("T", 1)
    const cases: ReadonlyArray<[string, ReturnType<typeof request>]> = [
      ["UnknownProduct", request(shop, [["NONE", 1]])],
      ["NotForSale", request([entry("N", 1, { listed: false })], [["N", 1]])],
      ["NoPrice", request(shop, [["A", 1]], [], { currency: Currency.make("EUR") })],
      [
        "NoPrice",
        request([{ ...twice, prices: [...twice.prices, ...entry("T", 2).prices] }], [["T", 1]])
      ],
      ["ShippingUnavailable", request(shop, [["A", 1]], [], { shippingMethod: "balloon" })],
      ["AmountTooLarge", request(huge, [["H", 2]])],
      ["AmountTooLarge", request(huge, [["H", 1]], [], { shippingMethod: "parcel" })],
      ["AmountTooLarge", request(huge, [["H", 1]], [], { taxRates: [taxRate({ percent: "1" })] })]
    ]
    for (const [tag, input] of cases) {
      const error = refusal(input)
      assert.strictEqual(error._tag, tag)
      assert.isNotEmpty(error.message)
    }
    assert.strictEqual(quoted(request(huge, [["H", 1]])).total, BigInt(Number.MAX_SAFE_INTEGER))
  })
})

test("the trace of a long plain order is a handful of steps", () => {
  const lines = Array.from({ length: 705 }, () => ["A", 2] as const)
  const { trace } = quoted(request(shop, lines, [], { taxRates: [taxRate({ percent: "20" })] }))
  assert.deepStrictEqual(
    trace.map(({ rule }) => rule),
    ["unit_price", "tax", "total"]
  )
})

import { minor } from "@doorbuster/core/money/Minor"
import { assert, describe, test } from "vitest"
import { code, discounts, entry, off, promotion, quoted, refusal, request, shop } from "./orders.ts"

describe("floors", () => {
  test("no promotion takes a unit below the product's or its own floor", () => {
    const floored = [entry("F", 1000, {}, { minUnitPrice: minor(1000n) })]
    const half = { type: "item_percent", percent: "50" }
    assert.deepStrictEqual(discounts(quoted(request(floored, [["F", 2]], [promotion(half)]))), [0])
    assert.deepStrictEqual(off([["A", 2]], { ...half, minUnitPrice: 900 }), [200])
    const two = [
      { ...half, minUnitPrice: 700 },
      { ...half, minUnitPrice: 600 }
    ]
    assert.deepStrictEqual(off([["A", 2]], ...two), [800])
  })

  test("an amount that a floor keeps from one line is taken from others, percent is not", () => {
    const floor = { minUnitPrice: 90 }
    const lines = [
      ["A", 1],
      ["C", 1]
    ] as const
    const fixed = { type: "order_fixed", amount: 500, ...floor }
    assert.deepStrictEqual(off(lines, fixed), [491, 9])
    const percent = { type: "order_percent", percent: "50", ...floor }
    assert.deepStrictEqual(off(lines, percent), [500, 9])
    assert.deepStrictEqual(off(lines, { ...fixed, amount: 5000 }), [910, 9])
  })
})

describe("priority, stacking, exclusivity", () => {
  const half = { type: "order_percent", percent: "50" }
  const hundred = { type: "order_fixed", amount: 100 }

  test("the higher priority is applied first, equal ones by id", () => {
    assert.deepStrictEqual(off([["A", 1]], { ...half, priority: 1 }, hundred), [600])
    assert.deepStrictEqual(off([["A", 1]], half, { ...hundred, priority: 1 }), [550])
    assert.deepStrictEqual(off([["A", 1]], { ...half, id: "z" }, { ...hundred, id: "a" }), [550])
  })

  test("an exclusive promotion stands alone, or not at all", () => {
    const alone = { ...half, exclusive: true }
    assert.deepStrictEqual(off([["A", 1]], { ...alone, priority: 1 }, hundred), [500])
    assert.deepStrictEqual(off([["A", 1]], alone, { ...hundred, priority: 1 }), [100])
    const idle = { ...alone, priority: 1, when: { quantityAtLeast: 5 } }
    assert.deepStrictEqual(off([["A", 1]], idle, hundred), [100])
  })

  test("a promotion that does not stack shares no line with another", () => {
    const onA = { ...hundred, on: { skus: ["A"] }, priority: 1 }
    const lines = [
      ["A", 1],
      ["B", 1]
    ] as const
    assert.deepStrictEqual(off(lines, onA, { ...half, stackable: false }), [100, 151])
    assert.deepStrictEqual(off(lines, { ...onA, stackable: false }, half), [100, 151])
    assert.deepStrictEqual(off(lines, onA, half), [550, 151])
  })

  test("shipping is lowered by its own promotions, to zero at most", () => {
    const ship = (...fields: Array<object>) =>
      quoted(
        request(
          shop,
          [["A", 1]],
          fields.map((each, index) => promotion({ id: `p${index}`, ...each })),
          { shippingMethod: "parcel" }
        )
      ).shippingTotal
    assert.strictEqual(ship({ type: "shipping_fixed", amount: 300 }), 700n)
    assert.strictEqual(ship({ type: "shipping_fixed", amount: 3000 }), 0n)
    const percent = { type: "shipping_percent", percent: "20" }
    assert.strictEqual(ship(percent, { type: "shipping_fixed", amount: 300 }), 500n)
    const alone = { ...percent, stackable: false }
    assert.strictEqual(ship(alone, { type: "shipping_fixed", amount: 300 }), 800n)
    assert.strictEqual(ship({ type: "shipping_fixed", amount: 300, priority: 1 }, alone), 700n)
  })
})

describe("coupons", () => {
  const fields = {
    id: "ten",
    type: "order_percent",
    percent: "10",
    coupon: { code: "TEN", maxUses: 100, maxUsesPerAccount: 1 }
  }
  const coupon = promotion(fields)
  const buy = (promotions: ReadonlyArray<typeof coupon>, rest: object = {}) =>
    request(shop, [["A", 1]], promotions, { coupons: [code("TEN")], ...rest })

  test("the discount comes only with the code, and the quote names what to reserve", () => {
    assert.deepStrictEqual(discounts(quoted(buy([coupon], { coupons: [] }))), [0])
    const quote = quoted(buy([coupon], { coupons: [code("TEN"), code("TEN")] }))
    assert.deepStrictEqual(discounts(quote), [100])
    assert.deepStrictEqual(quote.couponsUsed, [
      { code: code("TEN"), promotionId: "ten", maxUses: 100, maxUsesPerAccount: 1 }
    ])
  })

  test("a code that cannot be honoured is refused with its reason, never ignored", () => {
    const better = promotion({
      type: "order_percent",
      percent: "20",
      exclusive: true,
      priority: 1
    })
    const refused = [
      buy([]),
      buy([{ ...coupon, validTo: 1_000 }]),
      buy([promotion({ ...fields, currency: "EUR" })]),
      buy([coupon], { couponUses: new Map([[code("TEN"), 1]]) }),
      buy([coupon, better])
    ].map((input) => {
      const error = refusal(input)
      assert.strictEqual(error._tag, "CouponInvalid")
      return error._tag === "CouponInvalid" ? error.reason : error._tag
    })
    assert.deepStrictEqual(refused, [
      "unknown",
      "not_valid_now",
      "other_currency",
      "used_up",
      "no_effect"
    ])
    assert.strictEqual(refusal(buy([], { coupons: [code("ten")] }))._tag, "CouponInvalid")
  })
})

test("a promotion that states an amount must name its currency", () => {
  const amounts = [
    { type: "order_fixed", amount: 1 },
    { type: "order_percent", percent: "1", minUnitPrice: 1 },
    { type: "order_percent", percent: "1", when: { itemsTotalAtLeast: 1 } }
  ]
  for (const fields of amounts) {
    assert.throws(() => promotion({ ...fields, currency: undefined }))
    promotion(fields)
  }
})

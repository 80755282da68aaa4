import { minor } from "@doorbuster/core/money/Minor"
import { assert, describe, test } from "vitest"
import { code, discounts, entry, promotion, quoted, refusal, request } from "./orders.ts"

const shop = [
  entry("A", 1000, { categories: ["toys"] }),
  entry("B", 301, { categories: ["toys", "small"] }),
  entry("C", 99)
]

const off = (lines: ReadonlyArray<readonly [string, number]>, ...fields: Array<object>) =>
  discounts(
    quoted(
      request(
        shop,
        lines,
        fields.map((each, index) => promotion({ id: `p${index}`, ...each }))
      )
    )
  )

describe("kinds of promotion", () => {
  test("percent off the order is rounded once and spread without losing a cent", () => {
    assert.deepStrictEqual(
      off(
        [
          ["A", 1],
          ["B", 1],
          ["C", 1]
        ],
        {
          type: "order_percent",
          percent: "33.3"
        }
      ),
      [333, 100, 33]
    )
  })

  test("percent off each unit is rounded per unit", () => {
    assert.deepStrictEqual(off([["B", 3]], { type: "item_percent", percent: "50" }), [453])
    assert.deepStrictEqual(off([["B", 3]], { type: "order_percent", percent: "50" }), [452])
  })

  test("an amount off each unit never goes below zero", () => {
    const fields = { type: "item_fixed", amount: 150 }
    assert.deepStrictEqual(
      off(
        [
          ["A", 2],
          ["C", 2]
        ],
        fields
      ),
      [300, 198]
    )
  })

  test("an amount off each line is taken once per line", () => {
    const fields = { type: "line_fixed", amount: 150 }
    assert.deepStrictEqual(
      off(
        [
          ["A", 2],
          ["A", 1],
          ["C", 1]
        ],
        fields
      ),
      [150, 150, 99]
    )
  })

  test("spend and save grants the highest tier that is reached, and only that one", () => {
    const fields = {
      type: "order_tiers",
      tiers: [
        { itemsTotalAtLeast: 2000, off: { percent: "10" } },
        { itemsTotalAtLeast: 1000, off: { amount: 50 } },
        { itemsTotalAtLeast: 9000, off: { percent: "90" } }
      ]
    }
    assert.deepStrictEqual(off([["C", 10]], fields), [0])
    assert.deepStrictEqual(off([["A", 1]], fields), [50])
    assert.deepStrictEqual(off([["A", 2]], fields), [200])
  })

  test("targets name SKUs or categories", () => {
    const lines = [
      ["A", 1],
      ["B", 1],
      ["C", 1]
    ] as const
    const half = { type: "item_percent", percent: "50" }
    assert.deepStrictEqual(off(lines, { ...half, on: { skus: ["A", "C"] } }), [500, 0, 50])
    assert.deepStrictEqual(off(lines, { ...half, on: { categories: ["small"] } }), [0, 151, 0])
  })

  test("a promotion stays outside its window, and out of other currencies", () => {
    const half = { type: "order_percent", percent: "50" }
    const windows = [
      [null, 1_000],
      [1_001, null],
      [1_000, 1_001]
    ] as const
    assert.deepStrictEqual(
      windows.map(([validFrom, validTo]) => off([["A", 1]], { ...half, validFrom, validTo })),
      [[0], [0], [500]]
    )
    assert.deepStrictEqual(off([["A", 1]], { ...half, currency: "EUR" }), [0])
  })

  test("conditions count the lines they name, before any discount", () => {
    const half = { type: "order_percent", percent: "50" }
    const when = { skus: ["C"], quantityAtLeast: 2, itemsTotalAtLeast: 198 }
    assert.deepStrictEqual(
      off(
        [
          ["A", 2],
          ["C", 1]
        ],
        { ...half, when }
      ),
      [0, 0]
    )
    assert.deepStrictEqual(
      off(
        [
          ["A", 2],
          ["C", 1],
          ["C", 1]
        ],
        { ...half, when }
      ),
      [1000, 50, 49]
    )
    const first = { ...half, priority: 9 }
    const second = { type: "order_fixed", amount: 100, when: { itemsTotalAtLeast: 1000 } }
    assert.deepStrictEqual(off([["A", 1]], first, second), [600])
  })
})

describe("buy X get Y", () => {
  const offer = (buyQuantity: number, quantity: number, rest: object = {}, percent = "100") => ({
    type: "buy_get",
    buyQuantity,
    get: { quantity, on: "all", percent },
    ...rest
  })

  test("within one SKU every full group gives its units, and a started one what is over", () => {
    const given = [1, 2, 3, 4, 5, 6].map((quantity) => off([["A", quantity]], offer(2, 1)))
    assert.deepStrictEqual(given.flat(), [0, 0, 1000, 1000, 1000, 2000])
    assert.deepStrictEqual(off([["A", 3]], offer(2, 2)), [1000])
  })

  test("the cheapest units are the ones given, over several lines", () => {
    assert.deepStrictEqual(
      off(
        [
          ["A", 1],
          ["C", 1],
          ["B", 1]
        ],
        offer(2, 1)
      ),
      [0, 99, 0]
    )
    assert.deepStrictEqual(
      off(
        [
          ["C", 1],
          ["C", 5]
        ],
        offer(1, 1, {}, "50")
      ),
      [50, 100]
    )
  })

  test("another SKU is given for the units bought, and repeats up to its limit", () => {
    const gift = (maxTimes?: number) => ({
      type: "buy_get",
      on: { skus: ["A"] },
      buyQuantity: 2,
      get: { quantity: 1, on: { skus: ["C"] }, percent: "100" },
      ...(maxTimes === undefined ? {} : { maxTimes })
    })
    assert.deepStrictEqual(
      off(
        [
          ["A", 5],
          ["C", 9]
        ],
        gift()
      ),
      [0, 198]
    )
    assert.deepStrictEqual(
      off(
        [
          ["A", 5],
          ["C", 9]
        ],
        gift(1)
      ),
      [0, 99]
    )
    assert.deepStrictEqual(
      off(
        [
          ["A", 1],
          ["C", 9]
        ],
        gift()
      ),
      [0, 0]
    )
  })

  test("a large order is counted, not enumerated", () => {
    assert.deepStrictEqual(off([["C", 1_000_000]], offer(1, 1)), [99 * 500_000])
  })
})

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

  test("an amount that a floor keeps from one line is taken from the others, percent is not", () => {
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

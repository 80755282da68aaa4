import { assert, describe, test } from "vitest"
import { off } from "./orders.ts"

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

/** Whatever the lane takes for an order at a glance is one by the interface's own description. */
import { isPlainOrder } from "@doorbuster/adapters/http/lane/plainOrder"
import { CheckoutBody } from "@doorbuster/adapters/http/wire/CheckoutBody"
import { assert, describe, it } from "@effect/vitest"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import fc from "fast-check"

const decode = Schema.decodeUnknownOption(Schema.toCodecJson(CheckoutBody), {
  onExcessProperty: "error"
})

const odd = fc.constantFrom<unknown>(
  null,
  0,
  -1,
  0.5,
  1_000_001,
  2 ** 53,
  "",
  " ",
  "a\u0000b",
  "\ud800",
  "coupon:X",
  "x".repeat(65),
  "😀".repeat(150),
  [],
  {},
  true
)
/** Nearly always right, so that what is wrong stands alone. */
const mostly = (...right: ReadonlyArray<unknown>) =>
  fc.oneof({ weight: 30, arbitrary: fc.constantFrom(...right) }, odd)

const line = fc.record({
  sku: mostly(
    "LAMP",
    "a",
    "~",
    "x".repeat(64),
    "x".repeat(65),
    "coupon",
    "limit",
    "coupon:X",
    "limit:X"
  ),
  quantity: mostly(1, 2, 3, 999_999, 0, -1, 1_000_001)
})
const text = (maximum: number) =>
  mostly("Malta", "Żebbuġ", "😀", "x".repeat(maximum), "x".repeat(maximum + 1))
const address = fc.record(
  {
    country: text(100),
    name: text(200),
    city: text(200),
    postal_code: text(40),
    email: text(320),
    phone: text(40)
  },
  { requiredKeys: ["country"] }
)
const plain = fc.record(
  {
    currency: mostly("EUR", "JPY", "XAU", "eur", "constructor"),
    lines: fc.oneof({ weight: 30, arbitrary: fc.array(line, { minLength: 1, maxLength: 3 }) }, odd),
    ship_to: fc.oneof({ weight: 30, arbitrary: address }, odd),
    expected_total: mostly(0, 1000, 999_999, -1),
    shipping_method: mostly("post", "x".repeat(64), "x".repeat(65), "two words"),
    external_ref: mostly("INV-1", "x".repeat(128), "x".repeat(129), "two words")
  },
  { requiredKeys: ["currency", "lines"] }
)
/** What a body may have besides, or not at all. */
const others = fc.constantFrom<object>(
  {},
  {},
  {},
  {},
  { coupons: [] },
  { cart_id: "mine" },
  { account: "somebody" },
  { surprise: 1 },
  { lines: [{ sku: "LAMP", quantity: 1, price_override: "1.5" }] },
  { lines: [{ sku: "LAMP" }] },
  { ship_to: { city: "Valletta" } },
  { ship_to: { country: "Malta", planet: "Mars" } },
  { currency: undefined }
)
const body = fc.tuple(plain, others).map(([order, other]) => ({ ...order, ...other }))

const isGuestsOrder = (value: unknown): boolean =>
  Option.exists(decode(value), ({ account, lines = [] }) => {
    const isForStaff = lines.some(({ price_override }) => price_override !== undefined)
    return account === undefined && lines.length > 0 && !isForStaff
  })

describe("a plain order", () => {
  it("is an order, whatever it is made of", () => {
    fc.assert(
      fc.property(body, (value) => {
        const sent = JSON.parse(JSON.stringify(value))
        if (isPlainOrder(sent)) assert.isTrue(isGuestsOrder(sent), JSON.stringify(sent))
      }),
      { numRuns: 5000 }
    )
  })

  it.each([
    [{ currency: "EUR", lines: [{ sku: "LAMP", quantity: 1 }] }],
    [
      {
        currency: "JPY",
        lines: [
          { sku: "LAMP", quantity: 2 },
          { sku: "MUG", quantity: 1 }
        ],
        ship_to: { country: "Malta", city: "Żebbuġ", postal_code: "ZBG 1010" },
        expected_total: 1000,
        shipping_method: "post",
        external_ref: "INV-1"
      }
    ]
  ])("is recognised where it is what nearly every order is: %j", (value) => {
    assert.isTrue(isPlainOrder(value))
  })
})

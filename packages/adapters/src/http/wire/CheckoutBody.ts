import { Category } from "@doorbuster/core/catalog/Product"
import { CouponCode } from "@doorbuster/core/catalog/Promotion"
import { Quantity } from "@doorbuster/core/catalog/Quantity"
import { Sku } from "@doorbuster/core/catalog/Sku"
import { Currency } from "@doorbuster/core/money/Currency"
import { MinorFromNumber } from "@doorbuster/core/money/Minor"
import { AccountId } from "@doorbuster/core/order/OrderId"
import { OrderState } from "@doorbuster/core/order/OrderState"
import { PriceOverride } from "@doorbuster/core/pricing/PriceOverride"
import * as Schema from "effect/Schema"
import { Amount } from "./Amount.ts"
import { Reference, text } from "./Text.ts"
import { Occurred } from "./Timestamp.ts"

const linesMax = 5000
const count = [Schema.isMinLength(1), Schema.isMaxLength(linesMax)] as const

const basket = {
  currency: Currency,
  coupons: Schema.optionalKey(
    Schema.Array(CouponCode).check(Schema.isMaxLength(20), Schema.isUnique())
  ),
  /** The id of a shipping method; left out when nothing is shipped or charged. */
  shipping_method: Schema.optionalKey(Category),
  /** "mine": the caller's own cart. Either this or `lines`. */
  cart_id: Schema.optionalKey(Schema.Literal("mine"))
}

const eitherLinesOrCart = Schema.makeFilter(
  (body: { readonly lines?: unknown; readonly cart_id?: unknown }) =>
    (body.lines === undefined) !== (body.cart_id === undefined),
  { expected: "either lines or cart_id" }
)

export const QuoteBody = Schema.Struct({
  ...basket,
  lines: Schema.optionalKey(
    Schema.Array(Schema.Struct({ sku: Sku, quantity: Quantity })).check(...count)
  )
}).check(eitherLinesOrCart)
export type QuoteBody = typeof QuoteBody.Type

export const Address = Schema.Struct({
  name: Schema.optionalKey(text(200)),
  line1: Schema.optionalKey(text(200)),
  line2: Schema.optionalKey(text(200)),
  city: Schema.optionalKey(text(200)),
  region: Schema.optionalKey(text(200)),
  postal_code: Schema.optionalKey(text(40)),
  country: text(100),
  email: Schema.optionalKey(text(320)),
  phone: Schema.optionalKey(text(40))
})

const CheckoutLine = Schema.Struct({
  sku: Sku,
  quantity: Quantity,
  price_override: Schema.optionalKey(
    PriceOverride.annotate({
      description: "Staff only: the recorded unit price in major units, exactly as it was written"
    })
  ),
  occurred_at: Schema.optionalKey(
    Occurred.annotate({
      description: "Staff only: when it was sold; the order takes the earliest of its lines"
    })
  )
})

export const CheckoutBody = Schema.Struct({
  ...basket,
  lines: Schema.optionalKey(Schema.Array(CheckoutLine).check(...count)),
  ship_to: Schema.optionalKey(Address),
  expected_total: Schema.optionalKey(
    MinorFromNumber.annotate({
      description: "The total that the buyer agreed to, minor units; compared, never used"
    })
  ),
  external_ref: Schema.optionalKey(
    Reference.annotate({
      description: "The merchant's own reference, unique per account for ever"
    })
  ),
  account: Schema.optionalKey(
    AccountId.annotate({ description: "Staff only: whom the order belongs to" })
  )
}).check(eitherLinesOrCart)
export type CheckoutBody = typeof CheckoutBody.Type

/** What the buyer is told as soon as the order exists; payment follows. */
export const Receipt = Schema.Struct({
  order_id: Schema.String,
  state: OrderState,
  currency: Schema.String,
  total: Amount,
  external_ref: Schema.NullOr(Schema.String),
  expires_at: Schema.String
})

import * as Schema from "effect/Schema"
import type { Breakdown } from "../ledger/LedgerPayment.ts"
import type { Minor } from "../money/Minor.ts"
import { AccountId } from "../order/OrderId.ts"
import { Quote } from "../pricing/Quote.ts"
import { Uuid } from "../Uuid.ts"

/**
 * All that a checkout has to know to run from any process: the quote is computed once, and every
 * id that a later step needs is chosen before the first one.
 */
export const CheckoutPlan = Schema.Struct({
  account: AccountId,
  externalRef: Schema.NullOr(Schema.String),
  /** JSON, as it was given. */
  shipTo: Schema.NullOr(Schema.String),
  /** Epoch milliseconds of the business event. */
  occurredAt: Schema.Int,
  /** Epoch milliseconds after which the units are free again, unless the capture was sent. */
  expiresAt: Schema.Int,
  paymentId: Uuid,
  shipmentId: Uuid,
  quote: Quote
})
export type CheckoutPlan = typeof CheckoutPlan.Type

/** The storage form around the quote's own; as with a quote, amounts are decimal strings. */
export const planToText = (plan: CheckoutPlan, quoteText: string): string => {
  const { quote: _, ...rest } = plan
  return `{"quote":${quoteText},${JSON.stringify(rest).slice(1)}`
}

export const planFromText = Schema.decodeUnknownEffect(Schema.fromJsonString(CheckoutPlan))

/** How the total is made up for the ledger; `sales` takes what the other parts leave. */
export const breakdown = (quote: Quote): Breakdown => {
  const includedShippingTax = quote.shippingTaxIncluded ? quote.shippingTax : 0n
  const shipping = quote.shippingTotal - includedShippingTax
  const tax = quote.taxTotal + quote.includedTaxTotal
  const sales = quote.total - tax - shipping + quote.discountTotal
  return {
    sales: sales as Minor,
    discounts: quote.discountTotal,
    shipping: shipping as Minor,
    tax: tax as Minor
  }
}

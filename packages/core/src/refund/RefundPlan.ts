import * as Schema from "effect/Schema"
import { StockKey } from "../inventory/StockKey.ts"
import { MinorFromString } from "../money/Minor.ts"
import { Uuid } from "../Uuid.ts"

/** All that a refund has to know to run from any process. Amounts are decimal strings. */
export const RefundPlan = Schema.Struct({
  /** Null when the order cost nothing: there is only stock to give back. */
  paymentId: Schema.NullOr(Uuid),
  /** Null: whatever is left when the refund is intended. */
  amount: Schema.NullOr(MinorFromString),
  /** `order`: out of the order's payment; `unapplied`: money that belongs to no order. */
  source: Schema.Literals(["order", "unapplied"]),
  restock: Schema.Array(Schema.Struct({ key: StockKey, quantity: Schema.Int })),
  /** Epoch milliseconds of the business event. */
  occurredAt: Schema.Int
})
export type RefundPlan = typeof RefundPlan.Type

const codec = Schema.fromJsonString(RefundPlan)
export const planToText = Schema.encodeSync(codec)
export const planFromText = Schema.decodeUnknownEffect(codec)

import * as Schema from "effect/Schema"
import type { Uuid } from "../Uuid.ts"
import { Uuid as UuidSchema } from "../Uuid.ts"

/**
 * An order and the checkout saga that made it share one id: every attempt at a checkout has a new
 * one, and everything the attempt touched (reservation, payment, entry) is found by it.
 */
export const OrderId = UuidSchema.pipe(Schema.brand("OrderId"))
export type OrderId = typeof OrderId.Type

export const orderId = (uuid: Uuid): OrderId => uuid as OrderId

/** Whoever buys: a registered account or a guest's session. */
export const AccountId = Schema.String.check(Schema.isPattern(/^[!-~]{1,64}$/)).pipe(
  Schema.brand("AccountId")
)
export type AccountId = typeof AccountId.Type

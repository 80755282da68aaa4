import * as Schema from "effect/Schema"
import { Uuid } from "../Uuid.ts"

/** All that a shipment's saga has to know to run from any process. */
export const ShipmentPlan = Schema.Struct({
  shipmentId: Uuid,
  carrier: Schema.NullOr(Schema.String),
  tracking: Schema.NullOr(Schema.String),
  /** Epoch milliseconds of the business event. */
  occurredAt: Schema.Int
})
export type ShipmentPlan = typeof ShipmentPlan.Type

const codec = Schema.fromJsonString(ShipmentPlan)
export const planToText = Schema.encodeSync(codec)
export const planFromText = Schema.decodeUnknownEffect(codec)

import * as Schema from "effect/Schema"
import { CheckoutError } from "../checkout/errors.ts"

/** HTTP status and JSON body, as they are stored under the key. */
const PlacedAnswer = Schema.Struct({
  _tag: Schema.Literal("Placed"),
  status: Schema.Int,
  body: Schema.String
})
export type PlacedAnswer = typeof PlacedAnswer.Type

/** What became of an order that waited: the checkout's own answer. */
export const QueueAnswer = Schema.Union([
  PlacedAnswer,
  /** Nothing was sold to it; the key may be used again. */
  Schema.Struct({ _tag: Schema.Literal("Refused"), error: CheckoutError })
])
export type QueueAnswer = typeof QueueAnswer.Type

const storageForm = Schema.fromJsonString(QueueAnswer)

export const answerToText: (answer: QueueAnswer) => string = Schema.encodeSync(storageForm)
export const answerFromText: (text: string) => QueueAnswer = Schema.decodeSync(storageForm)

import * as Layer from "effect/Layer"
import { Writes } from "./batch/Writes.ts"
import { Checkout } from "./checkout/Checkout.ts"
import { PaymentEvents } from "./checkout/PaymentEvents.ts"
import { Quotes } from "./checkout/Quotes.ts"
import { Fulfillment } from "./fulfillment/Fulfillment.ts"
import { Refunds } from "./refund/Refunds.ts"
import { SagaRunner } from "./saga/SagaRunner.ts"
import * as SagaWorker from "./saga/SagaWorker.ts"

/**
 * The whole write path over its ports (catalogue, inventory, orders, sagas, payments, payment
 * provider). Whoever builds it takes orders; it recovers nobody else's.
 */
export const layer = Layer.mergeAll(Checkout.layer, PaymentEvents.layer, Fulfillment.layer).pipe(
  Layer.provideMerge(Refunds.layer),
  Layer.provideMerge(Layer.mergeAll(Quotes.layer, SagaRunner.layer)),
  Layer.provideMerge(Writes.layer)
)

/** The write path with a worker: its lease is kept, and sagas without an owner are taken over. */
export const layerWorker = SagaWorker.layer.pipe(Layer.provideMerge(layer))

/** The write path with a worker for its own sagas only: somebody else has to take over. */
export const layerOwnWorker = SagaWorker.layerOwn.pipe(Layer.provideMerge(layer))

import { PaymentEvents } from "@doorbuster/core/checkout/PaymentEvents"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Queue from "effect/Queue"
import * as Schedule from "effect/Schedule"
import { SandboxEvents } from "./SandboxProvider.ts"

/**
 * Brings the sandbox's messages to the shop, each after its delay, until the shop has taken it. One
 * about something that did not happen after all is not sent.
 */
export const layer = Layer.effectDiscard(
  Effect.gen(function* () {
    const { cameTrue, queue } = yield* SandboxEvents
    const { receive } = yield* PaymentEvents
    const deliver = Effect.gen(function* () {
      const { afterMs, event } = yield* Queue.take(queue)
      const send = Effect.when(receive(event), cameTrue(event))
      const delivery = Effect.delay(send, afterMs).pipe(
        Effect.retry(Schedule.exponential("100 millis").pipe(Schedule.upTo({ times: 10 }))),
        Effect.ignore
      )
      yield* Effect.forkScoped(delivery)
    })
    yield* Effect.forkScoped(Effect.forever(deliver))
  })
)

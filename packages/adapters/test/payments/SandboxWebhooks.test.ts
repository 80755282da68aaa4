/** The sandbox's messages about payments that are answered late. */
import { delayOf } from "@doorbuster/adapters/payments/SandboxBehavior"
import * as SandboxBookMemory from "@doorbuster/adapters/payments/SandboxBookMemory"
import * as SandboxProvider from "@doorbuster/adapters/payments/SandboxProvider"
import * as SandboxWebhooks from "@doorbuster/adapters/payments/SandboxWebhooks"
import { PaymentEvents } from "@doorbuster/core/checkout/PaymentEvents"
import { Currency } from "@doorbuster/core/money/Currency"
import { minor } from "@doorbuster/core/money/Minor"
import { PaymentProvider, type ProviderEvent } from "@doorbuster/core/payment/PaymentProvider"
import { namedUuid } from "@doorbuster/core/Uuid"
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as TestClock from "effect/testing/TestClock"

const options = { seed: "late", mix: { late: 1 } }
const payment = {
  paymentId: namedUuid("payment"),
  amount: minor(1_000n),
  currency: Currency.make("EUR")
}
const delayMs = delayOf(options, payment.paymentId)

const provider = SandboxProvider.layer(options).pipe(Layer.provide(SandboxBookMemory.layer))

/** A shop that takes every message, and the messages that it took. */
const opened = Effect.gen(function* () {
  const taken: Array<ProviderEvent> = []
  const shop = Layer.succeed(PaymentEvents, {
    receive: (event) => Effect.sync(() => void taken.push(event))
  })
  const stack = SandboxWebhooks.layer.pipe(Layer.provide(shop), Layer.provideMerge(provider))
  const context = yield* Layer.build(Layer.fresh(stack))
  const asked = Effect.gen(function* () {
    const { capture, create } = yield* PaymentProvider
    yield* create(payment)
    assert.deepStrictEqual(yield* capture(payment.paymentId), { _tag: "Pending" })
  })
  yield* Effect.provideContext(asked, context)
  return { context, taken }
})

it.effect("a late payment is announced when its time has come, and not before", () =>
  Effect.gen(function* () {
    const { taken } = yield* opened
    yield* TestClock.adjust(delayMs - 1)
    assert.deepStrictEqual(taken, [])
    yield* TestClock.adjust(1)
    assert.deepStrictEqual(
      taken.map(({ paymentId, type }) => [type, paymentId]),
      [["payment.captured", payment.paymentId]]
    )
  })
)

it.effect("a late payment that is canceled before its time is never announced", () =>
  Effect.gen(function* () {
    const { context, taken } = yield* opened
    yield* TestClock.adjust(delayMs - 1)
    const cancel = PaymentProvider.use(({ cancel }) => cancel(payment))
    assert.deepStrictEqual(yield* Effect.provideContext(cancel, context), { _tag: "Canceled" })
    yield* TestClock.adjust("1 hour")
    assert.deepStrictEqual(taken, [])
  })
)

it.effect("a message that comes too early waits for its payment", () =>
  Effect.gen(function* () {
    const { context } = yield* opened
    const event = { eventId: "early", type: "payment.captured", ...payment } as const
    const asked = SandboxProvider.SandboxEvents.use(({ cameTrue }) => cameTrue(event))
    const waiting = yield* Effect.forkChild(Effect.provideContext(asked, context))
    yield* TestClock.adjust(delayMs - 1)
    assert.isUndefined(waiting.pollUnsafe())
    yield* TestClock.adjust(1)
    assert.isTrue(yield* Fiber.join(waiting))
  })
)

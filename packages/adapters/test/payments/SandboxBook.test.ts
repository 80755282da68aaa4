/** What every book of the sandbox provider promises, whatever it is kept in. */
import {
  SandboxBook,
  type SandboxState,
  type SettlePayment
} from "@doorbuster/adapters/payments/SandboxBook"
import * as SandboxBookMemory from "@doorbuster/adapters/payments/SandboxBookMemory"
import * as SandboxBookPostgres from "@doorbuster/adapters/payments/SandboxBookPostgres"
import { Currency } from "@doorbuster/core/money/Currency"
import { minor } from "@doorbuster/core/money/Minor"
import { namedUuid, type Uuid } from "@doorbuster/core/Uuid"
import { assert, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { databaseLayer } from "../postgres/testDatabase.ts"

type Book = (typeof SandboxBook)["Service"]

const dueMs = Date.UTC(2026, 10, 27)
const beforeMs = dueMs - 1
const amount = minor(1_000n)

const opened = (book: Book, paymentId: Uuid) =>
  book.open([{ paymentId, amount, currency: Currency.make("EUR") }])

const settle = (book: Book, paymentId: Uuid, to: SettlePayment["to"], at: number) => {
  const settlesAt = to === "pending" ? dueMs : null
  return Effect.map(
    book.settle([{ paymentId, to, at, settlesAt, reason: null }]),
    ([payment]) => payment?.state
  )
}

const pending = (book: Book, paymentId: Uuid) =>
  Effect.andThen(opened(book, paymentId), settle(book, paymentId, "pending", dueMs - 1_000))

const cancel = (book: Book, paymentId: Uuid, at: number) => settle(book, paymentId, "canceled", at)

const stateAt = (book: Book, paymentId: Uuid, at: number) =>
  Effect.map(book.find([paymentId], at), ([payment]) => payment?.state)

/** The ways in which somebody gets to know that a payment is captured. */
const tellings: ReadonlyArray<
  readonly [name: string, telling: (book: Book, paymentId: Uuid) => Effect.Effect<boolean, unknown>]
> = [
  [
    "the list of captures",
    (book, paymentId) =>
      Effect.map(book.captured(dueMs), (all) => all.some((p) => p.paymentId === paymentId))
  ],
  [
    "a look at the payment",
    (book, paymentId) =>
      Effect.map(stateAt(book, paymentId, dueMs), (state) => state === "captured")
  ],
  [
    "another asking",
    (book, paymentId) =>
      Effect.map(settle(book, paymentId, "captured", dueMs), (state) => state === "captured")
  ],
  [
    "a refund",
    (book, paymentId) =>
      Effect.map(
        book.refund([{ refundId: paymentId, paymentId, amount, at: dueMs }]),
        ([done]) => done === true
      )
  ]
]

const promises = (kind: string, stores: Layer.Layer<SandboxBook, unknown>) =>
  layer(stores)(`the sandbox's book in ${kind}`, (it) => {
    const paymentOf = (name: string) => namedUuid(`${kind}/${name}`)

    it.effect.each(tellings)("stays by a capture that was told by %s", ([name, telling]) =>
      Effect.gen(function* () {
        const book = yield* SandboxBook
        const paymentId = paymentOf(name)
        yield* pending(book, paymentId)
        assert.isTrue(yield* telling(book, paymentId))
        // It was sent before its time, and comes after somebody else was told.
        assert.strictEqual(yield* cancel(book, paymentId, beforeMs), "captured")
        assert.strictEqual(yield* stateAt(book, paymentId, beforeMs), "captured")
        const [again] = yield* opened(book, paymentId)
        assert.deepStrictEqual([again?.state, again?.capturedAt], ["captured", dueMs])
      })
    )

    it.effect("gives up a payment that is canceled before its time, for ever", () =>
      Effect.gen(function* () {
        const book = yield* SandboxBook
        const paymentId = paymentOf("given up")
        yield* pending(book, paymentId)
        assert.strictEqual(yield* cancel(book, paymentId, beforeMs), "canceled")
        assert.strictEqual(yield* stateAt(book, paymentId, dueMs), "canceled")
        const captured = yield* book.captured(dueMs)
        assert.isFalse(captured.some((payment) => payment.paymentId === paymentId))
        const [done] = yield* book.refund([{ refundId: paymentId, paymentId, amount, at: dueMs }])
        assert.isFalse(done)
      })
    )

    it.effect("looks up each payment it is asked for, in that order", () =>
      Effect.gen(function* () {
        const book = yield* SandboxBook
        const [early, late] = [paymentOf("early"), paymentOf("late")]
        yield* settle(book, early, "pending", 0)
        yield* pending(book, late)
        yield* opened(book, early)
        const found = yield* book.find([late, paymentOf("unknown"), early, late], dueMs)
        const states = found.map((payment): SandboxState | undefined => payment?.state)
        assert.deepStrictEqual(states, ["captured", undefined, "unconfirmed", "captured"])
      })
    )
  })

promises("memory", SandboxBookMemory.layer)
promises("Postgres", SandboxBookPostgres.layer.pipe(Layer.provide(databaseLayer("sandbox"))))

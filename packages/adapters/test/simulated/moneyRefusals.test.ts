import { captureOf, euro, payment } from "@doorbuster/adapters/contract/payments/fixtures"
import type { Entry } from "@doorbuster/core/ledger/Entry"
import { minor } from "@doorbuster/core/money/Minor"
import { newPayment } from "@doorbuster/core/payment/booking"
import type { Payment } from "@doorbuster/core/payment/Payment"
import type { CreatePayment } from "@doorbuster/core/payment/Payments"
import { assert, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as calls from "./moneyCalls.ts"
import { Sessions, servers } from "./moneySessions.ts"

/** What the server says to a row that breaks a rule of its table. */
const checked = (table: string, constraint: string): string =>
  `23514: new row for relation "${table}" violates check constraint "${constraint}"`
const taken = (constraint: string): string =>
  `23505: duplicate key value violates unique constraint "${constraint}"`

const parts = (request: CreatePayment, change: Partial<CreatePayment["breakdown"]>) => ({
  ...request,
  breakdown: { ...request.breakdown, ...change }
})

const creations: ReadonlyArray<readonly [string, (a: CreatePayment) => CreatePayment]> = [
  ["amount_is_the_sum_of_its_parts", (a) => parts(a, { sales: minor(1001n) })],
  ["amount_is_the_sum_of_its_parts", (a) => ({ ...a, amount: minor(0n) })],
  ["parts_are_not_negative", (a) => parts(a, { discounts: minor(-100n), shipping: minor(-100n) })],
  ["currency_is_a_code", (a) => ({ ...a, currency: "eur" as never })],
  ["epoch_counts_from_one", (a) => ({ ...a, epoch: 0 })]
]

const captured = { state: "captured", captured: minor(1200n), deferred: minor(1000n) } as const

const changes: ReadonlyArray<readonly [string, Partial<Payment>]> = [
  ["applied_is_all_or_nothing", { ...captured, captured: minor(1199n) }],
  ["applied_is_all_or_nothing", { ...captured, state: "created" }],
  ["applied_is_all_or_nothing", { unapplied: minor(1n) }],
  ["deferred_within_net", { ...captured, deferred: minor(1001n) }],
  ["deferred_within_net", { ...captured, deferred: minor(-1n) }],
  ["epoch_counts_from_one", { ...captured, epoch: 0 }],
  ["refunded_within_intended", { ...captured, refunded: minor(1n) }],
  ["order_refunds_within_applied", { refunded: minor(1n) }],
  ["state_is_known", { state: "lost" as never }],
  ["tax_refunds_within_tax", { taxRefunded: minor(201n) }],
  ["unapplied_refunds_within_unapplied", { ...captured, unappliedRefunded: minor(1n) }]
]

const entryOf = (change: Partial<Entry>): Entry => ({
  entryId: "refused",
  kind: "bad_debt",
  currency: euro,
  orderId: null,
  paymentId: null,
  memo: "",
  occurredAt: 0,
  postings: [{ account: "assets:bank", amount: minor(1n) }],
  ...change
})

const entries: ReadonlyArray<readonly [string, ReadonlyArray<Entry>]> = [
  [checked("entries", "currency_is_a_code"), [entryOf({ currency: "e" as never })]],
  [
    checked("postings", "amount_is_not_zero"),
    [entryOf({ postings: [{ account: "assets:bank", amount: minor(0n) }] })]
  ],
  // The second entry is left alone, but its postings are not told from those of the first.
  [taken("postings_pkey"), [entryOf({}), entryOf({})]]
]

const refundId = "00000000-0000-4000-8000-000000000000" as CreatePayment["paymentId"]
const whole = { refundId, amount: 1n, source: "order" }

const intents: ReadonlyArray<readonly [string, Parameters<typeof calls.intend>[1], bigint]> = [
  [checked("refunds", "amount_is_positive"), { ...whole, amount: 0n }, 1n],
  [checked("refunds", "source_is_known"), { ...whole, source: "somebody" }, 1n],
  // The payment is written before the refund is.
  [checked("payments", "intended_within_captured"), { ...whole, amount: 0n }, 1201n]
]

for (const [name, server] of Object.entries(servers)) {
  layer(server, { excludeTestServices: true, timeout: "60 seconds" })(
    `Money that cannot be, on ${name}:`,
    (it) => {
      /** What the last of these statements of one transaction is told. */
      const told = Effect.fnUntraced(function* (...statements: ReadonlyArray<calls.Call>) {
        const { begin } = yield* Sessions
        return yield* Effect.promise(async () => {
          const session = await begin()
          let last: unknown
          for (const statement of statements) {
            last = await (await session.send(...statement)).outcome
          }
          await session.rollback()
          return last
        })
      })

      it.effect("a payment that its parts do not make is not created", () =>
        Effect.gen(function* () {
          const a = yield* payment
          for (const [constraint, change] of creations) {
            const answer = yield* told(calls.create(change(a)))
            assert.strictEqual(answer, checked("payments", constraint))
          }
        })
      )

      it.effect("figures that no payment can have are not booked", () =>
        Effect.gen(function* () {
          const a = yield* payment
          for (const [constraint, change] of changes) {
            const changed = { ...newPayment(a, "created"), ...change }
            const answer = yield* told(calls.create(a), calls.change(changed))
            assert.strictEqual(answer, checked("payments", constraint))
          }
        })
      )

      it.effect("entries that no book can have are not posted", () =>
        Effect.gen(function* () {
          for (const [answer, batch] of entries) {
            assert.strictEqual(yield* told(calls.post(...batch)), answer)
          }
        })
      )

      it.effect("refunds that no payment can have are not intended", () =>
        Effect.gen(function* () {
          const a = yield* payment
          const begun = [calls.create(a), calls.capture(a, captureOf(a))]
          for (const [answer, refund, intended] of intents) {
            const said = yield* told(...begun, calls.intend(a, refund, intended))
            assert.strictEqual(said, answer)
          }
        })
      )

      it.effect("a capture is received once", () =>
        Effect.gen(function* () {
          const a = yield* payment
          const capture = calls.capture(a, captureOf(a))
          const answer = yield* told(calls.create(a), capture, capture)
          assert.strictEqual(answer, taken("postings_pkey"))
        })
      )
    }
  )
}

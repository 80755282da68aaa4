import { type AuditOptions, audit } from "@doorbuster/core/audit/audit"
import { unappliedEntry } from "@doorbuster/core/ledger/templates"
import { Currency } from "@doorbuster/core/money/Currency"
import { minor } from "@doorbuster/core/money/Minor"
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { describe } from "vitest"
import { broken, changed, held, open, pending, stocked, told } from "./brokenBooks.ts"
import * as Healthy from "./healthyBooks.ts"
import { type Given, now, paidOrder } from "./healthyBooks.ts"

const { entry, payment } = paidOrder

/** Every name that a report has. */
const names = [
  "stock.explained",
  "stock.conserved",
  "stock.never_oversold",
  "reservation.lives",
  "order.legal",
  "order.lines_sum",
  "paid.once",
  "captured.owned",
  "paid.goods",
  "refund.bounded",
  "ledger.balanced",
  "ledger.matches_payments",
  "idempotency.one_effect",
  "coupon.within_limit",
  "purchase.within_limit",
  "acknowledged.survives",
  "saga.ends"
]

const run = (given: Given, options: AuditOptions = {}) =>
  audit({ graceMs: 0, captures: [Healthy.capture], acknowledged: [told], ...options }).pipe(
    Effect.provide(Healthy.booksOf(given))
  )

const findings = Effect.fnUntraced(function* (given: Given, options?: AuditOptions) {
  const { invariants } = yield* run(given, options)
  return invariants.flatMap(({ name, violations }) =>
    violations.map(({ key, left, right }) => [name, key, left, right] as const)
  )
})

describe("The audit", () => {
  it.effect("finds nothing in good books, and names all that it looked for", () =>
    Effect.gen(function* () {
      const { invariants, ok } = yield* run({})
      assert.isTrue(ok, JSON.stringify(invariants))
      assert.sameMembers(
        invariants.map(({ name }) => name),
        names
      )
      const empty = yield* run({ stock: [], orders: [] }, { captures: [], acknowledged: [] })
      assert.strictEqual(empty.invariants.length, names.length)
    })
  )

  it("is shown to fail for each of its names", () => {
    const shown = new Set(broken.map(({ finds: [name] }) => name))
    assert.sameMembers([...shown], names)
  })

  it.effect.each(broken)("finds $says", ({ finds, given, options }) =>
    Effect.gen(function* () {
      const all = yield* findings(given, options)
      assert.deepInclude(all, finds)
      assert.isFalse((yield* run(given, options)).ok)
    })
  )

  it.effect("lets units be held for as long as the provider has the capture", () =>
    Effect.gen(function* () {
      const sent = { ...payment, state: "capture_sent" as const, captured: minor(0n) }
      const waiting = { ...sent, deferred: minor(0n) }
      const given = changed({
        ...pending,
        payments: [waiting],
        captures: [],
        reservations: [held],
        sagas: [open]
      })
      const stock = stocked("MUG", { sold: 0, committed: 0, reserved: 2, held: 2 })
      assert.deepStrictEqual(yield* findings({ ...given, ...stock }), [])
    })
  )

  it.effect("calls a saga that is listed as stuck no surprise", () =>
    Effect.gen(function* () {
      const stuck = { ...open, deadlineAt: 9, lastError: "the provider is down" }
      assert.deepStrictEqual(yield* findings(changed({ sagas: [stuck] })), [])
    })
  )

  it.effect("gives a store at work its grace, and none to what one schema says of itself", () =>
    Effect.gen(function* () {
      const early = changed({ reservations: [], sagas: [{ ...open, deadlineAt: now + 1 }] })
      assert.isAbove((yield* findings(early)).length, 0)
      assert.deepStrictEqual(yield* findings(early, { graceMs: 30_000 }), [])
      const short = changed({ sagas: [open], history: [] })
      const [first] = yield* findings(short, { graceMs: 30_000 })
      assert.strictEqual(first?.[0], "order.legal")
    })
  )

  it.effect("allows a store at work to book a capture while its receipts are read", () =>
    Effect.gen(function* () {
      const unknown = unappliedEntry({
        ...Healthy.receipt,
        captureId: "young",
        provider: "sandbox",
        payment: null,
        occurredAt: 1
      })
      assert.strictEqual((yield* findings({ loose: [unknown] })).length, 1)
      assert.deepStrictEqual(yield* findings({ loose: [unknown] }, { graceMs: 30_000 }), [])
      const young = changed({ sagas: [{ ...Healthy.saga, closedAt: now - 1 }], captures: [] })
      assert.isAbove((yield* findings(young)).length, 0)
      assert.deepStrictEqual(yield* findings(young, { graceMs: 30_000 }), [])
    })
  )

  it.effect("adds up no currencies that are not the same", () =>
    Effect.gen(function* () {
      const euro = Currency.make("EUR")
      const foreign = { ...Healthy.capture, captureId: "c2", currency: euro }
      const receipt = { ...foreign, provider: "sandbox", payment, occurredAt: 3 }
      const entries = [entry, unappliedEntry(receipt)]
      const captures = [Healthy.capture, foreign]
      const euros = { ...Healthy.receipt, captureId: "c2", currency: euro, applied: false }
      const given = changed({ entries, captures: [Healthy.receipt, euros] })
      assert.deepStrictEqual(yield* findings(given, { captures }), [])
    })
  )
})

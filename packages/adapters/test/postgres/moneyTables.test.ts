import { captured, created, payment, refOf } from "@doorbuster/adapters/contract/payments/fixtures"
import * as PaymentsPostgres from "@doorbuster/adapters/postgres/PaymentsPostgres"
import { Payments } from "@doorbuster/core/payment/Payments"
import { nextUuid } from "@doorbuster/core/Uuid"
import { assert, layer } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { moneySql, refusalOf } from "./sql.ts"
import { databaseLayer } from "./testDatabase.ts"

const store = PaymentsPostgres.layer.pipe(Layer.provideMerge(databaseLayer("money")))

layer(store, { excludeTestServices: true })("The tables of money", (it) => {
  it.effect("refuse to change or forget a booking", () =>
    Effect.gen(function* () {
      yield* captured
      for (const table of ["entries", "postings", "receipts"]) {
        for (const statement of [
          `delete from money.${table}`,
          `truncate money.${table}`,
          `update money.${table} set ${table === "entries" ? "memo = ''" : "amount = 1"}`
        ]) {
          assert.match(yield* refusalOf(moneySql(statement)), new RegExp(`${table} is append-only`))
        }
      }
    })
  )

  it.effect("refuse figures that no payment can have", () =>
    Effect.gen(function* () {
      const { paymentId } = yield* captured
      for (const [change, constraint] of [
        ["sales = sales + 1", "amount_is_the_sum_of_its_parts"],
        ["intended = captured + 1", "intended_within_captured"],
        ["refunded = 1", "refunded_within_intended"],
        ["captured = captured - 1", "applied_is_all_or_nothing"],
        ["state = 'created'", "applied_is_all_or_nothing"],
        ["deferred = amount", "deferred_within_net"]
      ] as const) {
        const detail = yield* refusalOf(
          moneySql(`update money.payments set ${change} where payment_id = '${paymentId}'`)
        )
        assert.include(detail, constraint)
      }
    })
  )

  it.effect("hold applied money of one payment per order at most", () =>
    Effect.gen(function* () {
      const { orderId, paymentId } = yield* captured
      const twin = yield* nextUuid
      const detail = yield* refusalOf(
        moneySql(`
          insert into money.payments
            (payment_id, order_id, saga_epoch, provider, currency, amount, sales, discounts,
             shipping, tax, state, captured, deferred, created_at, updated_at)
          select '${twin}', '${orderId}', 1, provider, currency, amount, sales, discounts,
            shipping, tax, state, captured, deferred, now(), now()
          from money.payments where payment_id = '${paymentId}'`)
      )
      assert.include(detail, "one_applied_payment_per_order")
    })
  )

  it.effect("give a payment to the highest epoch that has asked for it", () =>
    Effect.gen(function* () {
      const payments = yield* Payments
      const request = yield* created
      yield* payments.create([{ ...request, epoch: 2 }])
      const [sent] = yield* payments.send([refOf(request)])
      assert.strictEqual(sent?._tag, "Superseded")
    })
  )

  it.effect("let no payment be sent that its order's fence did not find", () =>
    Effect.gen(function* () {
      const payments = yield* Payments
      const request = yield* created
      yield* moneySql(`insert into money.fences values ('${request.orderId}', 2)`)
      const [sent] = yield* payments.send([refOf(request)])
      assert.strictEqual(sent?._tag, "Superseded")
    })
  )

  it.effect("let no payment be sent behind a fence that its creation raced", () =>
    Effect.gen(function* () {
      const payments = yield* Payments
      for (let round = 0; round < 40; round++) {
        const request = yield* payment
        const { orderId } = request
        const zombie = Effect.gen(function* () {
          const [made] = yield* payments.create([request])
          return made?._tag === "Created" ? yield* payments.send([refOf(request)]) : []
        })
        yield* Effect.all([payments.fence([{ orderId, epoch: 2 }]), zombie], {
          concurrency: "unbounded"
        })
        const [made] = yield* payments.create([{ ...request, epoch: 2 }])
        const [sent] = yield* payments.send([refOf(request)])
        const [canceled] = yield* payments.cancel([{ ...request, epoch: 2 }])
        assert.deepStrictEqual(
          [made?._tag, sent?._tag, canceled?._tag],
          ["Created", "Superseded", "Canceled"]
        )
      }
    })
  )
})

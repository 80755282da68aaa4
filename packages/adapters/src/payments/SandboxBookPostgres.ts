import type { Currency } from "@doorbuster/core/money/Currency"
import type { Minor } from "@doorbuster/core/money/Minor"
import type { Uuid } from "@doorbuster/core/Uuid"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { nullableArray, textArray } from "../postgres/arrays.ts"
import { MoneyDatabase } from "../postgres/Database.ts"
import {
  amount,
  integer,
  nullable,
  plainArray,
  type Row,
  text,
  timestamp
} from "../postgres/rows.ts"
import { SandboxBook, type SandboxPayment, type SandboxState } from "./SandboxBook.ts"

const columns = `p.payment_id, p.amount::text as amount, p.currency, p.state, p.reason,
  p.settles_at, p.captured_at`

/**
 * Locking: one row each, in the order of the ids. The update without a change is what makes the
 * row that is there already come back.
 */
const open = {
  name: "sandbox_open",
  text: `insert into sandbox.payments as p (payment_id, amount, currency)
    select payment_id, amount, currency
    from unnest($1::uuid[], $2::bigint[], $3::text[]) as given (payment_id, amount, currency)
    order by payment_id
    on conflict (payment_id) do update set currency = p.currency
    returning ${columns}`
}

/** The same decision as `settled`, taken by the row that is updated, under its lock. */
const settle = {
  name: "sandbox_settle",
  text: `with given as (
      select * from unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[], $5::timestamptz[])
        as given (payment_id, target, reason, settles_at, at)
    ), locked as materialized (
      select p.payment_id, p.state, p.settles_at
      from sandbox.payments p where p.payment_id = any ($1::uuid[])
      order by p.payment_id for update
    ), decided as (
      select given.*,
        locked.state = 'pending' and locked.settles_at <= given.at as due,
        locked.state = 'unconfirmed' as fresh,
        locked.state = 'pending' and given.target = 'canceled' as given_up
      from given join locked using (payment_id)
    )
    update sandbox.payments p set
      state = case when due then 'captured' when fresh then target
        when given_up then 'canceled' else p.state end,
      reason = case when fresh then decided.reason else p.reason end,
      settles_at = case when fresh then decided.settles_at else p.settles_at end,
      captured_at = case when due then p.settles_at
        when fresh and target = 'captured' then decided.at else p.captured_at end
    from decided where p.payment_id = decided.payment_id
    returning ${columns}`
}

/**
 * A capture that is due is written down before it is told. Locking: the rows that are due, in the
 * order of the ids; whoever had to wait for a lock finds out whether its row is still pending.
 */
const fallDue = {
  name: "sandbox_due",
  text: `with due as materialized (
      select p.payment_id from sandbox.payments p
      where p.state = 'pending' and p.settles_at <= $1::timestamptz
        and ($2::uuid[] is null or p.payment_id = any ($2::uuid[]))
      order by p.payment_id for update
    )
    update sandbox.payments p set state = 'captured', captured_at = p.settles_at
    from due where p.payment_id = due.payment_id`
}

const find = {
  name: "sandbox_find",
  text: `select ${columns} from sandbox.payments p where p.payment_id = any ($1::uuid[])`
}

const lockPayments = {
  name: "sandbox_lock",
  text: `select ${columns}, coalesce(
      (select sum(r.amount) from sandbox.refunds r where r.payment_id = p.payment_id), 0
    )::text as refunded
    from sandbox.payments p where p.payment_id = any ($1::uuid[])
    order by p.payment_id for update`
}

const knownRefunds = {
  name: "sandbox_refunds_known",
  text: "select refund_id from sandbox.refunds where refund_id = any ($1::uuid[])"
}

const insertRefunds = {
  name: "sandbox_refund",
  text: `insert into sandbox.refunds (refund_id, payment_id, amount)
    select * from unnest($1::uuid[], $2::uuid[], $3::bigint[])`
}

const captured = {
  name: "sandbox_captured",
  text: `select ${columns} from sandbox.payments p where state = 'captured' order by payment_id`
}

const refunds = {
  name: "sandbox_refunds",
  text: "select refund_id, payment_id, amount::text as amount from sandbox.refunds"
}

const payment = (row: Row): SandboxPayment => ({
  paymentId: text(row, "payment_id") as Uuid,
  amount: amount(row, "amount") as Minor,
  currency: text(row, "currency") as Currency,
  state: text(row, "state") as SandboxState,
  reason: nullable(text, row, "reason"),
  settlesAt: nullable(integer, row, "settles_at"),
  capturedAt: nullable(integer, row, "captured_at")
})

const byId = (rows: ReadonlyArray<Row>): ReadonlyMap<Uuid, SandboxPayment> =>
  new Map(rows.map((row) => [text(row, "payment_id") as Uuid, payment(row)]))

/** The last of several items of one payment: the first has decided, the others only ask. */
const distinct = <A extends { readonly paymentId: Uuid }>(batch: ReadonlyArray<A>) => [
  ...new Map(batch.toReversed().map((item) => [item.paymentId, item])).values()
]

const latest = (batch: ReadonlyArray<{ readonly at: number }>): number =>
  batch.reduce((most, { at }) => Math.max(most, at), Number.NEGATIVE_INFINITY)

export const layer = Layer.effect(
  SandboxBook,
  Effect.gen(function* () {
    const database = yield* MoneyDatabase

    const refund = Effect.fnUntraced(function* (
      batch: Parameters<(typeof SandboxBook)["Service"]["refund"]>[0]
    ) {
      return yield* database.transaction(
        "sandbox.refund",
        Effect.fnUntraced(function* (transaction) {
          const ids = plainArray([...new Set(batch.map((r) => r.paymentId))])
          yield* transaction.query(fallDue, [timestamp(latest(batch)), ids])
          const locked = yield* transaction.query(lockPayments, [ids])
          const payments = byId(locked)
          const left = new Map<Uuid, bigint>()
          for (const row of locked) {
            const { amount: whole, paymentId } = payment(row)
            left.set(paymentId, whole - amount(row, "refunded"))
          }
          const known = yield* transaction.query(knownRefunds, [
            plainArray(batch.map((r) => r.refundId))
          ])
          const done = new Set(known.map((row) => text(row, "refund_id")))
          const fresh: Array<(typeof batch)[number]> = []
          const answers = batch.map((item) => {
            if (done.has(item.refundId)) return true
            const from = payments.get(item.paymentId)
            if (from?.state !== "captured") return false
            const rest = (left.get(item.paymentId) ?? 0n) - item.amount
            if (rest < 0n) return false
            left.set(item.paymentId, rest)
            done.add(item.refundId)
            fresh.push(item)
            return true
          })
          if (fresh.length > 0) {
            yield* transaction.query(insertRefunds, [
              plainArray(fresh.map((r) => r.refundId)),
              plainArray(fresh.map((r) => r.paymentId)),
              plainArray(fresh.map((r) => r.amount))
            ])
          }
          return answers
        })
      )
    })

    return SandboxBook.of({
      open: Effect.fnUntraced(function* (batch) {
        const items = distinct(batch)
        const rows = yield* database.query("sandbox.open", open, [
          plainArray(items.map((p) => p.paymentId)),
          plainArray(items.map((p) => p.amount)),
          textArray(items.map((p) => p.currency))
        ])
        const found = byId(rows)
        return batch.map((p) => found.get(p.paymentId) as SandboxPayment)
      }),
      settle: Effect.fnUntraced(function* (batch) {
        const items = distinct(batch)
        const times = (of: (item: (typeof items)[number]) => number | null) =>
          nullableArray(
            items.map((item) => {
              const at = of(item)
              return at === null ? null : timestamp(at)
            })
          )
        const rows = yield* database.query("sandbox.settle", settle, [
          plainArray(items.map((c) => c.paymentId)),
          textArray(items.map((c) => c.to)),
          textArray(items.map((c) => c.reason)),
          times((c) => c.settlesAt),
          times((c) => c.at)
        ])
        const found = byId(rows)
        return batch.map((c) => found.get(c.paymentId))
      }),
      find: Effect.fnUntraced(function* (paymentIds, at) {
        const ids = plainArray([...new Set(paymentIds)])
        yield* database.query("sandbox.find", fallDue, [timestamp(at), ids])
        const found = byId(yield* database.query("sandbox.find", find, [ids]))
        return paymentIds.map((id) => found.get(id))
      }),
      refund,
      captured: Effect.fnUntraced(function* (at) {
        yield* database.query("sandbox.captured", fallDue, [timestamp(at), null])
        return (yield* database.query("sandbox.captured", captured)).map(payment)
      }),
      refunds: Effect.map(database.query("sandbox.refunds", refunds), (rows) =>
        rows.map((row) => ({
          refundId: text(row, "refund_id") as Uuid,
          paymentId: text(row, "payment_id") as Uuid,
          amount: amount(row, "amount") as Minor
        }))
      )
    })
  })
)

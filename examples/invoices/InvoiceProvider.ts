/**
 * A payment provider of one's own: the shop's customers buy on account. An order is taken when its
 * invoice is written, up to a limit; what is written lies in a SQLite file beside the shop.
 */
import { DatabaseSync, type SQLOutputValue } from "node:sqlite"
import type { Currency } from "@doorbuster/core/money/Currency"
import { type Minor, minor } from "@doorbuster/core/money/Minor"
import {
  PaymentProvider,
  type ProviderCapture,
  type ProviderPayment,
  ProviderUnavailable
} from "@doorbuster/core/payment/PaymentProvider"
import type { Uuid } from "@doorbuster/core/Uuid"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"

export interface InvoiceOptions {
  /** Path of the SQLite file; it is made where it is missing. */
  readonly file: string
  /** Nobody gets more than this on one invoice; minor units of its currency. */
  readonly limit: Minor
}

type Row = Readonly<Record<string, SQLOutputValue>>

/** `synchronous = full`: an invoice that was acknowledged outlives a power cut. */
const schema = `
  pragma journal_mode = wal;
  pragma synchronous = full;
  pragma busy_timeout = 5000;
  create table if not exists invoices (
    payment_id text primary key, amount integer not null, currency text not null,
    state text not null default 'draft', written_at integer
  ) strict;
  create table if not exists credit_notes (
    refund_id text primary key, payment_id text not null references invoices,
    amount integer not null
  ) strict;`

const draft = `insert into invoices (payment_id, amount, currency) values (?, ?, ?)
  on conflict do nothing`
/** Only a draft can change, so whoever comes second finds what the first one made of it. */
const write = `update invoices set state = iif(amount > ?, 'declined', 'written'), written_at = ?
  where payment_id = ? and state = 'draft'`
const cancel = "update invoices set state = 'canceled' where payment_id = ? and state = 'draft'"
const find = "select * from invoices where payment_id = ?"
const written = "select * from invoices where state = 'written' order by payment_id"
/** One statement, so one lock: two credit notes at once cannot both take the last cent. */
const credit = `insert into credit_notes (refund_id, payment_id, amount)
  select ?1, i.payment_id, ?3 from invoices i
  where i.payment_id = ?2 and i.state = 'written' and ?3 <= i.amount -
    (select coalesce(sum(c.amount), 0) from credit_notes c where c.payment_id = i.payment_id)
  on conflict do nothing`
const credited = "select * from credit_notes where refund_id = ?"
const allCredited = "select * from credit_notes order by refund_id"

const captureOf = (row: Row): ProviderCapture => ({
  captureId: `invoice-${row["payment_id"]}`,
  paymentId: row["payment_id"] as Uuid,
  amount: minor(row["amount"] as bigint),
  currency: row["currency"] as Currency,
  capturedAt: Number(row["written_at"])
})

const answerOf = (row: Row): ProviderPayment => {
  switch (row["state"]) {
    case "written":
      return { _tag: "Captured", captures: [captureOf(row)] }
    case "declined":
      return { _tag: "Declined", reason: "above_the_limit" }
    case "canceled":
      return { _tag: "Canceled" }
    default:
      return { _tag: "Unconfirmed" }
  }
}

const refundOf = (row: Row) => ({
  refundId: row["refund_id"] as Uuid,
  paymentId: row["payment_id"] as Uuid,
  amount: minor(row["amount"] as bigint)
})

/** A file that is there and sound, closed when the store stops. */
const open = (file: string) =>
  Effect.acquireRelease(
    Effect.sync(() => {
      const database = new DatabaseSync(file, { readBigInts: true })
      database.exec(schema)
      return database
    }),
    (database) => Effect.sync(() => database.close())
  )

/** SQLite fails before it writes, so "nothing happened" is the truth of each failure here. */
const asking = <A>(operation: string, ask: () => A) =>
  Effect.try({
    try: ask,
    catch: (error) => new ProviderUnavailable({ operation, detail: String(error) })
  })

export const layer = ({ file, limit }: InvoiceOptions) =>
  Layer.effect(
    PaymentProvider,
    Effect.gen(function* () {
      const database = yield* open(file)
      const all = (sql: string) => database.prepare(sql).all()
      const now = (paymentId: Uuid) => {
        const row = database.prepare(find).get(paymentId)
        if (row === undefined) throw new Error(`no invoice for payment ${paymentId}`)
        return answerOf(row)
      }
      return PaymentProvider.of({
        name: "invoice",
        create: ({ amount, currency, paymentId }) =>
          asking("create", () => {
            database.prepare(draft).run(paymentId, amount, currency)
            return now(paymentId)
          }),
        capture: Effect.fnUntraced(function* (paymentId) {
          const at = yield* Clock.currentTimeMillis
          return yield* asking("capture", () => {
            database.prepare(write).run(limit, at, paymentId)
            return now(paymentId)
          })
        }),
        cancel: ({ amount, currency, paymentId }) =>
          asking("cancel", () => {
            database.prepare(draft).run(paymentId, amount, currency)
            database.prepare(cancel).run(paymentId)
            return now(paymentId)
          }),
        refund: ({ amount, paymentId, refundId }) =>
          asking("refund", () => {
            database.prepare(credit).run(refundId, paymentId, amount)
            const row = database.prepare(credited).get(refundId)
            if (row === undefined) throw new Error(`more than is left of payment ${paymentId}`)
            return refundOf(row)
          }),
        book: asking("book", () => ({
          captures: all(written).map(captureOf),
          refunds: all(allCredited).map(refundOf)
        }))
      })
    })
  )

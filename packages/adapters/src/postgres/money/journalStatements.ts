import type { Statement } from "../Database.ts"

/** Written under the payments' locks, whole: payments, refunds, receipts, breaks and journal. */
export const book: Statement = {
  name: "money.book",
  text: `
    with paid as (
      update money.payments p
      set state = i.state, saga_epoch = i.epoch, decline_reason = i.reason, captured = i.captured,
        unapplied = i.unapplied, refunded = i.refunded, unapplied_refunded = i.unapplied_refunded,
        tax_refunded = i.tax_refunded, deferred = i.deferred, updated_at = now()
      from unnest(
        $1::uuid[], $2::text[], $3::integer[], $4::text[], $5::bigint[], $6::bigint[],
        $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[]
      ) as i (
        payment_id, state, epoch, reason, captured, unapplied, refunded, unapplied_refunded,
        tax_refunded, deferred
      )
      where p.payment_id = i.payment_id
    ), given_back as (
      update money.refunds r set state = 'refunded', refunded_at = i.at
      from unnest($11::uuid[], $12::timestamptz[]) as i (refund_id, at)
      where r.refund_id = i.refund_id
    ), received as (
      insert into money.receipts
        (capture_id, payment_id, amount, currency, applied, occurred_at)
      select * from unnest(
        $13::text[], $14::uuid[], $15::bigint[], $16::text[], $17::boolean[], $18::timestamptz[]
      )
    ), broken as (
      insert into money.breaks
        (break_id, reason_code, payment_id, capture_id, amount, currency, at, note)
      select 'capture:' || capture_id, reason, payment_id, capture_id, amount, currency, at, note
      from unnest(
        $19::text[], $20::text[], $21::uuid[], $22::bigint[], $23::text[], $24::timestamptz[],
        $25::text[]
      ) as i (capture_id, reason, payment_id, amount, currency, at, note)
    ), entered as (
      insert into money.entries
        (entry_id, kind, currency, order_id, payment_id, memo, occurred_at)
      select * from unnest(
        $26::text[], $27::text[], $28::text[], $29::uuid[], $30::uuid[], $31::text[],
        $32::timestamptz[]
      )
    )
    insert into money.postings (entry_id, posting_no, account, amount)
    select * from unnest($33::text[], $34::smallint[], $35::text[], $36::bigint[])`
}

/**
 * Entries of their own. One whose id is taken is not written, nor are its postings; what stands
 * there may be younger than this snapshot and is read apart.
 */
export const post: Statement = {
  name: "money.entries.post",
  text: `
    with entered as (
      insert into money.entries
        (entry_id, kind, currency, order_id, payment_id, memo, occurred_at)
      select * from unnest(
        $1::text[], $2::text[], $3::text[], $4::uuid[], $5::uuid[], $6::text[], $7::timestamptz[]
      ) as i (entry_id, kind, currency, order_id, payment_id, memo, occurred_at)
      order by entry_id
      on conflict (entry_id) do nothing
      returning entry_id
    ), posted as (
      insert into money.postings (entry_id, posting_no, account, amount)
      select entry_id, posting_no, account, amount
      from unnest($8::text[], $9::smallint[], $10::text[], $11::bigint[])
        as i (entry_id, posting_no, account, amount)
      where entry_id in (select entry_id from entered)
    )
    select entry_id from entered`
}

const entryColumns = "entry_id, kind, currency, order_id, payment_id, memo, occurred_at"

export const entriesById: Statement = {
  name: "money.entries.find",
  text: `select ${entryColumns} from money.entries where entry_id = any($1::text[])`
}

export const entriesOfOrders: Statement = {
  name: "money.entries.of_orders",
  text: `
    select ${entryColumns} from money.entries where order_id = any($1::uuid[])
    order by order_id, entry_id`
}

export const looseEntries: Statement = {
  name: "money.entries.loose",
  text: `
    select ${entryColumns} from money.entries
    where order_id is null and entry_id > $1::text
    order by entry_id limit $2::integer`
}

export const postings: Statement = {
  name: "money.postings.of_entries",
  text: `
    select entry_id, account, amount::text from money.postings
    where entry_id = any($1::text[])
    order by entry_id, posting_no`
}

export const trialBalance: Statement = {
  name: "money.trial_balance",
  text: `
    select p.account, e.currency,
      coalesce(sum(p.amount) filter (where p.amount > 0), 0)::text as debit,
      coalesce(-sum(p.amount) filter (where p.amount < 0), 0)::text as credit
    from money.postings p join money.entries e using (entry_id)
    group by p.account, e.currency
    order by e.currency, p.account`
}

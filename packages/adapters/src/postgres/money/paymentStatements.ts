import type { Statement } from "../Database.ts"

export const paymentColumns = `payment_id, order_id, saga_epoch, provider, currency, amount::text,
  sales::text, discounts::text, shipping::text, tax::text, state, decline_reason, captured::text,
  unapplied::text, intended::text, refunded::text, unapplied_refunded::text, tax_refunded::text,
  deferred::text`

export const refundColumns = "refund_id, payment_id, order_id, amount::text, source, state"

const insertPayments = `
  insert into money.payments
    (payment_id, order_id, saga_epoch, provider, currency, amount, sales, discounts, shipping, tax,
     state, created_at, updated_at)
  select i.payment_id, i.order_id, i.epoch, provider, currency, amount, sales, discounts, shipping,
    tax, $12, at, at
  from unnest(
    $1::uuid[], $2::uuid[], $3::integer[], $4::text[], $5::text[], $6::bigint[], $7::bigint[],
    $8::bigint[], $9::bigint[], $10::bigint[], $11::timestamptz[]
  ) as i (
    payment_id, order_id, epoch, provider, currency, amount, sales, discounts, shipping, tax, at
  )`

/**
 * Takes no lock: a payment that stands, or whose order is fenced, is left alone and decided on
 * under its lock. A fence that is written meanwhile is seen by `send`.
 */
export const create: Statement = {
  name: "money.payments.create",
  text: `${insertPayments}
  where not exists (
    select from money.fences f where f.order_id = i.order_id and f.saga_epoch > i.epoch
  )
  order by i.payment_id
  on conflict (payment_id) do nothing
  returning payment_id`
}

/** Behind `lock`, which has found nothing; a twin that wrote it since ends in a violation. */
export const insert: Statement = { name: "money.payments.insert", text: insertPayments }

/**
 * One conditional update that waits for row locks and is judged again on what it then finds: a
 * fence or a cancel that was first wins.
 */
export const send: Statement = {
  name: "money.payments.send",
  text: `
    update money.payments p
    set state = 'capture_sent', saga_epoch = i.epoch, updated_at = now()
    from unnest($1::uuid[], $2::uuid[], $3::integer[]) as i (payment_id, order_id, epoch)
    where p.payment_id = i.payment_id and p.state = 'created' and p.saga_epoch <= i.epoch
      and not exists (
        select from money.fences f where f.order_id = i.order_id and f.saga_epoch > i.epoch
      )
    returning p.payment_id`
}

/** Payments are locked in the order of their ids, whatever they are asked for by. */
export const lock: Statement = {
  name: "money.payments.lock",
  text: `
    select ${paymentColumns} from money.payments
    where payment_id = any($1::uuid[])
    order by payment_id
    for no key update`
}

export const lockOfOrders: Statement = {
  name: "money.payments.lock_of_orders",
  text: `
    select ${paymentColumns} from money.payments
    where order_id = any($1::uuid[]) and state = 'captured'
    order by payment_id
    for no key update`
}

/** Refunds of one payment are written under that payment's lock only. */
export const lockOfRefunds: Statement = {
  name: "money.payments.lock_of_refunds",
  text: `
    select ${paymentColumns} from money.payments
    where payment_id in (select payment_id from money.refunds where refund_id = any($1::uuid[]))
    order by payment_id
    for no key update`
}

export const fences: Statement = {
  name: "money.fences.of_orders",
  text: "select order_id, saga_epoch from money.fences where order_id = any($1::uuid[])"
}

export const receipts: Statement = {
  name: "money.receipts.find",
  text: "select capture_id, applied from money.receipts where capture_id = any($1::text[])"
}

export const refundsById: Statement = {
  name: "money.refunds.find",
  text: `select ${refundColumns} from money.refunds where refund_id = any($1::uuid[])`
}

export const refundsOfOrders: Statement = {
  name: "money.refunds.of_orders",
  text: `
    select ${refundColumns} from money.refunds where order_id = any($1::uuid[])
    order by refund_id`
}

/** The fence first: a payment that is created after it was written is refused by it. */
export const raiseFences: Statement = {
  name: "money.fences.raise",
  text: `
    insert into money.fences as f (order_id, saga_epoch)
    select order_id, max(epoch) from unnest($1::uuid[], $2::integer[]) as i (order_id, epoch)
    group by order_id order by order_id
    on conflict (order_id) do update set saga_epoch = excluded.saga_epoch
    where f.saga_epoch < excluded.saga_epoch`
}

/** Takes its locks in the order of the ids, like every other write. */
export const lockForFence: Statement = {
  name: "money.payments.lock_for_fence",
  text: `
    select payment_id from money.payments where order_id = any($1::uuid[])
    order by payment_id
    for no key update`
}

export const raisePayments: Statement = {
  name: "money.payments.raise",
  text: `
    update money.payments p set saga_epoch = i.epoch, updated_at = now()
    from (
      select order_id, max(epoch) as epoch
      from unnest($1::uuid[], $2::integer[]) as i (order_id, epoch) group by order_id
    ) as i
    where p.order_id = i.order_id and p.saga_epoch < i.epoch`
}

export const intend: Statement = {
  name: "money.refunds.intend",
  text: `
    with intended as (
      insert into money.refunds
        (refund_id, payment_id, order_id, amount, source, state, intended_at)
      select refund_id, payment_id, order_id, amount, source, 'intended', at
      from unnest(
        $1::uuid[], $2::uuid[], $3::uuid[], $4::bigint[], $5::text[], $6::timestamptz[]
      ) as i (refund_id, payment_id, order_id, amount, source, at)
    )
    update money.payments p set intended = i.intended, updated_at = now()
    from unnest($7::uuid[], $8::bigint[]) as i (payment_id, intended)
    where p.payment_id = i.payment_id`
}

export const find: Statement = {
  name: "money.payments.find",
  text: `select ${paymentColumns} from money.payments where payment_id = $1::uuid`
}

export const ofOrders: Statement = {
  name: "money.payments.of_orders",
  text: `
    select ${paymentColumns} from money.payments where order_id = any($1::uuid[])
    order by payment_id`
}

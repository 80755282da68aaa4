import type { Statement } from "../Database.ts"
import { captureColumns } from "./captureRows.ts"

/** The next keys that anything is booked under, with a stock row or without one. */
export const stockKeys: Statement = {
  name: "books.stock_keys",
  text: `
    select sku from (
      (select distinct sku from inventory.stock where sku > $1 order by sku limit $2::integer)
      union
      (select distinct sku from inventory.movements where sku > $1 order by sku limit $2::integer)
      union
      (select distinct sku from inventory.reservations where sku > $1
       order by sku limit $2::integer)
      union
      (select distinct sku from inventory.returns where sku > $1 order by sku limit $2::integer)
    ) as keys
    order by sku limit $2::integer`
}

/** One statement, so that stock, movements, reservations and returns are of one instant. */
export const stock: Statement = {
  name: "books.stock",
  text: `
    with moved as (
      select sku, sum(quantity)::bigint as moved from inventory.movements
      where sku > $1 and sku <= $2 group by sku
    ), booked as (
      select sku, segment,
        coalesce(sum(quantity) filter (where state = 'held'), 0)::bigint as held,
        coalesce(sum(quantity) filter (where state = 'committed'), 0)::bigint as committed,
        coalesce(sum(returned) filter (where state = 'committed'), 0)::bigint as returned
      from inventory.reservations
      where sku > $1 and sku <= $2 group by sku, segment
    ), given as (
      select sku, segment, sum(quantity)::bigint as given_back from inventory.returns
      where sku > $1 and sku <= $2 group by sku, segment
    ), levels as (
      select sku, segment, received, reserved, sold from inventory.stock
      where sku > $1 and sku <= $2
    )
    select sku, coalesce(segment, 0) as segment, coalesce(moved, 0) as moved,
      coalesce(received, 0) as received, coalesce(reserved, 0) as reserved,
      coalesce(sold, 0) as sold, coalesce(held, 0) as held,
      coalesce(committed, 0) as committed, coalesce(returned, 0) as returned,
      coalesce(given_back, 0) as given_back
    from levels full join booked using (sku, segment) full join given using (sku, segment)
      full join moved using (sku)
    order by sku, segment`
}

/** A key stands for what its saga is about, and so do both halves of the key's own row. */
const claimed = `
  select 'key ' || account || ' ' || key as claim, order_id from orders.sagas
  where key is not null and (kind = 'checkout' or state <> 'failed')
  union
  select 'key ' || account || ' ' || key, order_id from orders.idempotency_keys
  union
  select 'key ' || k.account || ' ' || k.key, s.order_id
  from orders.idempotency_keys k join orders.sagas s using (saga_id)
  union
  select 'reference ' || account || ' ' || external_ref, order_id from orders.orders
  where external_ref is not null`

export const claimsChecked: Statement = {
  name: "books.claims.checked",
  text: `select count(distinct claim) as checked from (${claimed}) as claimed`
}

/** Claims of several attempts, or of one of the orders named; with those that became orders. */
export const claimsToJudge: Statement = {
  name: "books.claims.to_judge",
  text: `
    select claim, array_agg(order_id::text) as ids, count(o.order_id) as orders
    from (${claimed}) as claimed left join orders.orders o using (order_id)
    group by claim
    having count(*) > 1 or bool_or(order_id = any($1::uuid[]))
    order by claim`
}

export const paidTwice: Statement = {
  name: "books.claims.paid_twice",
  text: `
    select order_id from money.payments where captured > 0
    group by order_id having count(*) > 1`
}

export const paidCounts: Statement = {
  name: "books.claims.paid_counts",
  text: `
    select order_id, count(*) as payments from money.payments
    where order_id = any($1::uuid[]) and captured > 0
    group by order_id`
}

export const looseCaptures: Statement = {
  name: "books.loose_captures",
  text: `
    select ${captureColumns} from money.receipts r
    where capture_id > $1::text
      and not exists (select from money.payments p where p.payment_id = r.payment_id)
    order by capture_id limit $2::integer`
}

/** Postings whose entry is gone: no sum of entries would miss them. */
export const orphans: Statement = {
  name: "books.orphans",
  text: `
    select distinct entry_id from money.postings
    where not exists (select from money.entries e where e.entry_id = postings.entry_id)
    order by entry_id`
}

export const now: Statement = {
  name: "books.now",
  text: `
    select now() as at, exists (select from orders.workers where lease_until > now()) as live`
}

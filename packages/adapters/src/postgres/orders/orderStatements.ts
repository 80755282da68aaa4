import type { Statement } from "../Database.ts"
import { closing } from "./sagaStatements.ts"

export const orderColumns = `order_id, account, external_ref, currency, state,
  items_total::text, discount_total::text, shipping_total::text, tax_total::text,
  included_tax_total::text, total::text, refunded_total::text, quote, ship_to, occurred_at`

/** Which of a batch of new orders stand already, by id or by reference. Behind the saga locks. */
export const standing: Statement = {
  name: "orders.orders.standing",
  text: `
    select order_id, account, external_ref, state from orders.orders
    where order_id = any($1::uuid[])
    union
    select o.order_id, o.account, o.external_ref, o.state
    from unnest($2::text[], $3::text[]) as i (account, external_ref)
    join orders.orders o on o.external_ref = i.external_ref and o.account = i.account`
}

/**
 * Writes new orders whole. Their sagas are locked, so no twin of the same order is under way; one
 * with the same reference but another saga ends in a unique violation, and the batch looks again.
 */
export const create: Statement = {
  name: "orders.orders.create",
  text: `
    with created as (
      insert into orders.orders
        (order_id, account, external_ref, currency, state, saga_epoch, items_total,
         discount_total, shipping_total, tax_total, included_tax_total, total, last_seq, quote,
         ship_to, occurred_at, created_at, updated_at)
      select i.order_id, account, external_ref, currency, 'pending_payment', epoch, items_total,
        discount_total, shipping_total, tax_total, included_tax_total, total, 1, quote,
        ship_to, occurred_at, at, at
      from unnest(
        $1::uuid[], $2::text[], $3::text[], $4::text[], $5::integer[], $6::bigint[], $7::bigint[],
        $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[], $12::text[], $13::text[],
        $14::timestamptz[], $15::timestamptz[]
      ) as i (
        order_id, account, external_ref, currency, epoch, items_total, discount_total,
        shipping_total, tax_total, included_tax_total, total, quote, ship_to, occurred_at, at
      )
    ), lined as (
      insert into orders.order_lines
        (order_id, line_no, sku, name, kind, quantity, unit_price, subtotal, discount, tax,
         tax_included, total)
      select * from unnest(
        $16::uuid[], $17::integer[], $18::text[], $19::text[], $20::text[], $21::integer[],
        $22::bigint[], $23::bigint[], $24::bigint[], $25::bigint[], $26::bigint[], $27::bigint[]
      )
    ), placed as (
      insert into orders.order_events (order_id, seq, event, from_state, to_state, saga_id, at)
      select order_id, 1, 'Place', null, 'pending_payment', order_id, at
      from unnest($1::uuid[], $15::timestamptz[]) as i (order_id, at)
    )
    update orders.idempotency_keys k set status = i.status, body = i.body
    from unnest($28::text[], $29::text[], $30::uuid[], $31::integer[], $32::text[])
      as i (account, key, saga_id, status, body)
    where k.account = i.account and k.key = i.key and k.saga_id = i.saga_id and k.status is null`
}

/** Orders are locked in the order of their ids, behind the sagas that move them. */
export const lock: Statement = {
  name: "orders.orders.lock",
  text: `
    select order_id, state, saga_epoch, last_seq, refunded_total::text from orders.orders
    where order_id = any($1::uuid[])
    order by order_id
    for no key update`
}

/** What these sagas have done to these orders before; to be asked under the locks. */
export const done: Statement = {
  name: "orders.order_events.done",
  text: `
    select e.order_id, e.saga_id, e.event
    from unnest($1::uuid[], $2::uuid[]) as i (order_id, saga_id)
    join orders.order_events e on e.order_id = i.order_id and e.saga_id = i.saga_id`
}

/** Writes moves that were decided under the locks of their sagas and orders. */
export const move: Statement = {
  name: "orders.orders.move",
  text: `
    with moved as (
      update orders.orders o
      set state = i.state, refunded_total = i.refunded_total, last_seq = i.last_seq,
        saga_epoch = i.epoch, updated_at = i.at
      from unnest(
        $1::uuid[], $2::text[], $3::bigint[], $4::integer[], $5::integer[], $6::timestamptz[]
      ) as i (order_id, state, refunded_total, last_seq, epoch, at)
      where o.order_id = i.order_id
    ), told as (
      insert into orders.order_events (order_id, seq, event, from_state, to_state, saga_id, at)
      select * from unnest(
        $1::uuid[], $4::integer[], $7::text[], $8::text[], $2::text[], $9::uuid[],
        $6::timestamptz[]
      )
    ), requested as (
      insert into orders.shipments (order_id, shipment_id, state, requested_at)
      select order_id, shipment_id, 'requested', at
      from unnest($10::uuid[], $11::uuid[], $12::timestamptz[]) as i (order_id, shipment_id, at)
    ), shipped as (
      update orders.shipments s
      set state = 'shipped', carrier = i.carrier, tracking = i.tracking, shipped_at = i.at
      from unnest($13::uuid[], $14::text[], $15::text[], $16::timestamptz[])
        as i (order_id, carrier, tracking, at)
      where s.order_id = i.order_id and s.state = 'requested'
    ), delivered as (
      update orders.shipments s set state = 'delivered', delivered_at = i.at
      from unnest($17::uuid[], $18::timestamptz[]) as i (order_id, at)
      where s.order_id = i.order_id and s.state = 'shipped'
    ), ${closing(19)}
    select`
}

export const find: Statement = {
  name: "orders.orders.find",
  text: `select ${orderColumns} from orders.orders where order_id = $1::uuid`
}

export const lines: Statement = {
  name: "orders.order_lines.of_orders",
  text: `
    select order_id, line_no, sku, name, kind, quantity, unit_price::text, subtotal::text,
      discount::text, tax::text, tax_included::text, total::text
    from orders.order_lines where order_id = any($1::uuid[])
    order by order_id, line_no`
}

export const byExternalRefs: Statement = {
  name: "orders.orders.by_external_refs",
  text: `
    select external_ref, order_id from orders.orders
    where external_ref = any($1::text[])
    order by order_id`
}

export const history: Statement = {
  name: "orders.order_events.of_order",
  text: `
    select seq, event, from_state, to_state, saga_id, at from orders.order_events
    where order_id = $1::uuid and seq > $2::integer
    order by seq`
}

export const shipments: Statement = {
  name: "orders.shipments.of_order",
  text: `
    select order_id, shipment_id, state, carrier, tracking, requested_at, shipped_at, delivered_at
    from orders.shipments where order_id = $1::uuid
    order by shipment_id`
}

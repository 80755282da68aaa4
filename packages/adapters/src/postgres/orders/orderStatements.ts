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

/** Orders, their lines and the events that place them; `where` may hold all of it back. */
const writing = (where = "") => `
    created as (
      insert into orders.orders
        (order_id, account, external_ref, currency, state, saga_epoch, items_total,
         discount_total, shipping_total, tax_total, included_tax_total, total, last_seq, quote,
         ship_to, occurred_at, created_at)
      select i.order_id, account, external_ref, currency, 'pending_payment', epoch, items_total,
        discount_total, shipping_total, tax_total, included_tax_total, total, 1, quote,
        ship_to, occurred_at, at
      from unnest(
        $1::uuid[], $2::text[], $3::text[], $4::text[], $5::integer[], $6::bigint[], $7::bigint[],
        $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[], $12::text[], $13::text[],
        $14::timestamptz[], $15::timestamptz[]
      ) as i (
        order_id, account, external_ref, currency, epoch, items_total, discount_total,
        shipping_total, tax_total, included_tax_total, total, quote, ship_to, occurred_at, at
      )${where}
    ), lined as (
      insert into orders.order_lines
        (order_id, line_no, sku, name, kind, quantity, unit_price, subtotal, discount, tax,
         tax_included, total)
      select * from unnest(
        $16::uuid[], $17::integer[], $18::text[], $19::text[], $20::text[], $21::integer[],
        $22::bigint[], $23::bigint[], $24::bigint[], $25::bigint[], $26::bigint[], $27::bigint[]
      )${where}
    ), placed as (
      insert into orders.order_events (order_id, seq, event, from_state, to_state, saga_id, at)
      select order_id, 1, 'Place', null, 'pending_payment', order_id, at
      from unnest($1::uuid[], $15::timestamptz[]) as i (order_id, at)${where}
    )`

/**
 * Writes new orders whole. Their sagas are locked, so no twin of the same order is under way; one
 * with the same reference but another saga ends in a unique violation, and the batch looks again.
 */
export const create: Statement = {
  name: "orders.orders.create",
  text: `
    with ${writing()}
    update orders.idempotency_keys k set status = i.status, body = i.body
    from unnest($28::text[], $29::text[], $30::uuid[], $31::integer[], $32::text[])
      as i (account, key, saga_id, status, body)
    where k.account = i.account and k.key = i.key and k.saga_id = i.saga_id and k.status is null`
}

/**
 * The same in a transaction of its own, for orders that are all new and whose sagas nobody has
 * taken over; else it writes nothing and says so. Epochs are read under the locks of the sagas. A
 * twin that was written behind this statement's snapshot is met as a violation of the primary key.
 */
export const createFresh: Statement = {
  name: "orders.orders.create_fresh",
  text: `
    with locked as (
      select saga_id, epoch, account, key from orders.sagas
      where saga_id = any($1::uuid[])
      order by saga_id
      for no key update
    ), asked as (
      select saga_id, s.account, s.key, s.epoch as standing, i.epoch, i.status, i.body
      from locked s join unnest($1::uuid[], $5::integer[], $28::integer[], $29::text[])
        as i (saga_id, epoch, status, body) using (saga_id)
    ), fit as (
      select coalesce(bool_and(standing <= epoch), true) and (
        select count(*) = 0 from orders.orders where order_id = any($1::uuid[])
      ) as is_fit
      from asked
    ), ${writing(" where (select is_fit from fit)")}, answered as (
      update orders.idempotency_keys k set status = i.status, body = i.body
      from asked i
      where (select is_fit from fit) and k.account = i.account and k.key = i.key
        and k.saga_id = i.saga_id and k.status is null
    )
    select is_fit from fit`
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
        saga_epoch = i.epoch
      from unnest(
        $1::uuid[], $2::text[], $3::bigint[], $4::integer[], $5::integer[]
      ) as i (order_id, state, refunded_total, last_seq, epoch)
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

/**
 * The end of a checkout that met nobody: the order is paid, its shipment is requested and its saga
 * is done, in one statement. What it leaves alone is decided under locks. Whoever moves an order
 * that waits for its payment holds its saga, so the order is as it was seen as long as the saga is;
 * if not, its history is there already, and that is a violation of the primary key.
 */
export const complete: Statement = {
  name: "orders.orders.complete",
  text: `
    with ready as materialized (
      select i.order_id, i.epoch, i.at, i.shipment_id
      from unnest($1::uuid[], $2::integer[], $3::timestamptz[], $4::uuid[])
        as i (order_id, epoch, at, shipment_id)
      join orders.orders o on o.order_id = i.order_id
      where o.state = 'pending_payment' and o.last_seq = 1 and o.saga_epoch <= i.epoch
    ), closed as (
      update orders.sagas s
      set state = 'done', epoch = r.epoch, closed_at = r.at, last_error = null, owner = null,
        payload = null
      from ready r
      where s.saga_id = r.order_id and s.state = 'open' and not s.cancel_requested
        and s.epoch <= r.epoch
      returning r.order_id, r.epoch, r.at, r.shipment_id
    ), moved as (
      update orders.orders o set state = 'paid', last_seq = 2, saga_epoch = c.epoch
      from closed c where o.order_id = c.order_id
    ), told as (
      insert into orders.order_events (order_id, seq, event, from_state, to_state, saga_id, at)
      select order_id, 2, 'Capture', 'pending_payment', 'paid', order_id, at from closed
    ), requested as (
      insert into orders.shipments (order_id, shipment_id, state, requested_at)
      select order_id, shipment_id, 'requested', at from closed
    )
    select order_id from closed`
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

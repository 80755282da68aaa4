/**
 * The statements of the stock. Those that write call functions of the migrations, which explain
 * their locking; here are the parameters they take.
 */
import type { Statement } from "../Database.ts"

/**
 * Keys to queue in front of, and whether all rows are locked first; keys, segments, units and
 * allowances; then the columns of the orders.
 */
export const take: Statement = {
  name: "inventory_take",
  text: `select * from inventory.take($1::text[], $2::boolean,
    $3::text[], $4::integer[], $5::bigint[], $6::bigint[],
    $7::uuid[], $8::integer[], $9::timestamptz[], $10::integer[],
    $11::integer[], $12::text[], $13::integer[], $14::bigint[])`
}

/** Keys, segments, units, allowances and versions, then the columns of the orders. */
export const hold: Statement = {
  name: "inventory_hold",
  text: `select inventory.hold($1::text[], $2::integer[], $3::bigint[], $4::bigint[], $5::bigint[],
    $6::uuid[], $7::integer[], $8::timestamptz[], $9::integer[],
    $10::integer[], $11::text[], $12::integer[], $13::bigint[])`
}

/** Keys, allowances, orders. */
export const look: Statement = {
  name: "inventory_look",
  text: "select * from inventory.look($1::text[], $2::bigint[], $3::uuid[])"
}

/** Locks the rows of these keys in the one order that every writer keeps. */
export const lock: Statement = {
  name: "inventory_lock",
  text: `select from unnest($1::text[]) as k (sku)
    join inventory.stock s on s.sku = k.sku
    order by s.sku, s.segment for update of s`
}

/** Verbs, orders and epochs; the distinct keys in order; then position and key of each line. */
export const settle: Statement = {
  name: "inventory_settle",
  text: `select inventory.settle($1::text[], $2::uuid[], $3::integer[], $4::text[],
    $5::integer[], $6::text[]) as found_as`
}

/**
 * Orders and epochs, each order once. The rows are taken in the order of their ids, and one whose
 * epoch is not lower is left alone.
 */
export const fence: Statement = {
  name: "inventory_fence",
  text: `insert into inventory.fences as f (order_id, saga_epoch, state)
    select o.order_id, o.epoch, 'open'
    from unnest($1::uuid[], $2::integer[]) as o (order_id, epoch)
    order by o.order_id
    on conflict (order_id) do update set saga_epoch = excluded.saga_epoch
    where f.saga_epoch < excluded.saga_epoch`
}

export const levels: Statement = {
  name: "inventory_levels",
  text: `select sku, segment, received, reserved, sold from inventory.stock
    where sku = any ($1::text[]) order by sku, segment`
}

/** Position and order id, and key, of each line. */
export const reservations: Statement = {
  name: "inventory_reservations",
  text: `select r.sku, r.segment, r.order_id, r.quantity, r.returned, r.state, r.expires_at
    from unnest($1::uuid[], $2::text[]) as l (order_id, sku)
    join inventory.reservations r on r.sku = l.sku and r.order_id = l.order_id
    order by r.sku, r.segment`
}

export const returns: Statement = {
  name: "inventory_returns",
  text: "select distinct return_id from inventory.returns where return_id = any ($1::uuid[])"
}

/**
 * Return id, key, segment, order, units per return and line; the same without the id per
 * reservation; key, segment, units per stock row. The caller holds the locks of the stock rows,
 * and whoever changes a reservation holds its stock row's.
 */
export const giveBack: Statement = {
  name: "inventory_give_back",
  text: `with noted as (
      insert into inventory.returns (return_id, sku, segment, order_id, quantity)
      select * from unnest($1::uuid[], $2::text[], $3::integer[], $4::uuid[], $5::bigint[])
    ), raised as (
      update inventory.reservations r set returned = r.returned + l.quantity
      from unnest($6::text[], $7::integer[], $8::uuid[], $9::bigint[])
        as l (sku, segment, order_id, quantity)
      where r.sku = l.sku and r.order_id = l.order_id and r.segment = l.segment
    )
    update inventory.stock s set sold = s.sold - k.units, version = s.version + 1
    from unnest($10::text[], $11::integer[], $12::bigint[]) as k (sku, segment, units)
    where s.sku = k.sku and s.segment = k.segment`
}

export const movements: Statement = {
  name: "inventory_movements",
  text: "select id, sku, quantity, kind from inventory.movements where id = any ($1::uuid[])"
}

/**
 * Id, key, units, kind, reason and time per movement; key, segment and difference per stock row.
 * The caller holds the locks of the rows that exist. A row, or a movement, that somebody else made
 * meanwhile is a unique violation: nothing is written, and the batch is sent again.
 */
export const move: Statement = {
  name: "inventory_move",
  text: `with noted as (
      insert into inventory.movements (id, sku, quantity, kind, reason, occurred_at)
      select * from unnest($1::uuid[], $2::text[], $3::bigint[], $4::text[], $5::text[],
        $6::timestamptz[])
    ), changed as (
      update inventory.stock s
      set received = s.received + k.difference, version = s.version + 1
      from unnest($7::text[], $8::integer[], $9::bigint[]) as k (sku, segment, difference)
      where s.sku = k.sku and s.segment = k.segment
      returning s.sku
    )
    insert into inventory.stock (sku, segment, received)
    select k.sku, k.segment, k.difference
    from unnest($7::text[], $8::integer[], $9::bigint[]) as k (sku, segment, difference)
    where not exists (
      select from inventory.stock s where s.sku = k.sku and s.segment = k.segment
    )
    order by k.sku, k.segment`
}

/** All choices there are. */
export const strategies: Statement = {
  name: "inventory_strategies",
  text: "select sku, strategy, segments from inventory.strategies"
}

/** The choices for these keys. */
export const strategiesOf: Statement = {
  name: "inventory_strategies_of",
  text: `select sku, strategy, segments from inventory.strategies
    where sku = any ($1::text[]) order by sku`
}

/** Key, strategy and segments; over how many rows its units are to lie. */
export const choose: Statement = {
  name: "inventory_choose",
  text: "select inventory.choose($1, $2, $3::integer, $4::integer)"
}

export const rebalance: Statement = {
  name: "inventory_rebalance",
  text: "select inventory.rebalance($1)"
}

/**
 * The statements of the stock. Those that write call functions of the migrations, which explain
 * their locking; here are the parameters they take.
 */
import type { Statement } from "../Database.ts"

/** Keys, units and allowances, then the columns of the orders. */
export const take: Statement = {
  name: "inventory_take",
  text: `select * from inventory.take($1::text[], $2::bigint[], $3::bigint[],
    $4::uuid[], $5::integer[], $6::timestamptz[], $7::integer[],
    $8::integer[], $9::text[], $10::bigint[])`
}

/** Keys, units, allowances and versions, then the columns of the orders. */
export const hold: Statement = {
  name: "inventory_hold",
  text: `select inventory.hold($1::text[], $2::bigint[], $3::bigint[], $4::bigint[],
    $5::uuid[], $6::integer[], $7::timestamptz[], $8::integer[],
    $9::integer[], $10::text[], $11::bigint[])`
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
 * Id, key, units, kind, reason and time per movement; key and difference per stock row. The caller
 * holds the locks of the rows that exist. A row, or a movement, that somebody else made meanwhile
 * is a unique violation: nothing is written, and the batch is sent again.
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
      from unnest($7::text[], $8::bigint[]) as k (sku, difference)
      where s.sku = k.sku and s.segment = 0
      returning s.sku
    )
    insert into inventory.stock (sku, received)
    select k.sku, k.difference from unnest($7::text[], $8::bigint[]) as k (sku, difference)
    where not exists (select from inventory.stock s where s.sku = k.sku and s.segment = 0)
    order by k.sku`
}

export const strategies: Statement = {
  name: "inventory_strategies",
  text: "select sku, strategy from inventory.strategies"
}

export const setStrategy: Statement = {
  name: "inventory_set_strategy",
  text: `insert into inventory.strategies (sku, strategy) values ($1, $2)
    on conflict (sku) do update set strategy = excluded.strategy`
}

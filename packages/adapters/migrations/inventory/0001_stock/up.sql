-- Locking, for everything below: whoever writes locks first its stock rows, in the order of
-- (sku, segment), and then its fence rows, in the order of order_id. Nobody holds a fence and
-- waits for stock, so two batches can wait for each other only one way round. Rows that another
-- batch is just inserting are waited for before any existing fence is locked.
-- Rows are locked by a join with the array and not by `= any`: each row that changed while it was
-- waited for is judged again, and then `any` would search the whole array for each of them.

create table inventory.stock (
  sku text collate "C" not null,
  segment integer not null default 0,
  received bigint not null default 0,
  reserved bigint not null default 0,
  sold bigint not null default 0,
  -- Raised by every update of the row.
  version bigint not null default 0,
  primary key (sku, segment),
  constraint received_is_not_negative check (received >= 0),
  constraint reserved_is_not_negative check (reserved >= 0),
  constraint sold_is_not_negative check (sold >= 0),
  constraint never_oversold check (received - reserved - sold >= 0)
) with (fillfactor = 50);

create table inventory.strategies (
  sku text collate "C" primary key,
  strategy text not null
);

create table inventory.movements (
  id uuid primary key,
  sku text collate "C" not null,
  segment integer not null default 0,
  quantity bigint not null,
  kind text not null,
  reason text not null,
  occurred_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint kind_is_known check (kind in ('receipt', 'adjustment', 'write_off'))
);
create index movements_by_stock on inventory.movements (sku, segment);

-- The key begins with what the table would be distributed by, and finds all segments of a line.
create table inventory.reservations (
  sku text collate "C" not null,
  segment integer not null,
  order_id uuid not null,
  saga_epoch integer not null,
  quantity bigint not null,
  returned bigint not null default 0,
  state text not null,
  expires_at timestamptz not null,
  primary key (sku, order_id, segment),
  constraint quantity_is_positive check (quantity > 0),
  constraint returned_is_within_quantity check (returned between 0 and quantity),
  constraint only_sold_units_return check (returned = 0 or state = 'committed'),
  constraint state_is_known check (state in ('held', 'committed', 'released', 'expired'))
) with (fillfactor = 50);

-- For the audit and for whoever asks what an order holds; writers come with the key.
create index reservations_of_order on inventory.reservations (order_id);

-- One row per order: the highest epoch seen, and how its reservation stands as a whole.
-- `open`: fenced, nothing was reserved yet. `released`: the tombstone that refuses a later reserve.
create table inventory.fences (
  order_id uuid primary key,
  saga_epoch integer not null,
  state text not null,
  -- Rows of the reservation, so that nobody settles a part of it.
  lines integer not null default 0,
  expires_at timestamptz,
  constraint state_is_known check (state in ('open', 'held', 'committed', 'released')),
  constraint held_until_some_time check (state <> 'held' or expires_at is not null)
) with (fillfactor = 50);

create table inventory.returns (
  return_id uuid not null,
  sku text collate "C" not null,
  segment integer not null,
  order_id uuid not null,
  quantity bigint not null,
  created_at timestamptz not null default now(),
  primary key (return_id, sku, segment),
  constraint quantity_is_positive check (quantity > 0)
);
create index returns_by_stock on inventory.returns (sku, segment);

create function inventory.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '%.% is append-only: % refused', tg_table_schema, tg_table_name, tg_op
    using hint = 'Write a further row that corrects the earlier one.';
end $$;

create trigger append_only before update or delete or truncate on inventory.movements
  for each statement execute function inventory.refuse_change();
create trigger append_only before update or delete or truncate on inventory.returns
  for each statement execute function inventory.refuse_change();

-- What a batch of reservations is decided on: the fences of its orders and the levels of its keys.
-- A key with an allowance counts as if its `received` already stood at the allowance. A key that
-- is neither stocked nor allowed has no `available`. Takes no lock.
create function inventory.look(keys text[], allowances bigint[], orders uuid[])
returns table (order_id uuid, state text, saga_epoch integer,
               sku text, available bigint, version bigint)
language sql stable as $$
  select f.order_id, f.state, f.saga_epoch, null::text, null::bigint, null::bigint
  from inventory.fences f
  where f.order_id = any (orders)
  union all
  select null, null, null, k.sku,
         greatest(coalesce(k.allowance, s.received), s.reserved + s.sold)
           - coalesce(s.reserved + s.sold, 0),
         s.version
  from unnest(keys, allowances) as k (sku, allowance)
  left join inventory.stock s on s.sku = k.sku and s.segment = 0
$$;

-- Makes the stock rows of allowances, and brings `received` to the allowance where it differs,
-- never below what is taken. The difference is a movement, so `received` stays explained. Answers
-- how many rows it made. The caller holds the locks of the rows that existed.
create function inventory.allow(keys text[], allowances bigint[]) returns bigint
language plpgsql as $$
declare
  rows_made bigint;
begin
  with made as (
    insert into inventory.stock (sku, segment, received)
    select k.sku, 0, k.allowance
    from unnest(keys, allowances) as k (sku, allowance)
    where k.allowance is not null
    order by k.sku
    on conflict do nothing
    returning sku, received
  ), noted as (
    insert into inventory.movements (id, sku, quantity, kind, reason, occurred_at)
    select gen_random_uuid(), made.sku, made.received, 'adjustment', 'allowance', now() from made
  )
  select count(*) into rows_made from made;

  with changed as (
    select s.sku, greatest(k.allowance, s.reserved + s.sold) - s.received as difference
    from unnest(keys, allowances) as k (sku, allowance)
    join inventory.stock s on s.sku = k.sku and s.segment = 0
    where k.allowance is not null
      and s.received <> greatest(k.allowance, s.reserved + s.sold)
  ), noted as (
    insert into inventory.movements (id, sku, quantity, kind, reason, occurred_at)
    select gen_random_uuid(), c.sku, c.difference, 'adjustment', 'allowance', now()
    from changed c
  )
  update inventory.stock s set received = s.received + c.difference
  from changed c
  where s.sku = c.sku and s.segment = 0;

  return rows_made;
end $$;

-- Writes reservations that are known, or hoped, to fit: all of them, or none and a serialization
-- failure. `keys` are the distinct ones of all lines, in order, `units` their sums; a version that
-- is given must still be the row's own. `line_orders` are positions in `orders`.
-- Stock rows are locked in order before they are updated, because an update with a join takes
-- them in whatever order its plan finds them. The conditions of the update are judged by a
-- snapshot taken behind that lock. The fence row comes last and decides between twins.
create function inventory.hold(
  keys text[], units bigint[], allowances bigint[], versions bigint[],
  orders uuid[], epochs integer[], expiries timestamptz[], sizes integer[],
  line_orders integer[], line_keys text[], line_quantities bigint[]
) returns void language plpgsql as $$
declare
  touched bigint;
begin
  perform from unnest(keys) as k (sku)
  join inventory.stock s on s.sku = k.sku and s.segment = 0
  order by s.sku for update of s;
  get diagnostics touched = row_count;

  if cardinality(allowances) > 0 then
    touched := touched + inventory.allow(keys, allowances);
  end if;
  -- A row that another batch has made meanwhile is not locked by this one.
  if touched <> cardinality(keys) then
    raise serialization_failure using message = 'a stock row was made meanwhile';
  end if;

  update inventory.stock s set reserved = s.reserved + k.units, version = s.version + 1
  from unnest(keys, units, versions) as k (sku, units, version)
  where s.sku = k.sku and s.segment = 0
    and s.received - s.reserved - s.sold >= k.units
    and (k.version is null or s.version = k.version);
  get diagnostics touched = row_count;
  if touched <> cardinality(keys) then
    raise serialization_failure using message = 'the stock was taken meanwhile';
  end if;

  insert into inventory.fences as f (order_id, saga_epoch, state, lines, expires_at)
  select o.order_id, o.epoch, 'held', o.size, o.expires_at
  from unnest(orders, epochs, sizes, expiries) as o (order_id, epoch, size, expires_at)
  order by o.order_id
  on conflict (order_id) do update
    set saga_epoch = excluded.saga_epoch, state = 'held',
        lines = excluded.lines, expires_at = excluded.expires_at
    where f.state = 'open' and f.saga_epoch <= excluded.saga_epoch;
  get diagnostics touched = row_count;
  if touched <> cardinality(orders) then
    raise serialization_failure using message = 'a twin of an order came first';
  end if;

  insert into inventory.reservations
    (sku, segment, order_id, saga_epoch, quantity, state, expires_at)
  select l.sku, 0, orders[l.position], epochs[l.position], l.quantity, 'held',
         expiries[l.position]
  from unnest(line_orders, line_keys, line_quantities) as l (position, sku, quantity);
end $$;

-- The whole of an `atomic` batch in one call. Where all orders are new and all fit it holds them
-- and answers one row with the state `taken`. Otherwise it writes nothing, takes no lock, and
-- answers what it saw (see `look`), so that a flood of orders for what is sold out only reads.
create function inventory.take(
  keys text[], units bigint[], allowances bigint[],
  orders uuid[], epochs integer[], expiries timestamptz[], sizes integer[],
  line_orders integer[], line_keys text[], line_quantities bigint[]
) returns table (order_id uuid, state text, saga_epoch integer,
                 sku text, available bigint, version bigint)
language plpgsql as $$
begin
  if exists (
    select from unnest(orders, epochs) as o (order_id, epoch)
    join inventory.fences f on f.order_id = o.order_id
    where f.state <> 'open' or f.saga_epoch > o.epoch
  ) or exists (
    select from unnest(keys, units, allowances) as k (sku, units, allowance)
    left join inventory.stock s on s.sku = k.sku and s.segment = 0
    where coalesce(
      greatest(coalesce(k.allowance, s.received), s.reserved + s.sold)
        - coalesce(s.reserved + s.sold, 0) < k.units,
      true)
  ) then
    return query select * from inventory.look(keys, allowances, orders);
  else
    perform inventory.hold(keys, units, allowances, null, orders, epochs, expiries, sizes,
                           line_orders, line_keys, line_quantities);
    return query select null::uuid, 'taken', null::integer, null::text, null::bigint, null::bigint;
  end if;
end $$;

-- Commits and releases: `verbs` are `committed`, `released` or `expired`, one per order. Answers
-- how each order was found: `none`, `superseded`, or the state of its fence. Only what was `held`
-- moves units. Releasing an order that was never seen leaves its tombstone, which is inserted
-- before any fence is locked: a reserve that is just under way is waited for, and then released.
-- Whether an order may move is judged once its stock rows and its fence are locked.
create function inventory.settle(
  verbs text[], orders uuid[], epochs integer[], keys text[],
  line_orders integer[], line_keys text[]
) returns text[] language plpgsql as $$
declare
  found_as text[];
  moves boolean[];
  touched bigint;
  expected bigint;
begin
  perform from unnest(keys) as k (sku)
  join inventory.stock s on s.sku = k.sku
  order by s.sku, s.segment for update of s;

  insert into inventory.fences (order_id, saga_epoch, state)
  select o.order_id, o.epoch, 'released'
  from unnest(orders, epochs, verbs) as o (order_id, epoch, verb)
  where o.verb <> 'committed'
  order by o.order_id
  on conflict do nothing;

  perform from inventory.fences f
  where f.order_id = any (orders)
  order by f.order_id for update;

  select array_agg(r.state order by r.position),
         array_agg(r.state = 'held' order by r.position),
         coalesce(sum(r.lines) filter (where r.state = 'held'), 0)
  into found_as, moves, expected
  from (
    select o.position, f.lines,
           case when f.order_id is null then 'none'
                when f.saga_epoch > o.epoch then 'superseded'
                else f.state end as state
    from unnest(orders, epochs) with ordinality as o (order_id, epoch, position)
    left join inventory.fences f on f.order_id = o.order_id
  ) r;

  with moved as (
    update inventory.reservations r set state = verbs[l.position]
    from unnest(line_orders, line_keys) as l (position, sku)
    where moves[l.position] and r.sku = l.sku and r.order_id = orders[l.position]
      and r.state = 'held'
    returning r.sku, r.segment, r.quantity, r.state
  ), change as (
    select m.sku, m.segment, sum(m.quantity) as units,
           coalesce(sum(m.quantity) filter (where m.state = 'committed'), 0) as sold
    from moved m
    group by m.sku, m.segment
  ), booked as (
    update inventory.stock s
    set reserved = s.reserved - c.units, sold = s.sold + c.sold, version = s.version + 1
    from change c
    where s.sku = c.sku and s.segment = c.segment
  )
  select count(*) into touched from moved;
  if touched <> expected then
    raise invalid_parameter_value
      using message = 'the keys given do not name the whole reservation of an order';
  end if;

  update inventory.fences f
  set saga_epoch = o.epoch,
      state = case when o.found_as in ('held', 'open') and o.verb <> 'committed' then 'released'
                   when o.found_as = 'held' then 'committed'
                   else f.state end
  from unnest(orders, epochs, verbs, found_as) as o (order_id, epoch, verb, found_as)
  where f.order_id = o.order_id
    and o.found_as not in ('none', 'superseded')
    and (o.found_as = 'held' or (o.found_as = 'open' and o.verb <> 'committed')
         or f.saga_epoch < o.epoch);

  return found_as;
end $$;

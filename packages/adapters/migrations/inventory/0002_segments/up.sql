-- Locking, for everything below: first the queues in front of keys, in the order of the keys; then
-- stock rows, in the order of (sku, segment); then the choice of a strategy, of one key only; then
-- fence rows, in the order of order_id. Nobody goes back in this order, so nobody waits in a circle.
-- The one exception is a row that is made while somebody already waits for its key's other rows:
-- whoever finds it unlocked starts again from the beginning.

alter table inventory.strategies
  add column segments integer not null default 1,
  add constraint segments_fit_strategy check (
    case when strategy = 'segmented' then segments between 2 and 256 else segments = 1 end
  );

drop function inventory.take(text[], bigint[], bigint[], uuid[], integer[], timestamptz[],
                             integer[], integer[], text[], bigint[]);
drop function inventory.hold(text[], bigint[], bigint[], bigint[], uuid[], integer[],
                             timestamptz[], integer[], integer[], text[], bigint[]);
drop function inventory.look(text[], bigint[], uuid[]);

-- What a batch of reservations is decided on: the fences of its orders and the rows of its keys.
-- A key with an allowance has one row, and counts as if its `received` already stood at the
-- allowance. A key that is neither stocked nor allowed has no `available`. Takes no lock.
create function inventory.look(keys text[], allowances bigint[], orders uuid[])
returns table (order_id uuid, state text, saga_epoch integer,
               sku text, segment integer, available bigint, version bigint)
language sql stable as $$
  select f.order_id, f.state, f.saga_epoch, null::text, null::integer, null::bigint, null::bigint
  from inventory.fences f
  where f.order_id = any (orders)
  union all
  select null, null, null, k.sku, s.segment,
         greatest(coalesce(k.allowance, s.received), s.reserved + s.sold)
           - coalesce(s.reserved + s.sold, 0),
         s.version
  from unnest(keys, allowances) as k (sku, allowance)
  left join inventory.stock s on s.sku = k.sku and (k.allowance is null or s.segment = 0)
$$;

-- Writes reservations that are known, or hoped, to fit: all of them, or none and a serialization
-- failure. `keys` with their `segments` are the distinct rows of all lines, in order, `units` their
-- sums; no segment is segment 0. A version that is given must still be the row's own.
-- `line_orders` are positions in `orders`.
-- Stock rows are locked in order before they are updated, because an update with a join takes
-- them in whatever order its plan finds them. The conditions of the update are judged by a
-- snapshot taken behind that lock. The fence row comes last and decides between twins.
create function inventory.hold(
  keys text[], segments integer[], units bigint[], allowances bigint[], versions bigint[],
  orders uuid[], epochs integer[], expiries timestamptz[], sizes integer[],
  line_orders integer[], line_keys text[], line_segments integer[], line_quantities bigint[]
) returns void language plpgsql as $$
declare
  touched bigint;
begin
  perform from unnest(keys, segments) as k (sku, segment)
  join inventory.stock s on s.sku = k.sku and s.segment = coalesce(k.segment, 0)
  order by s.sku, s.segment for update of s;
  get diagnostics touched = row_count;

  if cardinality(allowances) > 0 then
    touched := touched + inventory.allow(keys, allowances);
  end if;
  -- A row that another batch has made meanwhile is not locked by this one.
  if touched <> cardinality(keys) then
    raise serialization_failure using message = 'a stock row was made meanwhile';
  end if;

  update inventory.stock s set reserved = s.reserved + k.units, version = s.version + 1
  from unnest(keys, segments, units, versions) as k (sku, segment, units, version)
  where s.sku = k.sku and s.segment = coalesce(k.segment, 0)
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
  select l.sku, coalesce(l.segment, 0), orders[l.position], epochs[l.position], l.quantity,
         'held', expiries[l.position]
  from unnest(line_orders, line_keys, line_segments, line_quantities)
    as l (position, sku, segment, quantity);
end $$;

-- The whole of a batch in one call. Where all orders are new and all fit it holds them and answers
-- one row with the state `taken`. Otherwise it writes nothing and answers what it saw (see `look`).
-- Each key comes once, with the segment that it is hoped to be found in.
-- `queues` are keys whose queue is waited in until the transaction ends, before anything is read:
-- one batch at a time gets to their rows. Where `locks` is true all rows of the keys are locked
-- before anything is read. Otherwise a refusal takes no lock, so that a flood of orders for what
-- is sold out only reads.
create function inventory.take(
  queues text[], locks boolean,
  keys text[], segments integer[], units bigint[], allowances bigint[],
  orders uuid[], epochs integer[], expiries timestamptz[], sizes integer[],
  line_orders integer[], line_keys text[], line_segments integer[], line_quantities bigint[]
) returns table (order_id uuid, state text, saga_epoch integer,
                 sku text, segment integer, available bigint, version bigint)
language plpgsql as $$
begin
  if cardinality(queues) > 0 then
    perform pg_advisory_xact_lock(hashtextextended(q.key, 7042019))
    from (select key from unnest(queues) as u (key) order by key) as q;
  end if;
  if locks then
    perform from unnest(keys) as k (sku)
    join inventory.stock s on s.sku = k.sku
    order by s.sku, s.segment for update of s;
  end if;

  if exists (
    select from unnest(orders, epochs) as o (order_id, epoch)
    join inventory.fences f on f.order_id = o.order_id
    where f.state <> 'open' or f.saga_epoch > o.epoch
  ) or exists (
    select from unnest(keys, segments, units, allowances) as k (sku, segment, units, allowance)
    left join inventory.stock s on s.sku = k.sku and s.segment = coalesce(k.segment, 0)
    where coalesce(
      greatest(coalesce(k.allowance, s.received), s.reserved + s.sold)
        - coalesce(s.reserved + s.sold, 0) < k.units,
      true)
  ) then
    return query select * from inventory.look(keys, allowances, orders);
  else
    perform inventory.hold(keys, segments, units, allowances, null, orders, epochs, expiries,
                           sizes, line_orders, line_keys, line_segments, line_quantities);
    return query select null::uuid, 'taken', null::integer, null::text, null::integer,
                        null::bigint, null::bigint;
  end if;
end $$;

-- Commits and releases: `verbs` are `committed`, `released` or `expired`, one per order. Answers
-- how each order was found: `none`, `superseded`, or the state of its fence. Only what was `held`
-- moves units. Releasing an order that was never seen leaves its tombstone, which is inserted
-- before any fence is locked: a reserve that is just under way is waited for, and then released.
-- Whether an order may move is judged once its stock rows and its fence are locked.
-- Keys on several rows: locked are those on which the reservations lie, or all of the key where an
-- order's reservation cannot be seen, because a reserve that is under way holds one of them.
create or replace function inventory.settle(
  verbs text[], orders uuid[], epochs integer[], keys text[],
  line_orders integer[], line_keys text[]
) returns text[] language plpgsql as $$
declare
  found_as text[];
  moves boolean[];
  touched bigint;
  expected bigint;
begin
  if exists (
    select from unnest(keys) as k (sku)
    join inventory.stock s on s.sku = k.sku and s.segment = 1
  ) then
    perform from (
      select distinct l.sku, r.segment
      from unnest(line_orders, line_keys) as l (position, sku)
      left join inventory.reservations r on r.sku = l.sku and r.order_id = orders[l.position]
    ) as w
    join inventory.stock s on s.sku = w.sku
      and s.segment between coalesce(w.segment, 0) and coalesce(w.segment, 2147483647)
    order by s.sku, s.segment for update of s;
  else
    perform from unnest(keys) as k (sku)
    join inventory.stock s on s.sku = k.sku
    order by s.sku, s.segment for update of s;
  end if;

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

-- Lays the available units of a key out evenly over its first rows, and makes those that are
-- missing. Rows beyond them keep what is reserved and sold there, and nothing to sell. The sum of
-- `received` stays what it was. The caller holds the locks of all rows that existed.
create function inventory.lay_out(key text, row_count integer) returns void
language plpgsql as $$
begin
  insert into inventory.stock (sku, segment)
  select key, n from generate_series(0, row_count - 1) as n
  where exists (select from inventory.stock s where s.sku = key)
  order by n
  on conflict do nothing;

  update inventory.stock s
  set received = share.received, version = s.version + 1
  from (
    select l.segment, l.reserved + l.sold + case
             when l.segment >= row_count then 0
             when l.segment < t.units % row_count then t.units / row_count + 1
             else t.units / row_count end as received
    from inventory.stock l, (
      select sum(a.received - a.reserved - a.sold)::bigint as units
      from inventory.stock a where a.sku = key
    ) as t
    where l.sku = key
  ) as share
  where s.sku = key and s.segment = share.segment and s.received <> share.received;
end $$;

-- Chooses how a key is reserved, and lays its units out over so many rows.
create function inventory.choose(
  key text, chosen text, chosen_segments integer, row_count integer
) returns void language plpgsql as $$
begin
  perform from inventory.stock s where s.sku = key order by s.sku, s.segment for update;
  insert into inventory.strategies (sku, strategy, segments)
  values (key, chosen, chosen_segments)
  on conflict (sku) do update
    set strategy = excluded.strategy, segments = excluded.segments;
  perform inventory.lay_out(key, row_count);
end $$;

-- Lays the units of a key out evenly over the rows that its strategy has.
create function inventory.rebalance(key text) returns void language plpgsql as $$
begin
  perform from inventory.stock s where s.sku = key order by s.sku, s.segment for update;
  perform inventory.lay_out(
    key, coalesce((select c.segments from inventory.strategies c where c.sku = key), 1)
  );
end $$;

-- Orders, their history and shipments, the saga log, idempotency keys and workers' leases.
-- The state machine as rows; `from_state` is null for the event that creates an order.
create table orders.transitions (
  from_state text collate "C",
  event text collate "C" not null,
  to_state text collate "C" not null,
  constraint one_target_per_event unique nulls not distinct (from_state, event)
);
insert into orders.transitions (from_state, event, to_state) values
  (null, 'Place', 'pending_payment'),
  ('pending_payment', 'Capture', 'paid'),
  ('pending_payment', 'Cancel', 'canceled'),
  ('paid', 'Ship', 'shipped'),
  ('paid', 'Refund', 'refunded'),
  ('paid', 'PartialRefund', 'paid'),
  ('shipped', 'Deliver', 'completed'),
  ('shipped', 'Refund', 'refunded'),
  ('shipped', 'PartialRefund', 'shipped'),
  ('completed', 'Refund', 'refunded'),
  ('completed', 'PartialRefund', 'completed');

-- Updates never touch an indexed column, so with free space on the page they stay on it.
create table orders.orders (
  order_id uuid primary key,
  account text collate "C" not null,
  external_ref text collate "C",
  currency text collate "C" not null,
  state text collate "C" not null,
  saga_epoch integer not null,
  items_total bigint not null,
  discount_total bigint not null,
  shipping_total bigint not null,
  tax_total bigint not null,
  included_tax_total bigint not null,
  total bigint not null,
  refunded_total bigint not null default 0,
  last_seq integer not null,
  quote text not null,
  ship_to text,
  occurred_at timestamptz not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint currency_is_a_code check (currency ~ '^[A-Z]{3}$'),
  constraint epoch_counts_from_one check (saga_epoch >= 1),
  constraint history_counts_from_one check (last_seq >= 1),
  constraint amounts_are_not_negative check (
    items_total >= 0 and discount_total >= 0 and shipping_total >= 0
    and tax_total >= 0 and included_tax_total >= 0 and total >= 0
  ),
  constraint total_is_the_sum_of_its_parts check (
    total = items_total - discount_total + tax_total + shipping_total
  ),
  constraint refunds_within_the_total check (refunded_total between 0 and total)
) with (fillfactor = 80);
-- The reference leads, so that references can also be looked up over all accounts.
create unique index one_order_per_external_ref on orders.orders (external_ref, account)
  where external_ref is not null;
create index orders_of_account on orders.orders (account, order_id);

create table orders.order_lines (
  order_id uuid not null,
  line_no integer not null,
  sku text collate "C" not null,
  name text not null,
  kind text collate "C" not null,
  quantity integer not null,
  unit_price bigint not null,
  subtotal bigint not null,
  discount bigint not null,
  tax bigint not null,
  tax_included bigint not null,
  total bigint not null,
  primary key (order_id, line_no),
  constraint kind_is_known check (kind in ('stocked', 'service')),
  constraint quantity_is_positive check (quantity >= 1),
  constraint amounts_are_not_negative check (
    unit_price >= 0 and subtotal >= 0 and discount >= 0 and tax >= 0 and tax_included >= 0
  ),
  constraint total_is_the_sum_of_its_parts check (total = subtotal - discount + tax)
);

create table orders.order_events (
  order_id uuid not null,
  seq integer not null,
  event text collate "C" not null,
  from_state text collate "C",
  to_state text collate "C" not null,
  saga_id uuid not null,
  at timestamptz not null,
  primary key (order_id, seq),
  constraint one_event_of_a_kind_per_saga unique (order_id, saga_id, event),
  constraint seq_counts_from_one check (seq >= 1),
  constraint only_the_first_comes_from_nothing check ((seq = 1) = (from_state is null))
);

create table orders.shipments (
  order_id uuid not null,
  shipment_id uuid not null,
  state text collate "C" not null,
  carrier text,
  tracking text,
  requested_at timestamptz not null,
  shipped_at timestamptz,
  delivered_at timestamptz,
  primary key (order_id, shipment_id),
  constraint state_has_its_times check (
    (state = 'requested' and shipped_at is null and delivered_at is null)
    or (state = 'shipped' and shipped_at is not null and delivered_at is null)
    or (state = 'delivered' and shipped_at is not null and delivered_at is not null)
  )
) with (fillfactor = 70);

create table orders.sagas (
  saga_id uuid primary key,
  kind text collate "C" not null,
  order_id uuid not null,
  account text collate "C" not null,
  key text collate "C",
  payload text,
  state text collate "C" not null,
  owner text collate "C",
  epoch integer not null,
  cancel_requested boolean not null default false,
  run_after timestamptz not null,
  attempts integer not null default 0,
  last_error text,
  opened_at timestamptz not null,
  deadline_at timestamptz not null,
  closed_at timestamptz,
  constraint state_is_known check (state in ('open', 'done', 'failed')),
  constraint closed_sagas_have_their_time check ((state = 'open') = (closed_at is null)),
  constraint open_sagas_have_their_payload check (state <> 'open' or payload is not null),
  constraint closed_sagas_have_no_owner check (state = 'open' or owner is null),
  constraint epoch_counts_from_one check (epoch >= 1)
) with (fillfactor = 80);
create index open_sagas on orders.sagas (saga_id) where state = 'open';
create index sagas_of_order on orders.sagas (order_id);

create table orders.idempotency_keys (
  account text collate "C" not null,
  key text collate "C" not null,
  fingerprint text collate "C" not null,
  saga_id uuid not null,
  order_id uuid not null,
  status integer,
  body text,
  created_at timestamptz not null,
  primary key (account, key),
  constraint an_answer_has_status_and_body check ((status is null) = (body is null))
) with (fillfactor = 70);

create table orders.workers (
  worker text collate "C" primary key,
  lease_until timestamptz not null
) with (fillfactor = 50);

-- The transition table holds for whoever writes, not only for this program.
create function orders.refuse_illegal_transition() returns trigger language plpgsql as $$
declare
  before_state text := case when tg_op = 'UPDATE' then old.state end;
begin
  if not exists (
    select from orders.transitions t
    where t.from_state is not distinct from before_state and t.to_state = new.state
  ) then
    raise exception 'order % cannot go from % to %',
        new.order_id, coalesce(before_state, 'nothing'), new.state
      using errcode = 'check_violation',
        hint = 'The table orders.transitions lists what is possible.';
  end if;
  return new;
end $$;
create trigger order_is_placed before insert on orders.orders
  for each row execute function orders.refuse_illegal_transition();
create trigger order_moves_legally before update of state on orders.orders
  for each row when (old.state is distinct from new.state)
  execute function orders.refuse_illegal_transition();

create function orders.refuse_illegal_event() returns trigger language plpgsql as $$
begin
  if not exists (
    select from orders.transitions t
    where t.from_state is not distinct from new.from_state
      and t.event = new.event and t.to_state = new.to_state
  ) then
    raise exception 'order %: % does not lead from % to %',
        new.order_id, new.event, coalesce(new.from_state, 'nothing'), new.to_state
      using errcode = 'check_violation',
        hint = 'The table orders.transitions lists what is possible.';
  end if;
  return new;
end $$;
create trigger event_is_legal before insert on orders.order_events
  for each row execute function orders.refuse_illegal_event();

create function orders.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '%.% is append-only: % is refused', tg_table_schema, tg_table_name, tg_op
    using errcode = 'restrict_violation',
      hint = 'History is corrected by adding to it, never by changing it.';
end $$;
create trigger append_only before update or delete or truncate on orders.order_events
  for each statement execute function orders.refuse_change();

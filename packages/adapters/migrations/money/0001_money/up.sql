-- Payments, refunds, receipts and the journal.
create table money.payments (
  payment_id uuid primary key,
  order_id uuid not null,
  saga_epoch integer not null,
  provider text collate "C" not null,
  currency text collate "C" not null,
  amount bigint not null,
  sales bigint not null,
  discounts bigint not null,
  shipping bigint not null,
  tax bigint not null,
  state text collate "C" not null,
  decline_reason text,
  captured bigint not null default 0,
  unapplied bigint not null default 0,
  intended bigint not null default 0,
  refunded bigint not null default 0,
  unapplied_refunded bigint not null default 0,
  tax_refunded bigint not null default 0,
  deferred bigint not null default 0,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint state_is_known check (
    state in ('created', 'capture_sent', 'captured', 'declined', 'canceled')
  ),
  constraint currency_is_a_code check (currency ~ '^[A-Z]{3}$'),
  constraint epoch_counts_from_one check (saga_epoch >= 1),
  constraint parts_are_not_negative check (
    sales >= 0 and discounts >= 0 and shipping >= 0 and tax >= 0
  ),
  constraint amount_is_the_sum_of_its_parts check (
    amount > 0 and amount = sales - discounts + shipping + tax
  ),
  constraint unapplied_within_captured check (unapplied between 0 and captured),
  constraint applied_is_all_or_nothing check (
    captured - unapplied = case when state = 'captured' then amount else 0 end
  ),
  constraint intended_within_captured check (intended between 0 and captured),
  constraint refunded_within_intended check (refunded between 0 and intended),
  constraint unapplied_refunds_within_unapplied check (
    unapplied_refunded between 0 and least(unapplied, refunded)
  ),
  constraint order_refunds_within_applied check (
    refunded - unapplied_refunded <= captured - unapplied
  ),
  constraint tax_refunds_within_tax check (tax_refunded between 0 and tax),
  constraint deferred_within_net check (deferred between 0 and amount - tax)
) with (fillfactor = 70);
create index payments_of_order on money.payments (order_id);
create unique index one_applied_payment_per_order on money.payments (order_id)
  where captured > unapplied;

-- The epoch below which a worker may no longer write for an order.
create table money.fences (
  order_id uuid primary key,
  saga_epoch integer not null,
  constraint epoch_counts_from_one check (saga_epoch >= 1)
);

-- Every capture that came in, once, by the provider's own id.
create table money.receipts (
  capture_id text collate "C" primary key,
  payment_id uuid not null,
  amount bigint not null,
  currency text collate "C" not null,
  applied boolean not null,
  occurred_at timestamptz not null,
  constraint amount_is_positive check (amount > 0)
);
create index receipts_of_payment on money.receipts (payment_id);

create table money.refunds (
  refund_id uuid primary key,
  payment_id uuid not null,
  order_id uuid not null,
  amount bigint not null,
  source text collate "C" not null,
  state text collate "C" not null,
  intended_at timestamptz not null,
  refunded_at timestamptz,
  constraint amount_is_positive check (amount > 0),
  constraint source_is_known check (source in ('order', 'unapplied')),
  constraint state_has_its_time check (
    (state = 'intended' and refunded_at is null)
    or (state = 'refunded' and refunded_at is not null)
  )
) with (fillfactor = 70);
create index refunds_of_order on money.refunds (order_id);

create table money.entries (
  entry_id text collate "C" primary key,
  kind text collate "C" not null,
  currency text collate "C" not null,
  order_id uuid,
  payment_id uuid,
  memo text not null,
  occurred_at timestamptz not null,
  posted_at timestamptz not null default now(),
  constraint currency_is_a_code check (currency ~ '^[A-Z]{3}$')
);
create index entries_of_order on money.entries (order_id, entry_id);

create table money.postings (
  entry_id text collate "C" not null,
  posting_no smallint not null,
  account text collate "C" not null,
  amount bigint not null,
  primary key (entry_id, posting_no),
  constraint posting_counts_from_one check (posting_no >= 1),
  constraint amount_is_not_zero check (amount <> 0)
);

-- Differences found while booking, for reconciliation.
create table money.breaks (
  break_id text collate "C" primary key,
  reason_code text collate "C" not null,
  payment_id uuid,
  capture_id text collate "C",
  amount bigint not null,
  currency text collate "C" not null,
  at timestamptz not null,
  note text not null
);

create function money.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '%.% is append-only: % is refused', tg_table_schema, tg_table_name, tg_op
    using errcode = 'restrict_violation',
      hint = 'A wrong booking is corrected by a further entry, never by changing it.';
end $$;
create trigger append_only before update or delete or truncate on money.entries
  for each statement execute function money.refuse_change();
create trigger append_only before update or delete or truncate on money.postings
  for each statement execute function money.refuse_change();
create trigger append_only before update or delete or truncate on money.receipts
  for each statement execute function money.refuse_change();

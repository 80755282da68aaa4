-- The book of the sandbox payment provider: another system, so no table here refers to one there.
create schema if not exists sandbox;

create table sandbox.payments (
  payment_id uuid primary key,
  amount bigint not null,
  currency text not null,
  state text not null default 'unconfirmed',
  reason text,
  settles_at timestamptz,
  captured_at timestamptz,
  constraint payment_amount_positive check (amount > 0),
  constraint payment_state_known
    check (state in ('unconfirmed', 'pending', 'captured', 'declined', 'canceled')),
  constraint captured_has_time check ((state = 'captured') = (captured_at is not null))
) with (fillfactor = 70);

create table sandbox.refunds (
  refund_id uuid primary key,
  payment_id uuid not null references sandbox.payments,
  amount bigint not null,
  created_at timestamptz not null default now(),
  constraint refund_amount_positive check (amount > 0)
);

create index refunds_by_payment on sandbox.refunds (payment_id);

-- Windows are [valid_from, valid_to); null is unbounded. Amounts are minor units.

create table catalog.products (
  sku text collate "C" primary key,
  name text not null,
  kind text not null,
  -- Unlisted products keep their stock and history, but nobody can order them.
  listed boolean not null,
  tax_category text not null,
  categories text[],
  purchase_limit integer,
  constraint kind_is_known check (kind in ('stocked', 'service')),
  constraint purchase_limit_is_positive check (purchase_limit > 0)
);

-- No foreign key to the products: a price may be there first.
create table catalog.prices (
  sku text collate "C" not null,
  currency text not null,
  kind text not null,
  valid_from timestamptz,
  valid_to timestamptz,
  amount bigint not null,
  min_unit_price bigint,
  constraint price_is_stated_once unique nulls not distinct (sku, currency, kind, valid_from),
  constraint kind_is_known check (kind in ('regular', 'flash')),
  constraint amount_is_not_negative check (amount >= 0),
  constraint min_unit_price_is_not_negative check (min_unit_price >= 0)
);

-- What a promotion says is a document that the program reads; the window is kept beside it.
create table catalog.promotions (
  id text collate "C" primary key,
  valid_from timestamptz,
  valid_to timestamptz,
  document json not null
);

create table catalog.tax_rates (
  category text collate "C" primary key,
  -- A decimal, as it was written: "19.00" stays "19.00".
  percent text not null,
  mode text not null,
  constraint mode_is_known check (mode in ('inclusive', 'exclusive'))
);

create table catalog.shipping_methods (
  id text collate "C" not null,
  currency text not null,
  name text not null,
  amount bigint not null,
  tax_category text not null,
  primary key (id, currency),
  constraint amount_is_not_negative check (amount >= 0)
);

-- One row per account; the lines in the order in which they were added.
create table catalog.carts (
  account text collate "C" primary key,
  lines json not null,
  updated_at timestamptz not null default now()
) with (fillfactor = 70);

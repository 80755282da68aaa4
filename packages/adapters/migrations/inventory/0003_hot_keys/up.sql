-- The keys that the autopilot has promoted, each with what it chose for it. A key leaves the list
-- when it is demoted, or when the staff has chosen otherwise.
create table inventory.hot_keys (
  sku text collate "C" primary key,
  strategy text not null,
  segments integer not null,
  since timestamptz not null
);

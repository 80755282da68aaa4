-- How far the saga log was gone through for what is past. One row at most, and whoever locks it
-- goes on; without it the log is gone through from its beginning.
create table orders.retention (
  single boolean primary key default true,
  -- Ids begin with their time, so all sagas up to this one are older than those behind it.
  reached uuid not null,
  constraint there_is_one_row_at_most check (single)
) with (fillfactor = 50);

-- Sagas that were passed before they could be retired: open ones, mostly.
create table orders.retention_waiting (
  saga_id uuid primary key
);

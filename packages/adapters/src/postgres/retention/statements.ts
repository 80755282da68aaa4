import type { Statement } from "../Database.ts"

/** For the first one who ever comes: the beginning of the log. */
export const begin: Statement = {
  name: "orders.retention.begin",
  text: `
    insert into orders.retention (reached) values ('00000000-0000-0000-0000-000000000000')
    on conflict do nothing`
}

/** One process at a time; who comes meanwhile finds no row, and leaves it to the other. */
export const take: Statement = {
  name: "orders.retention.take",
  text: "select reached from orders.retention for update skip locked"
}

/**
 * To be sent behind `take`, with what it has read, the first id that is too young, the same as a
 * time, and a limit. Looks at the next sagas, and at those that were passed while they were open.
 *
 * Sagas are locked in the order of their ids, and before their keys, as by all who write both. A
 * key that a later saga holds is not the retired one's. Who claims a key while it is deleted waits
 * for it, and holds nothing that this waits for.
 */
export const retire: Statement = {
  name: "orders.retention.retire",
  text: `
    with passed as (
      select saga_id, state <> 'open' and opened_at < $3::timestamptz as is_past
      from orders.sagas
      where saga_id > $1::uuid and saga_id < $2::uuid
      order by saga_id
      limit $4::integer
    ), met as (
      select w.saga_id
      from orders.retention_waiting w join orders.sagas s using (saga_id)
      where w.saga_id < $2::uuid and s.state <> 'open' and s.opened_at < $3::timestamptz
      order by w.saga_id
      limit $4::integer
    ), past as (
      select s.saga_id, s.account, s.key, s.payload is not null as has_payload
      from (select saga_id from passed where is_past union select saga_id from met) as p
      join orders.sagas s using (saga_id)
      where s.key is not null or s.payload is not null
      order by s.saga_id
      for no key update of s
    ), freed as (
      delete from orders.idempotency_keys k using past p
      where k.account = p.account and k.key = p.key and k.saga_id = p.saga_id
      returning k.saga_id
    ), emptied as (
      update orders.sagas s set key = null, payload = null
      from past p where s.saga_id = p.saga_id
    ), left_waiting as (
      insert into orders.retention_waiting (saga_id)
      select saga_id from passed where not is_past
      on conflict do nothing
    ), done_waiting as (
      delete from orders.retention_waiting w using met m where w.saga_id = m.saga_id
    ), moved as (
      update orders.retention r set reached = p.saga_id
      from (select saga_id from passed order by saga_id desc limit 1) as p
    )
    select (select count(*) from freed) as keys,
      (select count(*) from past where has_payload) as payloads,
      greatest((select count(*) from passed), (select count(*) from met)) as looked_at`
}

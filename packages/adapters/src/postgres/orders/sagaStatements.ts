import type { Statement } from "../Database.ts"

export const sagaColumns = `saga_id, kind, order_id, account, key, coalesce(payload, '') as payload,
  state, owner, epoch, cancel_requested, run_after, attempts, last_error, opened_at, deadline_at,
  closed_at`

/**
 * Claims keys and writes sagas. Keys are inserted in sorted order, so two batches with common keys
 * wait for each other instead of locking crosswise; who comes second conflicts and inserts nothing.
 * The rows that it lost to may be younger than this statement's snapshot: `losers` reads them.
 */
export const open: Statement = {
  name: "orders.sagas.open",
  text: `
    with input as (
      select i.* from unnest(
        $1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[],
        $8::text[], $9::timestamptz[], $10::timestamptz[]
      ) with ordinality as i (
        saga_id, kind, order_id, account, key, fingerprint, payload, worker, at, deadline_at, item
      )
      where not exists (select from orders.sagas s where s.saga_id = i.saga_id)
    ), claimed as (
      insert into orders.idempotency_keys
        (account, key, fingerprint, saga_id, order_id, created_at)
      select account, key, fingerprint, saga_id, order_id, at from input
      where key is not null
      order by account, key, item
      on conflict (account, key) do nothing
      returning saga_id
    )
    insert into orders.sagas
      (saga_id, kind, order_id, account, key, payload, state, owner, epoch, run_after, opened_at,
       deadline_at)
    select saga_id, kind, order_id, account, key, payload, 'open', worker, 1, at, at, deadline_at
    from input
    where key is null or saga_id in (select saga_id from claimed)
    order by saga_id
    on conflict (saga_id) do nothing
    returning saga_id`
}

/** What stands where `open` inserted nothing, in the order asked for. */
export const losers: Statement = {
  name: "orders.sagas.losers",
  text: `
    select s.saga_id is not null as opened, k.saga_id as holder, k.fingerprint, k.status, k.body
    from unnest($1::uuid[], $2::text[], $3::text[])
      with ordinality as i (saga_id, account, key, item)
    left join orders.sagas s on s.saga_id = i.saga_id
    left join orders.idempotency_keys k on k.account = i.account and k.key = i.key
    order by i.item`
}

/** Sagas are locked in the order of their ids, before anything that belongs to them. */
export const lock: Statement = {
  name: "orders.sagas.lock",
  text: `
    select saga_id, epoch, state, account, key, cancel_requested from orders.sagas
    where saga_id = any($1::uuid[])
    order by saga_id
    for no key update`
}

/** Closes sagas that `lock` holds, and answers or frees their keys. */
export const closing = (first: number): string => `
  closed as (
    update orders.sagas s
    set state = i.state, epoch = i.epoch, closed_at = i.at, last_error = i.error, owner = null,
      payload = case when i.state = 'done' then null else s.payload end
    from unnest(
      $${first}::uuid[], $${first + 1}::integer[], $${first + 2}::timestamptz[],
      $${first + 3}::text[], $${first + 4}::text[]
    ) as i (saga_id, epoch, at, state, error)
    where s.saga_id = i.saga_id
  ), freed as (
    delete from orders.idempotency_keys k
    using unnest(
      $${first + 5}::text[], $${first + 6}::text[], $${first + 7}::uuid[], $${first + 8}::integer[]
    ) as i (account, key, saga_id, status)
    where k.account = i.account and k.key = i.key and k.saga_id = i.saga_id
      and i.status is null and k.status is null
  ), answered as (
    update orders.idempotency_keys k set status = i.status, body = i.body
    from unnest(
      $${first + 5}::text[], $${first + 6}::text[], $${first + 7}::uuid[],
      $${first + 8}::integer[], $${first + 9}::text[]
    ) as i (account, key, saga_id, status, body)
    where k.account = i.account and k.key = i.key and k.saga_id = i.saga_id
      and i.status is not null and k.status is null
  )`

export const close: Statement = {
  name: "orders.sagas.close",
  text: `with ${closing(1)} select`
}

/** In the order asked for; a row of nulls where nobody has claimed the key. */
export const claimsOf: Statement = {
  name: "orders.idempotency_keys.claims_of",
  text: `
    select k.fingerprint, k.status, k.body
    from unnest($1::text[], $2::text[]) with ordinality as i (account, key, item)
    left join orders.idempotency_keys k on k.account = i.account and k.key = i.key
    order by i.item`
}

export const cancelRequested: Statement = {
  name: "orders.sagas.cancel_requested",
  text: `
    select saga_id from orders.sagas where saga_id = any($1::uuid[]) and cancel_requested`
}

export const lockCheckout: Statement = {
  name: "orders.sagas.lock_checkout",
  text: `
    select saga_id from orders.sagas
    where order_id = $1::uuid and kind = 'checkout' and state = 'open'
    for no key update`
}

/**
 * To be sent behind `lockCheckout`: a move to `paid` holds that lock until it commits, so it
 * either sees the flag or is seen here.
 */
export const requestCancel: Statement = {
  name: "orders.sagas.request_cancel",
  text: `
    update orders.sagas s set cancel_requested = true
    where s.order_id = $1::uuid and s.kind = 'checkout' and s.state = 'open'
      and ($2::text is null or s.account = $2)
      and not exists (
        select from orders.orders o
        where o.order_id = s.order_id and o.state <> 'pending_payment'
      )
    returning s.saga_id`
}

export const stateOfOrder: Statement = {
  name: "orders.sagas.state_of_order",
  text: `
    select state from orders.orders
    where order_id = $1::uuid and ($2::text is null or account = $2)`
}

export const park: Statement = {
  name: "orders.sagas.park",
  text: `
    update orders.sagas
    set owner = null, run_after = $4::timestamptz, attempts = attempts + 1, last_error = $3
    where saga_id = $1::uuid and epoch <= $2::integer and state = 'open'`
}

/** The beginning of time is before any process's clock. */
export const retry: Statement = {
  name: "orders.sagas.retry",
  text: `
    update orders.sagas set run_after = 'epoch', attempts = 0
    where saga_id = $1::uuid and state = 'open'
    returning saga_id`
}

/** Waits for any worker, or is owned by one whose lease, on the database's clock, has run out. */
const isFree = (now: string) => `s.state = 'open'
  and case when s.owner is null then s.run_after <= ${now}::timestamptz
    else not exists (
      select from orders.workers w where w.worker = s.owner and w.lease_until > now()
    ) end`

/** Rows that another worker is just claiming, or that their owner is writing to, are skipped. */
export const lockFree: Statement = {
  name: "orders.sagas.lock_free",
  text: `
    select s.saga_id from orders.sagas s
    where ${isFree("$1")}
    order by s.saga_id
    limit $2::integer
    for update of s skip locked`
}

/**
 * To be sent behind `lockFree`, for what it has locked. Only a snapshot taken under those locks
 * tells for certain that nobody claimed a saga, and took a lease, just before.
 */
export const claim: Statement = {
  name: "orders.sagas.claim",
  text: `
    update orders.sagas s set owner = $1, epoch = s.epoch + 1
    where s.saga_id = any($3::uuid[]) and ${isFree("$2")}
    returning ${sagaColumns}`
}

/** Rows that somebody is just writing to are skipped: they are met again at the next beat. */
export const reclaim: Statement = {
  name: "orders.sagas.reclaim",
  text: `
    update orders.sagas s set epoch = s.epoch + 1
    where s.saga_id in (
      select own.saga_id from orders.sagas own
      where own.state = 'open' and own.owner = $1 and own.opened_at <= $3::timestamptz
        and own.saga_id <> all($2::uuid[])
      order by own.saga_id
      for update skip locked
    )
    returning ${sagaColumns}`
}

export const lease: Statement = {
  name: "orders.sagas.lease",
  text: `
    insert into orders.workers (worker, lease_until)
    values ($1, now() + $2::double precision * interval '1 millisecond')
    on conflict (worker) do update set lease_until = excluded.lease_until`
}

export const handOver: Statement = {
  name: "orders.sagas.hand_over",
  text: `
    with ended as (delete from orders.workers where worker = $1)
    update orders.sagas set owner = null, run_after = 'epoch'
    where owner = $1 and state = 'open'`
}

export const find: Statement = {
  name: "orders.sagas.find",
  text: `select ${sagaColumns} from orders.sagas where saga_id = $1::uuid`
}

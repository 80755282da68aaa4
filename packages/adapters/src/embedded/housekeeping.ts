import type { PGlite } from "@electric-sql/pglite"

/**
 * A Postgres server has background processes; this one has a single thread and none of them. So
 * between the clients' statements we do what they would: a checkpoint, or else the write-ahead log
 * grows until the store stops (and a restart after a crash has to replay all of it), and vacuum and
 * analyze of the table that needs it most, by autovacuum's own rule.
 */
const walBytesMax = 64 * 1024 * 1024

const walSinceCheckpoint = `
  select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), redo_lsn)::float8 as bytes
  from pg_control_checkpoint()`

const neediestTable = `
  select format('%I.%I', s.schemaname, s.relname) as name
  from pg_stat_user_tables s join pg_class c on c.oid = s.relid
  where s.n_dead_tup > 1000 + 0.2 * greatest(c.reltuples, 0)
     or s.n_mod_since_analyze > 500 + 0.1 * greatest(c.reltuples, 0)
  order by s.n_dead_tup + s.n_mod_since_analyze desc
  limit 1`

/** At most one of the two per call, so that clients wait for a short while only. */
export const housekeeping = async (db: PGlite): Promise<void> => {
  const wal = await db.query<{ bytes: number }>(walSinceCheckpoint)
  if (Number(wal.rows[0]?.bytes) > walBytesMax) {
    await db.exec("checkpoint")
    return
  }
  const needy = await db.query<{ name: string }>(neediestTable)
  if (needy.rows[0] !== undefined) await db.exec(`vacuum (analyze) ${needy.rows[0].name}`)
}

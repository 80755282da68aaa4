import { setTimeout as sleep } from "node:timers/promises"
import * as Database from "@doorbuster/adapters/postgres/Database"
import { types } from "@doorbuster/adapters/postgres/rows"
import * as Effect from "effect/Effect"
import pg from "pg"
import { migratedDatabase } from "../../postgres/testDatabase.ts"
import { contentsOf, type TableName, tableNames } from "./contents.ts"
import type { Side } from "./Side.ts"

/**
 * Who waits for a row or in a queue, and who holds it, all seen at one moment. Clients are told
 * apart by name, because a pool replaces a connection on which a statement has failed.
 * Locks of other kinds are let go without anybody's turn: the server's own housekeeping takes a
 * table for a while.
 */
const waits = {
  name: "waits",
  text: `with locks as materialized (
      select pid, granted,
        (locktype, database, relation, page, tuple, transactionid::text, classid, objid)::text
          as what
      from pg_locks where locktype in ('transactionid', 'tuple', 'advisory')
    )
    select w.pid, a.application_name as client, h.pid as by, b.application_name as holder,
      b.state = 'idle in transaction' as is_idle
    from locks w
    join pg_stat_activity a on a.pid = w.pid and a.datname = current_database()
    join locks h on h.what = w.what and h.granted
    join pg_stat_activity b on b.pid = h.pid
    where not w.granted`
}

interface Waiting {
  readonly pid: number
  readonly client: string
  readonly by: number
  readonly holder: string
  readonly is_idle: boolean
}

const nameOf = (client: number): string => `client-${client}`

class PostgresSide implements Side {
  readonly databases: ReadonlyArray<Database.Database>
  readonly #monitor: pg.Client

  constructor(databases: ReadonlyArray<Database.Database>, monitor: pg.Client) {
    this.databases = databases
    this.#monitor = monitor
  }

  /** Empties all tables. */
  async empty(): Promise<void> {
    await this.#monitor.query(tableNames.map((table) => `delete from ${table}`).join(";"))
  }

  turn(): void {}

  /**
   * Those who wait, maybe through others, for a client whose transaction is open and who has been
   * answered: it holds what it holds until its next turn. All else passes, however long a loaded
   * machine takes: a holder that is about to end, a deadlock that has yet to be found.
   */
  async waiting(clients: ReadonlyArray<number>): Promise<ReadonlySet<number>> {
    const { rows } = await this.#monitor.query<Waiting>(waits)
    const running = new Set(clients.map(nameOf))
    const waiters = new Set(rows.map(({ pid }) => pid))
    const isAnswered = ({ by, holder, is_idle }: Waiting) =>
      is_idle && !running.has(holder) && !waiters.has(by)
    const stuck = new Set(rows.filter(isAnswered).map(({ pid }) => pid))
    for (let before = -1; before < stuck.size; ) {
      before = stuck.size
      for (const { by, pid } of rows) if (stuck.has(by)) stuck.add(pid)
    }
    const names = new Set(rows.flatMap(({ client, pid }) => (stuck.has(pid) ? [client] : [])))
    return new Set(clients.filter((client) => names.has(nameOf(client))))
  }

  /** Long enough for most answers, and for the deadlock time-out. */
  async pause(): Promise<void> {
    await sleep(1)
  }

  async contents() {
    const rows = new Map<TableName, ReadonlyArray<Record<string, unknown>>>()
    for (const table of tableNames) {
      rows.set(table, (await this.#monitor.query(`select * from ${table}`)).rows)
    }
    return contentsOf(rows)
  }
}

const poolMax = 1

/** A real server with so many connections. Its commits need not last: nobody looks for them. */
export const postgresSide = (clients: number) =>
  Effect.gen(function* () {
    const { url } = yield* migratedDatabase(["inventory", "orders", "money"])
    const connectionOf = (client: number) => ({
      connectionString: url,
      application_name: nameOf(client),
      options: "-c deadlock_timeout=1 -c synchronous_commit=off"
    })
    const databases = yield* Effect.forEach(Array.from({ length: clients }), (_, client) =>
      Database.make({ connection: connectionOf(client), poolMax })
    )
    const monitor = yield* Effect.acquireRelease(
      Effect.promise(async () => {
        // As a replica, the server lets append-only tables be emptied.
        const options = "-c session_replication_role=replica -c synchronous_commit=off"
        const client = new pg.Client({ connectionString: url, options, types })
        await client.connect()
        return client
      }),
      (client) => Effect.promise(() => client.end())
    )
    return new PostgresSide(databases, monitor)
  })

import { setTimeout as sleep } from "node:timers/promises"
import * as Database from "@doorbuster/adapters/postgres/Database"
import { types } from "@doorbuster/adapters/postgres/rows"
import * as Effect from "effect/Effect"
import pg from "pg"
import { migratedDatabase } from "../../postgres/testDatabase.ts"
import { contentsOf, type TableName, tableNames } from "./contents.ts"
import type { Side } from "./Side.ts"

/**
 * Who waits for a lock and for whom. Clients are told apart by name, because a pool replaces a
 * connection on which a statement has failed.
 */
const waits = {
  name: "waits",
  text: `select a.application_name as client, l.pid, pg_blocking_pids(l.pid) as by
    from pg_locks l join pg_stat_activity a on a.pid = l.pid
    where not l.granted and a.datname = current_database() order by l.pid`
}

interface Waiting {
  readonly client: string
  readonly pid: number
  readonly by: ReadonlyArray<number>
}

const nameOf = (client: number): string => `client-${client}`

/** Whether somebody waits for himself: a deadlock that the server has yet to find. */
const hasCircle = (rows: ReadonlyArray<Waiting>): boolean => {
  const by = new Map(rows.map((row) => [row.pid, row.by]))
  const reaches = (from: number, to: number, seen: Set<number>): boolean =>
    (by.get(from) ?? []).some((next) => {
      if (next === to) return true
      if (seen.has(next)) return false
      seen.add(next)
      return reaches(next, to, seen)
    })
  return rows.some(({ pid }) => reaches(pid, pid, new Set()))
}

class PostgresSide implements Side {
  readonly databases: ReadonlyArray<Database.Database>
  readonly #monitor: pg.Client

  constructor(databases: ReadonlyArray<Database.Database>, monitor: pg.Client) {
    this.databases = databases
    this.#monitor = monitor
  }

  /** Ends what a history has left behind that came to no end, and empties all tables. */
  async empty(): Promise<void> {
    await this.#monitor.query(
      "select pg_terminate_backend(pid) from pg_stat_activity " +
        "where datname = current_database() and state <> 'idle' and pid <> pg_backend_pid()"
    )
    await this.#monitor.query(tableNames.map((table) => `delete from ${table}`).join(";"))
  }

  turn(): void {}

  async waiting(clients: ReadonlyArray<number>): Promise<ReadonlySet<number>> {
    const ask = async () => (await this.#monitor.query<Waiting>(waits)).rows
    const rows = await ask()
    const names = new Set(rows.map(({ client }) => client))
    const waiting = new Set(clients.filter((client) => names.has(nameOf(client))))
    if (rows.length < 2) return waiting
    // Who is said to block whom is younger than who waits: only what stays so is true.
    const isStill = JSON.stringify(rows) === JSON.stringify(await ask())
    return isStill && !hasCircle(rows) ? waiting : new Set()
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

/** Sessions side by side, on a real server or on the simulated one, statement by statement. */
import type { Statement } from "@doorbuster/adapters/postgres/Database"
import { type Row, types } from "@doorbuster/adapters/postgres/rows"
import type { SimulatedServer } from "@doorbuster/adapters/simulated/SimulatedServer"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import pg from "pg"
import { migratedDatabase } from "../postgres/testDatabase.ts"
import { moneyServer } from "./moneyServer.ts"
import { errorText, type Outcome, SimulatedSession } from "./SimulatedSession.ts"

/** A statement that was sent: whether it waits for a lock, and what it comes to. */
export interface Sent {
  readonly waits: boolean
  readonly outcome: Promise<Outcome>
}

/** One transaction. */
export interface Session {
  readonly send: (statement: Statement, parameters: ReadonlyArray<unknown>) => Promise<Sent>
  readonly commit: () => Promise<void>
  readonly rollback: () => Promise<void>
}

/** Begins transactions on one server. */
export class Sessions extends Context.Service<
  Sessions,
  { readonly begin: () => Promise<Session> }
>()("@doorbuster/adapters/test/Sessions") {}

const simulatedSession = (server: SimulatedServer): Session => {
  const session = new SimulatedSession(server)
  return {
    send: async (...call) => {
      const { outcome, over } = session.run(...call)
      return { waits: outcome === undefined, outcome: over }
    },
    commit: async () => session.commit(),
    rollback: async () => session.rollback()
  }
}

const simulated = Layer.sync(Sessions, () => {
  const { server } = moneyServer()
  return { begin: async () => simulatedSession(server) }
})

/** Whether the backend waits for a lock, as soon as it either does or is done. */
const isBlocked = async (watch: pg.Client, pid: number, isDone: () => boolean) => {
  while (!isDone()) {
    const { rows } = await watch.query(
      "select from pg_stat_activity where pid = $1 and wait_event_type = 'Lock'",
      [pid]
    )
    if (rows.length > 0) return !isDone()
  }
  return false
}

const postgresSession = async (url: string, watch: pg.Client, clients: Array<pg.Client>) => {
  const client = new pg.Client({ connectionString: url, types })
  clients.push(client)
  await client.connect()
  const { rows } = await client.query("select pg_backend_pid() as pid")
  const pid = rows[0].pid as number
  await client.query("begin")
  const session: Session = {
    send: async (statement, parameters) => {
      let isDone = false
      const outcome = client
        .query<Row>({ ...statement, values: [...parameters] })
        .then(
          (result): Outcome => result.rows,
          async (error): Promise<Outcome> => {
            await client.query("rollback")
            return errorText(error)
          }
        )
        .finally(() => {
          isDone = true
        })
      return { waits: await isBlocked(watch, pid, () => isDone), outcome }
    },
    commit: async () => void (await client.query("commit")),
    rollback: async () => void (await client.query("rollback"))
  }
  return session
}

const postgres = Layer.effect(
  Sessions,
  Effect.gen(function* () {
    const { url } = yield* migratedDatabase(["money"])
    const watch = new pg.Client({ connectionString: url })
    const clients = [watch]
    yield* Effect.promise(() => watch.connect())
    const end = () => Promise.all(clients.map((client) => client.end()))
    yield* Effect.addFinalizer(() => Effect.promise(end))
    return { begin: () => postgresSession(url, watch, clients) }
  })
)

/** What is promised of the one must hold on the other. */
export const servers = { "the simulated server": simulated, Postgres: postgres }

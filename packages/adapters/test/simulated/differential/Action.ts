import type { Database } from "@doorbuster/adapters/postgres/Database"
import type { Call } from "@doorbuster/adapters/postgres/Transaction"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type { Ports } from "./Ports.ts"
import { told } from "./telling.ts"

/** A call of a port, as data. */
export interface PortCall {
  readonly port: Exclude<keyof Ports, "database">
  readonly call: string
  readonly args: ReadonlyArray<unknown>
}

/** Flights of one transaction. `one`: a single statement by itself. */
export interface Batch {
  readonly flights: ReadonlyArray<ReadonlyArray<Call>>
  readonly end: "one" | "finish" | "commit" | "rollback"
}

/**
 * What a client does next: a call of a port, or statements that were decided on beforehand, so that
 * they are sent whatever the statements before them have shown.
 */
export type Action =
  | { readonly _tag: "Port"; readonly call: PortCall }
  | { readonly _tag: "Blind"; readonly batches: ReadonlyArray<Batch> }

/** The call as an effect; its parameters were made to fit. */
export const perform = (ports: Ports, { args, call, port }: PortCall) => {
  const member: unknown = (ports[port] as unknown as Record<string, unknown>)[call]
  const run = typeof member === "function" ? member(...args) : member
  return run as Effect.Effect<unknown, unknown>
}

const send = (database: Database, { end, flights }: Batch) =>
  end === "one"
    ? Effect.forEach(flights.flat(), ([statement, parameters]) =>
        database.query("test", statement, parameters)
      )
    : database.transaction("test", (transaction) =>
        Effect.gen(function* () {
          const last = end === "finish" ? flights.at(-1)?.at(-1) : undefined
          for (const flight of last === undefined ? flights : flights.slice(0, -1)) {
            yield* transaction.flight(flight)
          }
          if (last !== undefined) yield* transaction.finish(last[0], last[1])
          if (end === "rollback") return yield* Effect.fail("rolled back")
          return undefined
        })
      )

const outcome = (exit: Exit.Exit<unknown, unknown>): string =>
  Exit.isSuccess(exit) ? told(exit.value) : `fails: ${failure(Cause.squash(exit.cause))}`

const failure = (cause: unknown): string => {
  const { detail, reason } = cause as { readonly detail?: string; readonly reason?: string }
  return reason === undefined ? String(cause) : `${reason} ${detail?.slice(0, 5)}`
}

/** Does it and tells what came of it. */
export const act = (ports: Ports, action: Action): Effect.Effect<string> =>
  action._tag === "Port"
    ? Effect.map(
        Effect.exit(perform(ports, action.call)),
        (exit) => `${action.call.port}.${action.call.call} = ${outcome(exit)}`
      )
    : Effect.as(
        Effect.forEach(action.batches, (batch) => Effect.exit(send(ports.database, batch))),
        "sent"
      )

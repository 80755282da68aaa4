import type { StorageError } from "@doorbuster/core/StorageError"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type pg from "pg"
import type { Row } from "./rows.ts"
import { storageError } from "./storageErrors.ts"

/** A statement that each connection parses once. One name stands for one text for ever. */
export interface Statement {
  readonly name: string
  readonly text: string
}

export type Call = readonly [statement: Statement, parameters?: ReadonlyArray<unknown>]

/** What the body of a transaction may do. BEGIN travels with the first statement. */
export interface Transaction {
  readonly query: (
    statement: Statement,
    parameters?: ReadonlyArray<unknown>
  ) => Effect.Effect<ReadonlyArray<Row>, StorageError>
  /** Several statements in one round trip, run one after the other; rows per statement. */
  readonly flight: (
    calls: ReadonlyArray<Call>
  ) => Effect.Effect<ReadonlyArray<ReadonlyArray<Row>>, StorageError>
  /**
   * The last statement together with COMMIT, in one round trip. If it fails, all is rolled back;
   * once it has succeeded, nothing can be taken back and no further statement may follow.
   */
  readonly finish: (
    statement: Statement,
    parameters?: ReadonlyArray<unknown>
  ) => Effect.Effect<ReadonlyArray<Row>, StorageError>
  /** Plain SQL, several commands if need be; for migrations. */
  readonly script: (sql: string) => Effect.Effect<void, StorageError>
}

type Phase = "idle" | "open" | "over"

/** One flight after the other over one connection, with BEGIN in front and COMMIT behind. */
class Session implements Transaction {
  readonly #client: pg.PoolClient
  readonly #operation: string
  #phase: Phase = "idle"

  constructor(client: pg.PoolClient, operation: string) {
    this.#client = client
    this.#operation = operation
  }

  readonly query: Transaction["query"] = (statement, parameters) =>
    Effect.map(this.flight([[statement, parameters ?? []]]), ([rows]) => rows ?? [])

  readonly flight: Transaction["flight"] = (calls) =>
    this.#send(
      calls.map(([{ name, text }, values]) => ({ name, text, values })),
      false
    )

  readonly finish: Transaction["finish"] = ({ name, text }, values) =>
    Effect.map(this.#send([{ name, text, values }], true), ([rows]) => rows ?? [])

  readonly script: Transaction["script"] = (sql) =>
    Effect.asVoid(this.#send([{ text: sql, values: undefined }], false))

  /** Commits what was begun; a body that sent nothing costs nothing. */
  readonly commit: Effect.Effect<void, StorageError> = Effect.suspend(() =>
    this.#phase === "open" ? Effect.asVoid(this.#send([], true)) : Effect.void
  )

  /** True when the connection is fit for its next user. */
  async abandon(): Promise<boolean> {
    if (this.#phase !== "open") return true
    this.#phase = "over"
    try {
      await this.#client.query("rollback")
      return true
    } catch {
      return false
    }
  }

  #send(calls: ReadonlyArray<PreparedCall>, last: boolean) {
    return Effect.uninterruptible(
      Effect.tryPromise({
        try: () => this.#exchange(calls, last),
        catch: (cause) => storageError(this.#operation, cause)
      })
    )
  }

  /** The connection is in pipeline mode: everything here is on the wire before the first answer. */
  async #exchange(calls: ReadonlyArray<PreparedCall>, last: boolean) {
    if (this.#phase === "over") throw new TypeError("a statement came after the end")
    const flight: Array<Promise<pg.QueryResult<Row>>> = []
    if (this.#phase === "idle") flight.push(this.#client.query("begin"))
    const skipped = flight.length
    this.#phase = last ? "over" : "open"
    for (const { values, ...statement } of calls) {
      const parameters = values === undefined ? {} : { values: [...values] }
      flight.push(this.#client.query({ ...statement, ...parameters }))
    }
    // Behind a statement that failed, COMMIT is a ROLLBACK.
    if (last) flight.push(this.#client.query("commit"))
    const answers = await Promise.allSettled(flight)
    const rows: Array<ReadonlyArray<Row>> = []
    for (const answer of answers) {
      if (answer.status === "rejected") throw answer.reason
      rows.push(answer.value.rows)
    }
    return rows.slice(skipped, skipped + calls.length)
  }
}

interface PreparedCall {
  readonly name?: string
  readonly text: string
  readonly values: ReadonlyArray<unknown> | undefined
}

/** Runs `body` on a connection of its own, which is given back whatever happens. */
export const runTransaction = <A, E>(
  pool: pg.Pool,
  operation: string,
  body: (transaction: Transaction) => Effect.Effect<A, E>
): Effect.Effect<A, E | StorageError> =>
  Effect.acquireUseRelease(
    Effect.tryPromise({
      try: async () => {
        const client = await pool.connect()
        return { client, session: new Session(client, operation) }
      },
      catch: (cause) => storageError(operation, cause)
    }),
    ({ session }) => Effect.flatMap(body(session), (value) => Effect.as(session.commit, value)),
    ({ client, session }, exit) =>
      Exit.isSuccess(exit)
        ? Effect.sync(() => client.release())
        : Effect.promise(async () => client.release(!(await session.abandon())))
  )

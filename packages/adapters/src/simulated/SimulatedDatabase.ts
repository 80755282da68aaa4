import { StorageError } from "@doorbuster/core/StorageError"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type { Database } from "../postgres/Database.ts"
import type { Row } from "../postgres/rows.ts"
import { storageError } from "../postgres/storageErrors.ts"
import type { Call, Transaction } from "../postgres/Transaction.ts"
import { ConnectionPool } from "./ConnectionPool.ts"
import { deathbed, type Link } from "./Link.ts"
import type { SimulatedServer } from "./SimulatedServer.ts"
import type { Work } from "./Work.ts"

export interface Options {
  readonly server: SimulatedServer
  readonly link: Link
  /** Runs a task on the server's side after so many milliseconds; 0 is as soon as may be. */
  readonly after: (ms: number, task: () => void) => unknown
  /** Connections at most. */
  readonly poolMax?: number
}

/** A `Database` whose connections can be cut, as they are when their process dies. */
export interface SimulatedDatabase extends Database {
  /** What no statement of the client is under way in is rolled back; the rest when it is done. */
  readonly disconnect: () => void
}

type Rows = ReadonlyArray<ReadonlyArray<Row>>
type Outcome = Effect.Effect<Rows, StorageError>

const lost = (operation: string) =>
  Effect.fail(
    new StorageError({ operation, reason: "unavailable", detail: "the connection was lost" })
  )

/** One connection while one transaction uses it. */
class Connection {
  readonly #options: Options
  readonly #operation: string
  #work: Work | null = null
  #isBusy = false
  #isCut = false

  constructor(options: Options, operation: string) {
    this.#options = options
    this.#operation = operation
  }

  /** Sends calls in one flight, with BEGIN in front of the first and COMMIT behind the last. */
  send(calls: ReadonlyArray<Call>, commits: boolean): Outcome {
    return Effect.uninterruptible(
      Effect.callback<Rows, StorageError>((resume) => this.#send(calls, commits, resume))
    )
  }

  /** Rolls back what is open, unless the server is still at it. */
  cut(): void {
    this.#isCut = true
    if (!this.#isBusy) this.#rollback()
  }

  get isOpen(): boolean {
    return this.#work?.state === "open" || this.#work?.state === "failed"
  }

  #rollback(): void {
    if (this.#work !== null) this.#options.server.rollback(this.#work)
  }

  #send(calls: ReadonlyArray<Call>, commits: boolean, resume: (outcome: Outcome) => void): void {
    const { after, link, server } = this.#options
    const operation = this.#operation
    const statements = calls.map(([{ name }]) => name)
    const fate = link.fate({ operation, statements, commits })
    if (fate._tag === "Refused" || this.#isCut) {
      this.cut()
      resume(lost(operation))
      return
    }
    if (fate._tag === "Dies" && !fate.isSent) {
      this.cut()
      return
    }
    const { abort, betweenMs, replyLost, replyMs, requestMs } =
      fate._tag === "Dies" ? deathbed : fate
    const delayed = (ms: number, task: () => void) => (ms > 0 ? void after(ms, task) : task())
    const rows: Array<ReadonlyArray<Row>> = []
    this.#isBusy = true

    const reply = (outcome: Outcome): void => {
      this.#isBusy = false
      if (replyLost) this.#isCut = true
      if (this.#isCut) this.#rollback()
      if (fate._tag === "Dies") return
      delayed(replyMs, () => resume(replyLost ? lost(operation) : outcome))
    }
    const next = (work: Work, at: number): void => {
      const call = calls[at]
      if (call === undefined) {
        if (commits) server.commit(work)
        reply(Effect.succeed(rows))
        return
      }
      const [{ name }, parameters = []] = call
      server.run(work, name, parameters, (error, answer) => {
        if (error === null) {
          rows.push(answer)
          delayed(at + 1 < calls.length ? betweenMs : 0, () => next(work, at + 1))
          return
        }
        server.rollback(work)
        reply(Effect.fail(storageError(operation, error)))
      })
    }
    const deliver = () => {
      this.#work ??= server.begin()
      if (abort === null) {
        next(this.#work, 0)
        return
      }
      server.rollback(this.#work)
      reply(Effect.fail(storageError(operation, abort)))
    }
    if (requestMs === null) deliver()
    else after(requestMs, deliver)
  }
}

/** The same phases as on a real connection: idle, open, over. */
const transactionOn = (connection: Connection) => {
  let isOver = false
  const send = (calls: ReadonlyArray<Call>, last: boolean): Outcome =>
    Effect.suspend(() => {
      if (isOver) return Effect.die(new TypeError("a statement came after the end"))
      isOver = last
      return connection.send(calls, last)
    })
  const only = (outcome: Outcome) => Effect.map(outcome, ([rows]) => rows ?? [])
  const transaction: Transaction = {
    query: (statement, parameters) => only(send([[statement, parameters ?? []]], false)),
    flight: (calls) => send(calls, false),
    finish: (statement, parameters) => only(send([[statement, parameters ?? []]], true)),
    script: () => Effect.die(new TypeError("a simulated server runs no scripts"))
  }
  /** Commits what was begun; a body that sent nothing costs nothing. */
  const commit: Effect.Effect<void, StorageError> = Effect.suspend(() =>
    !isOver && connection.isOpen ? Effect.asVoid(send([], true)) : Effect.void
  )
  return { transaction, commit }
}

/** A pool of connections to the simulated server, as a store process has one. */
export const make = (options: Options): SimulatedDatabase => {
  const pool = new ConnectionPool(options.poolMax ?? 8)
  const connections = new Set<Connection>()
  const connect = (operation: string) => {
    const connection = new Connection(options, operation)
    connections.add(connection)
    return connection
  }
  const using = <A, E>(
    operation: string,
    use: (connection: Connection) => Effect.Effect<A, E>
  ): Effect.Effect<A, E> =>
    pool.using(
      Effect.suspend(() => {
        const connection = connect(operation)
        return Effect.onExitPrimitive(use(connection), (exit) => {
          connections.delete(connection)
          if (Exit.isFailure(exit)) connection.cut()
          return undefined
        })
      })
    )

  return {
    query: (operation, statement, parameters = []) =>
      using(operation, (connection) =>
        Effect.map(connection.send([[statement, parameters]], true), ([rows]) => rows ?? [])
      ),
    transaction: <A, E>(
      operation: string,
      body: (transaction: Transaction) => Effect.Effect<A, E>
    ) =>
      using<A, E | StorageError>(operation, (connection) => {
        const { commit, transaction } = transactionOn(connection)
        return Effect.flatMap(body(transaction), (value) => Effect.as(commit, value))
      }),
    read: (operation) => Effect.die(new TypeError(`${operation} is not simulated`)),
    disconnect: () => {
      for (const connection of connections) connection.cut()
    }
  }
}

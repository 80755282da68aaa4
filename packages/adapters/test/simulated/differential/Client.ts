import type { Database, Transaction } from "@doorbuster/adapters/postgres/Database"
import type { Row } from "@doorbuster/adapters/postgres/rows"
import type { Call } from "@doorbuster/adapters/postgres/Transaction"
import type { StorageError } from "@doorbuster/core/StorageError"
import * as Effect from "effect/Effect"
import * as Semaphore from "effect/Semaphore"
import { answerOf, errorOf } from "./telling.ts"

/** `ready`: it waits for its turn to send the next round trip. */
export type Phase = "running" | "ready" | "done"

type Rows = ReadonlyArray<ReadonlyArray<Row>>

/**
 * One store process of a history: it sends its next round trip when it is given a turn, and writes
 * down what each of them came to.
 */
export class Client {
  phase: Phase = "running"
  readonly said: Array<string> = []
  #proceed: () => void = () => undefined
  readonly #changed: () => void
  readonly #connection = Semaphore.makeUnsafe(1)

  constructor(changed: () => void) {
    this.#changed = changed
  }

  go(): void {
    this.phase = "running"
    this.#proceed()
  }

  say(line: string): void {
    this.said.push(line)
  }

  end(): void {
    this.phase = "done"
    this.#changed()
  }

  readonly #turn = Effect.callback<void>((resume) => {
    this.#proceed = () => resume(Effect.void)
    this.phase = "ready"
    this.#changed()
  })

  #sent(
    calls: ReadonlyArray<Call>,
    end: "" | " commit",
    trip: Effect.Effect<Rows, StorageError>
  ): Effect.Effect<Rows, StorageError> {
    const names = `${calls.map(([{ name }]) => name).join(" ")}${end}`
    return this.#turn.pipe(
      Effect.andThen(trip),
      Effect.tap((rows) => Effect.sync(() => this.say(`${names}: ${answerOf(calls, rows)}`))),
      Effect.tapError((error) => Effect.sync(() => this.say(`${names}: ${errorOf(error)}`)))
    )
  }

  /** The same database, one round trip per turn; the COMMIT of a transaction is one of its own. */
  over(database: Database): Database {
    const first = (trip: Effect.Effect<Rows, StorageError>) =>
      Effect.map(trip, ([rows]) => rows ?? [])
    const only = (trip: Effect.Effect<ReadonlyArray<Row>, StorageError>) =>
      Effect.map(trip, (rows) => [rows])
    // What would go over several connections at once goes one after the other here.
    const alone = <A, E>(work: Effect.Effect<A, E>) => this.#connection.withPermits(1)(work)
    return {
      query: (operation, statement, parameters) => {
        const trip = database.query(operation, statement, parameters)
        return alone(first(this.#sent([[statement]], " commit", only(trip))))
      },
      transaction: (operation, body) =>
        alone(
          database.transaction(operation, (inner) => {
            let isOpen = false
            const begun = <A>(trip: A): A => {
              isOpen = true
              return trip
            }
            const transaction: Transaction = {
              query: (statement, parameters) => {
                const trip = only(inner.query(statement, parameters))
                return begun(first(this.#sent([[statement]], "", trip)))
              },
              flight: (calls) => begun(this.#sent(calls, "", inner.flight(calls))),
              finish: (statement, parameters) => {
                const trip = only(inner.finish(statement, parameters))
                isOpen = false
                return first(this.#sent([[statement]], " commit", trip))
              },
              script: inner.script
            }
            return Effect.tap(body(transaction), () => (isOpen ? this.#turn : Effect.void))
          })
        ),
      read: database.read
    }
  }
}

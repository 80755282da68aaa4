import type { Row } from "@doorbuster/adapters/postgres/rows"
import type { Call } from "@doorbuster/adapters/postgres/Transaction"
import type { SimulatedServer } from "@doorbuster/adapters/simulated/SimulatedServer"
import type { Work } from "@doorbuster/adapters/simulated/Work"

/** What a statement came to: its rows, or SQLSTATE and message of its error. */
export type Outcome = ReadonlyArray<Row> | string

/** A statement that was sent; its outcome is undefined while it waits. */
export interface Sent {
  readonly outcome: Outcome | undefined
  /** The outcome, when its waiting is over. */
  readonly over: Promise<Outcome>
}

export const errorText = (error: unknown): string => {
  const { code, message } = error as { readonly code?: string; readonly message: string }
  return `${code}: ${message}`
}

/** A connection that can be left waiting while another one goes on. */
export class SimulatedSession {
  readonly #server: SimulatedServer
  #work: Work | null = null
  #breakOff: () => void = () => undefined

  constructor(server: SimulatedServer) {
    this.#server = server
  }

  /** Begins a transaction if there is none. A statement that fails ends it. */
  run(...[{ name }, parameters = []]: Call): Sent {
    const work = this.#work ?? this.#server.begin()
    this.#work = work
    const { promise, resolve } = Promise.withResolvers<Outcome>()
    const sent: { outcome: Outcome | undefined; readonly over: Promise<Outcome> } = {
      outcome: undefined,
      over: promise
    }
    this.#breakOff = this.#server.run(work, name, parameters, (error, rows) => {
      sent.outcome = error === null ? rows : errorText(error)
      if (error !== null) this.rollback()
      resolve(sent.outcome)
    })
    return sent
  }

  commit(): void {
    if (this.#work !== null) this.#server.commit(this.#work)
    this.#work = null
  }

  /** Breaks off what waits. */
  rollback(): void {
    this.#breakOff()
    if (this.#work !== null) this.#server.rollback(this.#work)
    this.#work = null
  }
}

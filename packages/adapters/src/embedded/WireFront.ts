import { createServer, type Server, type Socket } from "node:net"
import { closeStatement, simpleQuery, sync } from "./backendMessages.ts"
import { letter } from "./StatementNames.ts"
import { type Group, parsesUnnamed, WireConnection } from "./WireConnection.ts"

/** The one session behind all connections: takes wire messages, gives the bytes of the answer. */
export type RunMessages = (messages: Buffer) => Promise<Buffer>

export interface WireFrontOptions {
  readonly run: RunMessages
  /** What Postgres would announce at the start: `server_version`, `TimeZone`, ... */
  readonly parameters: ReadonlyMap<string, string>
  /** An open transaction stops everybody else, so a client may not sleep in one for ever. */
  readonly idleInTransactionMsMax: number
  /** The session itself broke; nothing can be answered any more. */
  readonly onBroken: (cause: unknown) => void
}

/** Ends whatever a client left open: skipped messages, an implicit transaction, or a block. */
const abandon = Buffer.concat([simpleQuery("rollback"), sync, simpleQuery("rollback")])

const readyForQuery = 0x5a
const idle = 0x49

/**
 * Lets many clients share one Postgres session without noticing.
 *
 * A whole group of messages runs in one go, groups of different clients take turns, and a client
 * inside a transaction (or between Flush and Sync) has the session to itself until it is done,
 * hangs up, or sleeps too long. What a client leaves behind is rolled back and closed.
 */
export class WireFront {
  readonly #options: WireFrontOptions
  readonly #server: Server
  readonly #connections = new Map<Socket, WireConnection>()
  /** Connections with work, the one that waits longest first. */
  readonly #waiting = new Set<WireConnection>()
  /** Work of our own, done when no client has the session to itself. */
  readonly #chores: Array<() => Promise<void>> = []
  #owner: WireConnection | undefined
  #unnamedOwner: WireConnection | undefined
  #patience: NodeJS.Timeout | undefined
  #lastId = 0
  #scheduled = false
  #stopped = false
  #turn: Promise<unknown> = Promise.resolve()

  constructor(options: WireFrontOptions) {
    this.#options = options
    this.#server = createServer((socket) => this.#accept(socket))
  }

  listen(path: string): Promise<void> {
    return new Promise((resolve, reject) => {
      // Once it listens, an error concerns one connection that could not be accepted.
      this.#server.on("error", reject)
      this.#server.listen(path, () => resolve())
    })
  }

  /** Runs `chore` as soon as no transaction is open. */
  whenFree(chore: () => Promise<void>): void {
    this.#chores.push(chore)
    this.#schedule()
  }

  /** Hangs up on everybody and rolls back what is open. */
  async close(): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#patience)
    this.#server.close()
    for (const connection of this.#connections.values()) {
      // Silently: a client that is itself just leaving would take a farewell for an error.
      connection.hangUp()
    }
    await this.#turn
    await this.#options.run(abandon)
  }

  #accept(socket: Socket): void {
    const connection = new WireConnection(++this.#lastId, socket, this.#options.parameters)
    this.#connections.set(socket, connection)
    const wake = () => {
      if (connection.runnable) this.#waiting.add(connection)
      this.#schedule()
    }
    socket.on("data", (chunk: Buffer) => {
      connection.receive(chunk)
      wake()
    })
    socket.on("drain", wake)
    // The reason does not matter: "close" always follows and cleans up.
    socket.on("error", () => socket.destroy())
    socket.on("close", () => this.#forget(socket, connection))
  }

  #forget(socket: Socket, connection: WireConnection): void {
    connection.markClosed()
    this.#connections.delete(socket)
    this.#waiting.delete(connection)
    const left = Array.from(connection.names.parsed, closeStatement)
    if (left.length > 0) {
      this.whenFree(async () => void (await this.#options.run(Buffer.concat([...left, sync]))))
    }
    this.#schedule()
  }

  /** One step per turn of the event loop, so that every client's bytes are read in between. */
  #schedule(): void {
    if (this.#scheduled || this.#stopped) return
    this.#scheduled = true
    setImmediate(() => {
      this.#turn = this.#step().then(
        (more) => {
          this.#scheduled = false
          if (more) this.#schedule()
        },
        (cause) => {
          this.#stopped = true
          this.#options.onBroken(cause)
        }
      )
    })
  }

  /** Does one piece of work; false when there is none. */
  async #step(): Promise<boolean> {
    if (this.#stopped) return false
    if (this.#owner?.closed) {
      this.#setOwner(undefined)
      await this.#options.run(abandon)
    }
    const chore = this.#owner === undefined ? this.#chores.shift() : undefined
    if (chore !== undefined) {
      this.#unnamedOwner = undefined
      await chore()
      return true
    }
    const connection = this.#nextConnection()
    const group = connection?.takeGroup()
    if (connection === undefined || group === undefined) return false
    await this.#runGroup(connection, group)
    if (connection.runnable) this.#waiting.add(connection)
    return true
  }

  /** A connection that cannot run now wakes us itself when it can. */
  #nextConnection(): WireConnection | undefined {
    if (this.#owner !== undefined) {
      this.#waiting.delete(this.#owner)
      return this.#owner.runnable ? this.#owner : undefined
    }
    for (const connection of this.#waiting) {
      this.#waiting.delete(connection)
      if (connection.runnable) return connection
    }
    return undefined
  }

  async #runGroup(connection: WireConnection, group: Group): Promise<void> {
    const last = group.at(-1)?.type
    if (last === letter.terminate) {
      connection.hangUp()
      return
    }
    const messages = connection.render(group, this.#unnamedOwner === connection)
    if (group.some(parsesUnnamed)) this.#unnamedOwner = connection
    // A simple query drops the unnamed statement.
    if (last === letter.query) this.#unnamedOwner = undefined
    const answer = await this.#options.run(messages)
    // After Flush Postgres sends no ReadyForQuery: the client is in the middle of something.
    const done = last !== letter.flush && answer.at(-6) === readyForQuery && answer.at(-1) === idle
    this.#setOwner(done ? undefined : connection)
    connection.answer(answer)
  }

  #setOwner(owner: WireConnection | undefined): void {
    clearTimeout(this.#patience)
    this.#owner = owner
    if (owner === undefined) return
    const limit = this.#options.idleInTransactionMsMax
    this.#patience = setTimeout(() => {
      owner.refuse("25P03", `the transaction was idle for ${limit} ms while others waited`)
      this.#schedule()
    }, limit)
  }
}

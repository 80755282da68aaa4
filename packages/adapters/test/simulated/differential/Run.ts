import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { type Action, act } from "./Action.ts"
import { Client } from "./Client.ts"
import { portsOver } from "./Ports.ts"
import type { Side } from "./Side.ts"

/** What a turn has changed for a client. */
interface Change {
  readonly now: "ready" | "waits" | "done"
  readonly said: ReadonlyArray<string>
}

export type Changes = ReadonlyArray<Change>

/** Half a minute at least on a real server: a loaded machine may leave a process out for long. */
const pausesMax = 20_000

/** Time goes on with a client's actions, so that what it remembers for a moment grows old. */
const clockAt = (action: number): Clock.Clock => {
  const now = 1_700_000_000_000 + 400 * action
  const nanos = BigInt(now) * 1_000_000n
  return {
    currentTimeMillisUnsafe: () => now,
    currentTimeMillis: Effect.succeed(now),
    currentTimeNanosUnsafe: () => nanos,
    currentTimeNanos: Effect.succeed(nanos),
    monotonicTimeNanosUnsafe: () => nanos,
    monotonicTimeNanos: Effect.succeed(nanos),
    sleep: () => Effect.yieldNow
  }
}

/** The clients of one history while they run on one side. */
export class Run {
  readonly #side: Side
  readonly #clients: ReadonlyArray<Client>
  readonly #lives: ReadonlyArray<Fiber.Fiber<unknown>>
  #version = 0
  #waiting: ReadonlySet<number> = new Set()
  #told: Array<number>

  constructor(side: Side, programs: ReadonlyArray<ReadonlyArray<Action>>) {
    this.#side = side
    this.#told = programs.map(() => 0)
    const changed = () => {
      this.#version += 1
    }
    this.#clients = programs.map(() => new Client(changed))
    this.#lives = programs.map((program, i) => {
      const client = this.#clients[i] as Client
      const ports = portsOver(client.over(side.databases[i] as Side["databases"][number]))
      const life = Effect.forEach(program, (action, at) =>
        Effect.map(act(ports, action), (line) => client.say(line)).pipe(
          Effect.provideService(Clock.Clock, clockAt(at))
        )
      )
      return Effect.runFork(
        Effect.ensuring(
          life,
          Effect.sync(() => client.end())
        )
      )
    })
  }

  /** Ends the clients, also amid their transactions: nothing stays behind for the next history. */
  async stop(): Promise<void> {
    await Effect.runPromise(Fiber.interruptAll(this.#lives))
  }

  get ready(): ReadonlyArray<number> {
    return this.#clients.flatMap(({ phase }, i) => (phase === "ready" ? [i] : []))
  }

  get waiting(): ReadonlySet<number> {
    return this.#waiting
  }

  /** Lets the client send one round trip. */
  go(client: number): void {
    this.#side.turn(client)
    this.#clients[client]?.go()
  }

  /** Until each client is done, waits for its turn, or waits for a lock. */
  async settle(): Promise<void> {
    for (let pauses = 0; pauses < pausesMax; pauses++) {
      const running = this.#clients.flatMap(({ phase }, i) => (phase === "running" ? [i] : []))
      if (running.length === 0) {
        this.#waiting = new Set()
        return
      }
      const version = this.#version
      await this.#side.pause()
      if (version !== this.#version) continue
      const waiting = await this.#side.waiting(running)
      if (version === this.#version && running.every((client) => waiting.has(client))) {
        this.#waiting = waiting
        return
      }
    }
    throw new Error("a client neither answers nor waits for a lock")
  }

  /** What has changed since this was asked last. */
  changes(): Changes {
    return this.#clients.map(({ phase, said }, i) => {
      const since = said.slice(this.#told[i])
      this.#told[i] = said.length
      return { now: phase === "running" ? "waits" : phase, said: since }
    })
  }
}

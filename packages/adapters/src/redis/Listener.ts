import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import type { Redis } from "ioredis"
import { openListener, type RedisDriver } from "./connections.ts"
import type { RedisAddress } from "./RedisAddress.ts"

/** What a channel brings. */
export type Heard =
  /** Listening from now on; what was said before, and during an outage, was missed. */
  { readonly _tag: "Joined" } | { readonly _tag: "Said"; readonly text: string }

const heartbeatMs = 2_000
const rejoinMs = 200

/**
 * The one connection on which a process listens, opened with the first channel. It is asked from
 * time to time whether it is alive, because a connection that was cut without being closed brings
 * nothing and looks like one on which nobody speaks.
 */
export class Listener {
  readonly #address: RedisAddress
  readonly #driver: RedisDriver
  readonly #channels = new Map<string, Set<Queue.Enqueue<Heard>>>()
  readonly #heartbeat: NodeJS.Timeout
  #open: Redis | undefined
  #later: NodeJS.Timeout | undefined
  #closed = false

  constructor(address: RedisAddress, driver: RedisDriver) {
    this.#address = address
    this.#driver = driver
    this.#heartbeat = setInterval(() => void this.#open?.ping().catch(() => undefined), heartbeatMs)
    this.#heartbeat.unref()
  }

  /** Listens to a channel until the scope closes. */
  join(channel: string, queue: Queue.Enqueue<Heard>) {
    return Effect.acquireRelease(
      Effect.sync(() => this.#add(channel, queue)),
      () => Effect.sync(() => this.#remove(channel, queue))
    )
  }

  close(): void {
    this.#closed = true
    clearInterval(this.#heartbeat)
    clearTimeout(this.#later)
    this.#open?.disconnect()
  }

  #add(channel: string, queue: Queue.Enqueue<Heard>): void {
    const queues = this.#channels.get(channel)
    if (queues !== undefined) queues.add(queue)
    else this.#channels.set(channel, new Set([queue]))
    if (this.#open === undefined) this.#connect()
    else if (this.#open.status === "ready") this.#subscribe(this.#open, [channel])
  }

  #remove(channel: string, queue: Queue.Enqueue<Heard>): void {
    const queues = this.#channels.get(channel)
    queues?.delete(queue)
    if (queues?.size !== 0) return
    this.#channels.delete(channel)
    this.#open?.unsubscribe(channel).catch(() => undefined)
  }

  #connect(): void {
    if (this.#closed) return
    const listener = openListener(this.#address, this.#driver)
    this.#open = listener
    listener.on("message", (channel, text) => this.#tell(channel, { _tag: "Said", text }))
    listener.on("ready", () => this.#subscribe(listener, [...this.#channels.keys()]))
    listener.once("end", () => {
      this.#later = setTimeout(() => this.#connect(), rejoinMs)
      this.#later.unref()
    })
  }

  #subscribe(listener: Redis, channels: ReadonlyArray<string>): void {
    if (channels.length === 0) return
    listener.subscribe(...channels).then(
      () => {
        for (const channel of channels) this.#tell(channel, { _tag: "Joined" })
      },
      () => listener.disconnect()
    )
  }

  #tell(channel: string, heard: Heard): void {
    for (const queue of this.#channels.get(channel) ?? []) Queue.offerUnsafe(queue, heard)
  }
}

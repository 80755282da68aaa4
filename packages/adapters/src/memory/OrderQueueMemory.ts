import { OrderQueue, type QueueEntry, type Settlement } from "@doorbuster/core/queue/OrderQueue"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Line, type Ticket } from "./queue/Line.ts"

/** An entry that was handed out. */
interface Held {
  readonly ticket: Ticket
  consumer: string
  /** Epoch milliseconds of its consumer's last word; `released` claims at once. */
  renewedAt: number
  deliveries: number
}

const released = Number.NEGATIVE_INFINITY

/** How much of a second may be made up for when nobody came to take for a while. */
const burstSeconds = 0.2

class Tokens {
  #left = 0
  #at: number | null = null

  take(wanted: number, perSecond: number, now: number): number {
    const most = Math.max(1, perSecond * burstSeconds)
    const gained = this.#at === null ? most : ((now - this.#at) / 1_000) * perSecond
    this.#left = Math.min(most, this.#left + Math.max(0, gained))
    this.#at = now
    const taken = Math.min(wanted, Math.floor(this.#left))
    this.#left -= taken
    return taken
  }
}

/** One process's line: each method is one synchronous turn of the event loop. */
class OrderQueueMemory {
  readonly line = new Line()
  readonly #tokens = new Tokens()
  readonly #held = new Map<string, Held>()
  #dead = 0

  take(consumer: string, limit: number, perSecond: number, now: number): Array<QueueEntry> {
    const due = this.#tokens.take(Math.min(limit, this.line.waiting), perSecond, now)
    return this.line.next(due).map((ticket) => {
      const held: Held = { ticket, consumer, renewedAt: now, deliveries: 1 }
      this.#held.set(ticket.entry, held)
      return this.#entry(held)
    })
  }

  claim(consumer: string, idleMs: number, limit: number, now: number): Array<QueueEntry> {
    const idle = [...this.#held.values()].filter(({ renewedAt }) => now - renewedAt >= idleMs)
    return idle.slice(0, limit).map((held) => {
      held.consumer = consumer
      held.renewedAt = now
      held.deliveries += 1
      return this.#entry(held)
    })
  }

  renew(consumer: string, entries: ReadonlyArray<string>, at: number): void {
    for (const entry of entries) {
      const held = this.#held.get(entry)
      if (held?.consumer !== consumer) continue
      held.renewedAt = at
      if (at === released) held.deliveries = 0
    }
  }

  settle({ answer, dead, entry, ticket }: Settlement, now: number): void {
    this.line.answer(ticket, entry, answer, now)
    if (this.#held.delete(entry) && dead) this.#dead += 1
  }

  get counts() {
    return { waiting: this.line.waiting, taken: this.#held.size, dead: this.#dead }
  }

  #entry({ deliveries, ticket: { entry, order, ticket } }: Held): QueueEntry {
    return { entry, ticket, order, deliveries }
  }
}

const now = Clock.currentTimeMillis

/** A line in this process's memory: gone with it, and nobody else's. */
export const layer: Layer.Layer<OrderQueue> = Layer.sync(OrderQueue, () => {
  const memory = new OrderQueueMemory()
  const { line } = memory
  return OrderQueue.of({
    join: (orders, capacity) =>
      Effect.sync(() => orders.map((order) => line.join(order, capacity))),
    find: (tickets) => Effect.map(now, (at) => tickets.map((ticket) => line.find(ticket, at))),
    take: ({ consumer, limit, perSecond }) =>
      Effect.map(now, (at) => memory.take(consumer, limit, perSecond, at)),
    claim: (consumer, idleMs, limit) =>
      Effect.map(now, (at) => memory.claim(consumer, idleMs, limit, at)),
    keep: (consumer, entries) => Effect.map(now, (at) => memory.renew(consumer, entries, at)),
    release: (consumer, entries) => Effect.sync(() => memory.renew(consumer, entries, released)),
    settle: (batch) =>
      Effect.map(now, (at) => {
        for (const settlement of batch) memory.settle(settlement, at)
      }),
    wanting: (sku, moreThan, limit) => Effect.sync(() => line.wanting(sku, moreThan, limit)),
    refuse: (batch) =>
      Effect.map(
        now,
        (at) => batch.filter(({ answer, ticket }) => line.refuse(ticket, answer, at)).length
      ),
    counts: Effect.sync(() => memory.counts)
  })
})

import type { Sku } from "@doorbuster/core/catalog/Sku"
import type { JoinOutcome, TicketState, Wanting } from "@doorbuster/core/queue/OrderQueue"
import type { QueueAnswer } from "@doorbuster/core/queue/QueueAnswer"
import { type QueuedOrder, ticketOf, unitsWanted } from "@doorbuster/core/queue/QueuedOrder"
import type { Uuid } from "@doorbuster/core/Uuid"
import { Ranks } from "./Ranks.ts"

/** A ticket and how it stands. */
export interface Ticket {
  readonly ticket: Uuid
  readonly order: QueuedOrder
  readonly entry: string
  /** Its number in line. */
  readonly number: number
  state: "waiting" | "taken" | "answered"
  answer: QueueAnswer | null
  /** Epoch milliseconds. */
  answeredAt: number
}

const answerTtlMs = 60 * 60_000

/** Who waits, in order, and what became of those who waited. */
export class Line {
  readonly #tickets = new Map<Uuid, Ticket>()
  readonly #waiting = new Map<string, Ticket>()
  readonly #wants = new Map<Sku, Map<Uuid, number>>()
  /** By the time of the answer. */
  readonly #answered = new Set<Ticket>()
  #ranks = new Ranks()
  #entries = 0

  join(order: QueuedOrder, capacity: number): JoinOutcome {
    const id = ticketOf(order)
    const known = this.#tickets.get(id)
    const answer = known?.answer ?? null
    if (known !== undefined && answer?._tag !== "Refused") {
      if (known.order.fingerprint !== order.fingerprint) return { _tag: "KeyReused" }
      if (answer !== null) return { _tag: "Placed", ticket: id, answer }
      return { _tag: "Waiting", ticket: id, position: this.#position(known) }
    }
    if (this.#waiting.size >= capacity) return { _tag: "Full" }
    if (known !== undefined) this.#answered.delete(known)
    if (this.#waiting.size === 0) this.#ranks = new Ranks()
    this.#entries += 1
    const ticket: Ticket = {
      ticket: id,
      order,
      entry: String(this.#entries),
      number: this.#ranks.append(),
      state: "waiting",
      answer: null,
      answeredAt: 0
    }
    this.#tickets.set(id, ticket)
    this.#waiting.set(ticket.entry, ticket)
    for (const [sku, units] of unitsWanted(order)) {
      const wants = this.#wants.get(sku) ?? new Map<Uuid, number>()
      this.#wants.set(sku, wants.set(id, units))
    }
    return { _tag: "Waiting", ticket: id, position: this.#position(ticket) }
  }

  find(id: Uuid, now: number): TicketState | undefined {
    this.#forget(now)
    const known = this.#tickets.get(id)
    if (known === undefined) return undefined
    const { account } = known.order
    if (known.answer !== null) return { _tag: "Answered", account, answer: known.answer }
    return { _tag: "Waiting", account, position: this.#position(known) }
  }

  /** The first in line, who leave it. */
  next(limit: number): ReadonlyArray<Ticket> {
    const next: Array<Ticket> = []
    for (const ticket of this.#waiting.values()) {
      if (next.length >= limit) break
      next.push(ticket)
    }
    for (const ticket of next) this.#leave(ticket, "taken")
    return next
  }

  /** `entry`: the stay in line that the answer belongs to. */
  answer(id: Uuid, entry: string, answer: QueueAnswer, now: number): void {
    const known = this.#tickets.get(id)
    if (known === undefined || known.answer?._tag === "Placed") return
    if (known.entry !== entry && answer._tag !== "Placed") return
    this.#leave(known, "answered")
    this.#answered.delete(known)
    this.#answered.add(known)
    known.answer = answer
    known.answeredAt = now
  }

  /** False when the ticket does not wait. */
  refuse(id: Uuid, answer: QueueAnswer, now: number): boolean {
    const known = this.#tickets.get(id)
    if (known?.state !== "waiting") return false
    this.answer(id, known.entry, answer, now)
    return true
  }

  wanting(sku: Sku, moreThan: number, limit: number): ReadonlyArray<Wanting> {
    const found: Array<Wanting> = []
    for (const [ticket, units] of this.#wants.get(sku) ?? []) {
      if (found.length >= limit) break
      if (units > moreThan) found.push({ ticket, units })
    }
    return found
  }

  get waiting(): number {
    return this.#waiting.size
  }

  #position({ number, state }: Ticket): number {
    return state === "waiting" ? this.#ranks.upTo(number) : 0
  }

  #leave(ticket: Ticket, state: "taken" | "answered"): void {
    if (ticket.state === "waiting") {
      this.#waiting.delete(ticket.entry)
      this.#ranks.remove(ticket.number)
      for (const sku of unitsWanted(ticket.order).keys()) {
        const wants = this.#wants.get(sku)
        wants?.delete(ticket.ticket)
        if (wants?.size === 0) this.#wants.delete(sku)
      }
    }
    ticket.state = state
  }

  #forget(now: number): void {
    for (const ticket of this.#answered) {
      if (ticket.answeredAt + answerTtlMs > now) return
      this.#answered.delete(ticket)
      this.#tickets.delete(ticket.ticket)
    }
  }
}

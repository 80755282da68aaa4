import { PaymentEvents } from "@doorbuster/core/checkout/PaymentEvents"
import * as Context from "effect/Context"
import * as Exit from "effect/Exit"
import { Later } from "./Later.ts"
import type { Message } from "./ProviderBook.ts"
import type { SeededRandom } from "./SeededRandom.ts"
import { latency, type Stage } from "./Stage.ts"
import type { StoreProcess } from "./StoreProcess.ts"

const minute = 60_000

/** How long the provider waits before it tries a message again. */
const againMs = (attempt: number): number => Math.min(2 ** attempt * 1_000, 2 * minute)

/**
 * Brings the provider's messages to any process that is up. A message that is not taken is
 * repeated; faults drop, repeat, delay and reorder what is on the way.
 */
export class Webhooks {
  readonly #stage: Stage
  readonly #processes: ReadonlyArray<StoreProcess>
  readonly #random: SeededRandom
  readonly later: Later
  #asking = 0

  constructor(stage: Stage, processes: ReadonlyArray<StoreProcess>) {
    this.#stage = stage
    this.#processes = processes
    this.#random = stage.random.fork("webhooks")
    this.later = new Later(stage.clock, this.#random)
  }

  get areUnderWay(): boolean {
    return this.#asking > 0 || !this.later.isEmpty
  }

  announce(message: Message): void {
    const { faults, scenario } = this.#stage
    const random = this.#random
    const place = "webhook"
    // What nobody would ask for has to arrive in the end, or nobody could ever know of it.
    if (!message.isVital && faults.happens("webhook_dropped", place)) return
    const copies = faults.happens("webhook_duplicated", place) ? random.between(2, 5) : 1
    for (let copy = 0; copy < copies; copy++) {
      let waitMs = latency(random, scenario) + random.between(20, 300)
      if (copy > 0) waitMs += random.below(minute)
      if (faults.happens("webhook_reordered", place)) waitMs += random.below(10_000)
      if (faults.happens("webhook_stale", place)) waitMs += random.below(30 * minute)
      if (faults.happens("webhook_first", place)) waitMs = 0
      this.later.plan(waitMs, () => this.#deliver(message, 0))
    }
  }

  #deliver({ event, isVital }: Message, attempt: number): void {
    const process = this.#random.pick(this.#processes)
    this.#stage.trace.note("webhook", `${event.eventId} to ${process.name}`)
    this.#asking++
    process.ask(
      (services) => Context.get(services, PaymentEvents).receive(event),
      (reply) => {
        this.#asking--
        if (Exit.isExit(reply) && Exit.isSuccess(reply)) return
        this.later.plan(againMs(attempt), () => this.#deliver({ event, isVital }, attempt + 1))
      }
    )
  }
}

import * as OrderQueueMemory from "@doorbuster/adapters/memory/OrderQueueMemory"
import { OrderQueue, type QueueCounts, type QueueEntry } from "@doorbuster/core/queue/OrderQueue"
import type { StorageError } from "@doorbuster/core/StorageError"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import type { SeededRandom } from "../SeededRandom.ts"
import type { Stage } from "../Stage.ts"

type Port = (typeof OrderQueue)["Service"]

const anew = (): Port =>
  Effect.runSync(Effect.provide(OrderQueue, Layer.fresh(OrderQueueMemory.layer)))

interface Copy {
  readonly holder: string
  readonly entry: QueueEntry
}

/**
 * One line for all processes, on a machine of its own that has the right time. It may lose all that
 * is in it, hand an entry out twice, and be out of reach.
 */
export class SharedLine {
  readonly #stage: Stage
  readonly #random: SeededRandom
  readonly #context: Context.Context<never>
  #port = anew()
  #copies: Array<Copy> = []
  #outages = 0

  constructor(stage: Stage) {
    this.#stage = stage
    this.#random = stage.random.fork("shared line")
    this.#context = Context.make(Clock.Clock, stage.clock.view())
  }

  get isGone(): boolean {
    return this.#outages > 0
  }

  get counts(): QueueCounts {
    return Effect.runSync(this.#port.counts)
  }

  /** Does what it is asked, in one step. */
  run<A>(act: (port: Port) => Effect.Effect<A, StorageError>): Exit.Exit<A, StorageError> {
    return Effect.runSyncExitWith(this.#context)(act(this.#port))
  }

  /** The next in line, and what another consumer works on and was handed out once more. */
  take(request: Parameters<Port["take"]>[0]): Exit.Exit<Array<QueueEntry>, StorageError> {
    const { consumer, limit } = request
    const due = this.#copies.filter(({ holder }) => holder !== consumer).slice(0, limit)
    this.#copies = this.#copies.filter((copy) => !due.includes(copy))
    const left = { ...request, limit: limit - due.length }
    return Exit.map(
      this.run((port) => port.take(left)),
      (taken) => {
        for (const entry of taken) {
          if (!this.#stage.faults.happens("queue_duplicate", "queue.take")) continue
          this.#copies.push({ holder: consumer, entry })
        }
        return [...due.map(({ entry }) => entry), ...taken]
      }
    )
  }

  /** Cannot be reached for a while, by anybody. */
  fail(): void {
    this.#outages++
    this.#stage.clock.after(this.#random.between(200, 20_000), () => this.#outages--)
  }

  /** What goes wrong with it by the clock: it comes back empty. */
  beat(): void {
    if (!this.#stage.faults.happens("queue_lost", "queue")) return
    this.#port = anew()
    this.#copies = []
  }
}

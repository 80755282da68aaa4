import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Batcher from "../batch/Batcher.ts"
import { StorageError } from "../StorageError.ts"
import type { Uuid } from "../Uuid.ts"
import { type JoinOutcome, OrderQueue, type TicketState } from "./OrderQueue.ts"
import type { QueuedOrder } from "./QueuedOrder.ts"
import { QueueSettings } from "./QueueSettings.ts"

type Joined = Exclude<JoinOutcome, { readonly _tag: "Full" }>

/** Where people take a place in line and ask how far it is; those who come together, together. */
export interface QueueDesk {
  readonly join: (order: QueuedOrder) => Effect.Effect<Joined, StorageError>
  readonly look: (ticket: Uuid) => Effect.Effect<TicketState | undefined, StorageError>
  /** Whole seconds until a position is served at the set rate, at least 1. */
  readonly secondsUntil: (position: number) => number
}

/** Null: orders are placed while the buyer waits, and there is no line. */
export const QueueMode = Context.Reference<QueueDesk | null>("@doorbuster/core/queue/QueueMode", {
  defaultValue: () => null
})

const full = new StorageError({
  operation: "join the queue",
  reason: "unavailable",
  detail: "the line is full"
})

/** Opens the desk of this process. */
export const layer: Layer.Layer<never, never, OrderQueue> = Layer.effect(
  QueueMode,
  Effect.gen(function* () {
    const queue = yield* OrderQueue
    const { capacity, perSecond } = yield* QueueSettings
    const joining = yield* Batcher.make({
      name: "join the queue",
      limit: 256,
      flush: (orders: ReadonlyArray<QueuedOrder>) => queue.join(orders, capacity)
    })
    const looking = yield* Batcher.make({
      name: "look at tickets",
      limit: 512,
      flush: (tickets: ReadonlyArray<Uuid>) => queue.find(tickets)
    })
    return {
      join: Effect.fnUntraced(function* (order) {
        const outcome = yield* joining.submit(order)
        return outcome._tag === "Full" ? yield* full : outcome
      }),
      look: looking.submit,
      secondsUntil: (position) => Math.max(1, Math.ceil(position / perSecond))
    } satisfies QueueDesk
  })
)

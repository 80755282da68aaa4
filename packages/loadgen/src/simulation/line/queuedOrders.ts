/** The line of a process that takes orders into it, and places those whose turn has come. */
import * as CartsMemory from "@doorbuster/adapters/memory/CartsMemory"
import * as MemoryStore from "@doorbuster/adapters/memory/MemoryStore"
import * as QueueDesk from "@doorbuster/core/queue/QueueDesk"
import { QueueSettings } from "@doorbuster/core/queue/QueueSettings"
import * as QueueWorker from "@doorbuster/core/queue/QueueWorker"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import type { Scenario } from "../Scenario.ts"

/** A few hundred buyers in half an hour: a second here is a moment of a real rush. */
const settings = ({ queue }: Scenario): QueueSettings => ({
  perSecond: queue?.perSecond ?? 1,
  capacity: queue?.capacity ?? 1,
  pollMs: 2_000,
  inFlightMax: queue?.inFlightMax ?? 1,
  idleMs: 15_000,
  deliveriesMax: 5,
  patienceMs: 60_000,
  sweepMs: 5_000,
  drainMs: 1_000
})

/** Orders come with their lines: nobody has a cart. */
const carts = CartsMemory.layer.pipe(Layer.provide(MemoryStore.MemoryStore.layer))

/** Beside the write path. */
export const queuedOrders = (scenario: Scenario) =>
  Layer.merge(QueueWorker.layer, QueueDesk.layer).pipe(
    Layer.provide(carts),
    Layer.provide(Layer.succeed(QueueSettings, settings(scenario))),
    Layer.provide(Logger.layer([]))
  )

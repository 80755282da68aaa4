import * as OrderQueueMemory from "@doorbuster/adapters/memory/OrderQueueMemory"
import * as QueueDesk from "@doorbuster/core/queue/QueueDesk"
import { QueueSettings } from "@doorbuster/core/queue/QueueSettings"
import * as QueueWorker from "@doorbuster/core/queue/QueueWorker"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"

/** A line whose orders are placed by this very process; undefined: there is none. */
export const queueing = (settings: Partial<QueueSettings> | undefined) =>
  settings === undefined
    ? Layer.empty
    : Layer.merge(QueueWorker.layer, QueueDesk.layer).pipe(
        Layer.provide(OrderQueueMemory.layer),
        Layer.provide(
          Layer.effect(
            QueueSettings,
            Effect.map(QueueSettings, (usual) => ({ ...usual, pollMs: 5, ...settings }))
          )
        )
      )

import type { OrderQueue } from "@doorbuster/core/queue/OrderQueue"
import type * as Layer from "effect/Layer"
import { joining } from "./queue/joining.ts"
import { sweeping } from "./queue/sweeping.ts"
import { taking } from "./queue/taking.ts"
import { suite } from "./suite.ts"

/** What every `OrderQueue` promises. */
export const orderQueueContract = <E>(name: string, adapter: Layer.Layer<OrderQueue, E>): void =>
  suite(`OrderQueue contract: ${name}`, adapter, [joining, taking, sweeping])

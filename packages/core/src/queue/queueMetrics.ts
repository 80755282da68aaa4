import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import type { QueueCounts } from "./OrderQueue.ts"

/** `swept`: told out of turn that it is sold out. `dead`: given up. */
export type QueueOutcome = "placed" | "refused" | "swept" | "dead"

const settled = Metric.counter("doorbuster_queue_settled_total", {
  description: "Orders that left the line by outcome: placed, refused, swept, dead",
  incremental: true
})

const gauge = (name: string, description: string) => Metric.gauge(name, { description })
const waiting = gauge("doorbuster_queue_waiting", "Orders in line, over all processes")
const taken = gauge("doorbuster_queue_taken", "Orders being placed, over all processes")
const dead = gauge("doorbuster_queue_dead", "Orders given up and kept, over all processes")

const byOutcome = (outcome: QueueOutcome) => Metric.withAttributes(settled, { outcome })
const outcomes = {
  placed: byOutcome("placed"),
  refused: byOutcome("refused"),
  swept: byOutcome("swept"),
  dead: byOutcome("dead")
}

export const countSettled = (outcome: QueueOutcome, orders = 1): Effect.Effect<void> =>
  Metric.update(outcomes[outcome], orders)

export const setCounts = (counts: QueueCounts): Effect.Effect<void> =>
  Effect.all(
    [
      Metric.update(waiting, counts.waiting),
      Metric.update(taken, counts.taken),
      Metric.update(dead, counts.dead)
    ],
    { discard: true }
  )

import { OrderQueue } from "@doorbuster/core/queue/OrderQueue"
import { StorageError } from "@doorbuster/core/StorageError"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { latency } from "../Stage.ts"
import type { StoreProcess } from "../StoreProcess.ts"
import type { SharedLine } from "./SharedLine.ts"

type Port = (typeof OrderQueue)["Service"]

/** A command's time, as the client has it. */
const commandMsMax = 250

/** What a worker does besides placing orders. */
const beats = new Set(["claim", "counts", "keep", "refuse", "release", "wanting"])

const isEmpty = (found: ReadonlyArray<unknown>): boolean => found.length === 0

/** The line as one store process reaches it. */
export const queuePort = (process: StoreProcess, line: SharedLine): Port => {
  const { clock, faults, random, scenario, trace } = process.stage
  const chance = random.fork(`queue link of ${process.name}`)

  /** `isIdle`: nothing came of it that could be lost, so nobody notes it. */
  const call = <A>(
    operation: string,
    act: () => Exit.Exit<A, StorageError>,
    isIdle: (answer: A) => boolean = () => false
  ): Effect.Effect<A, StorageError> =>
    Effect.callback<A, StorageError>((resume) => {
      const name = `queue.${operation}`
      const step = beats.has(operation) ? "queue.beat" : name
      const fail = (ms: number) => {
        const detail = "the line cannot be reached"
        const failed = new StorageError({ operation: name, reason: "unavailable", detail })
        clock.after(ms, () => resume(Effect.fail(failed)))
      }
      if (faults.happens("queue_unreachable", step)) line.fail()
      if (line.isGone) return fail(chance.between(0, commandMsMax))
      clock.after(latency(chance, scenario), () => {
        const exit = act()
        const replyMs = latency(chance, scenario)
        if (Exit.isSuccess(exit) && isIdle(exit.value)) {
          clock.after(replyMs, () => resume(exit))
          return
        }
        trace.note(process.name, name)
        if (faults.happens("crash", step)) {
          process.crash()
          return
        }
        if (faults.happens("pause", step)) process.pause(chance.between(1_000, 60_000))
        if (faults.happens("queue_reply_lost", step)) fail(commandMsMax)
        else clock.after(replyMs, () => resume(exit))
      })
    })
  const ask = <A>(
    operation: string,
    act: (port: Port) => Effect.Effect<A, StorageError>,
    isIdle?: (answer: A) => boolean
  ) => call(operation, () => line.run(act), isIdle)

  return OrderQueue.of({
    join: (orders, capacity) => ask("join", (port) => port.join(orders, capacity)),
    find: (tickets) => ask("find", (port) => port.find(tickets)),
    take: (request) => call("take", () => line.take(request), isEmpty),
    claim: (consumer, idleMs, limit) =>
      ask("claim", (port) => port.claim(consumer, idleMs, limit), isEmpty),
    keep: (consumer, entries) =>
      isEmpty(entries) ? Effect.void : ask("keep", (port) => port.keep(consumer, entries)),
    release: (consumer, entries) => ask("release", (port) => port.release(consumer, entries)),
    settle: (batch) => ask("settle", (port) => port.settle(batch)),
    wanting: (sku, moreThan, limit) =>
      ask("wanting", (port) => port.wanting(sku, moreThan, limit), isEmpty),
    refuse: (batch) => ask("refuse", (port) => port.refuse(batch)),
    counts: ask(
      "counts",
      (port) => port.counts,
      () => true
    )
  })
}

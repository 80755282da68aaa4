/** The side of a process that is one of several behind one port. */
import cluster from "node:cluster"
import { MetricsGathering } from "@doorbuster/adapters/http/MetricsGathering"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { failureOf } from "../failure.ts"
import { mergeMetrics } from "./mergeMetrics.ts"
import type { FromWorker, Listening, ToWorker } from "./messages.ts"

/** A primary that does not answer must not keep a scrape from its own figures. */
const gatherMsMax = 2_000

/** The primary may be gone; then this process is about to go, too. */
const tell = (message: FromWorker): Promise<void> =>
  new Promise((resolve) => {
    if (process.send === undefined || !process.connected) resolve()
    else process.send(message, undefined, undefined, () => resolve())
  })

export const tellReady = ({ host, port, url }: Listening): void =>
  void tell({ _tag: "Ready", listening: { url, host, port } })

const heard = <Tag extends ToWorker["_tag"]>(
  tag: Tag,
  use: (message: Extract<ToWorker, { readonly _tag: Tag }>) => void
) => {
  const listen = (message: ToWorker) => {
    if (message._tag === tag) use(message as Extract<ToWorker, { readonly _tag: Tag }>)
  }
  process.on("message", listen)
  return () => void process.off("message", listen)
}

/** Ends when the primary says so. */
export const told: Effect.Effect<void> = Effect.callback((resume) => {
  const deaf = heard("Stop", () => resume(Effect.void))
  return Effect.sync(deaf)
})

let scrapes = 0

/** What all workers say, by way of the primary. */
const gathered = Effect.callback<string>((resume) => {
  scrapes += 1
  const id = scrapes
  const deaf = heard("Gathered", ({ id: of, metrics }) => {
    if (of !== id) return
    deaf()
    resume(Effect.sync(() => mergeMetrics(metrics)))
  })
  void tell({ _tag: "GatherMetrics", id })
  return Effect.sync(deaf)
})

/** Any worker that is asked for metrics answers with those of all. */
export const metrics = Layer.succeed(MetricsGathering, (own: Effect.Effect<string>) => {
  heard("TellMetrics", ({ id }) => {
    Effect.runFork(Effect.map(own, (text) => void tell({ _tag: "Metrics", id, text })))
  })
  return Effect.timeoutOrElse(gathered, { duration: gatherMsMax, orElse: () => own })
})

/** Runs as one of the workers: the primary learns why it fails, and says it. */
export const asWorker = <E, R>(
  serving: Effect.Effect<undefined, E, R>
): Effect.Effect<undefined, E, R> =>
  serving.pipe(
    Effect.raceFirst(Effect.as(told, undefined)),
    Effect.catchCause((cause) => {
      if (Cause.hasInterruptsOnly(cause)) return Effect.failCause(cause)
      const failure = failureOf(cause)
      process.exitCode = failure.exit
      return Effect.as(
        Effect.promise(() => tell({ _tag: "Failed", failure })),
        undefined
      )
    }),
    // The channel would keep the process alive.
    Effect.ensuring(Effect.sync(() => void cluster.worker?.disconnect()))
  )

import cluster, { type Worker } from "node:cluster"
import * as Effect from "effect/Effect"
import type { FailedElsewhere } from "../failure.ts"
import type { FromWorker, Listening, ToWorker } from "./messages.ts"

/** Longer than a worker takes to finish what it has. */
const stopMsMax = 30_000
const urgeMs = 500

/** How a worker ended, and what it said about it. */
export interface Ended {
  readonly how: string
  readonly failure: FailedElsewhere["failure"] | undefined
}

/** A worker as the primary sees it. */
export interface WorkerProcess {
  readonly pid: number
  readonly send: (message: ToWorker) => void
}

export interface WorkerEvents {
  readonly onReady: (listening: Listening) => void
  readonly onMessage: (
    message: Extract<FromWorker, { readonly _tag: "GatherMetrics" | "Metrics" }>
  ) => void
}

const isGone = (worker: Worker): boolean => worker.isDead() || worker.process.exitCode !== null

/**
 * stdout is the primary's: a worker says there nothing of its own. The workers accept connections
 * themselves: one that the primary hands to a worker which dies before it has it would hang.
 */
const fork = (): Worker => {
  cluster.schedulingPolicy = cluster.SCHED_NONE
  cluster.setupPrimary({ stdio: ["ignore", "ignore", "inherit", "ipc"] })
  return cluster.fork()
}

const send = (worker: Worker) => (message: ToWorker) => {
  if (worker.isConnected()) worker.send(message, () => undefined)
}

/** Asks it to finish, and waits; a worker that does not come to its end is ended. */
const stop = (worker: Worker) =>
  Effect.callback<void>((resume) => {
    if (isGone(worker)) return resume(Effect.void)
    const late = setTimeout(() => worker.process.kill("SIGKILL"), stopMsMax)
    // One that is about to start does not listen yet.
    const urging = setInterval(() => send(worker)({ _tag: "Stop" }), urgeMs)
    worker.once("exit", () => {
      clearTimeout(late)
      clearInterval(urging)
      resume(Effect.void)
    })
    send(worker)({ _tag: "Stop" })
  })

/**
 * Runs one worker until it ends by itself; interrupted, it is stopped. `use` has it as soon as
 * there is one.
 */
export const run = (
  use: (process: WorkerProcess) => void,
  { onMessage, onReady }: WorkerEvents
): Effect.Effect<Ended> =>
  Effect.acquireUseRelease(
    Effect.sync(fork),
    (worker) =>
      Effect.callback<Ended>((resume) => {
        let failure: Ended["failure"]
        worker.on("message", (message: FromWorker) => {
          if (message._tag === "Ready") onReady(message.listening)
          else if (message._tag === "Failed") failure = message.failure
          else onMessage(message)
        })
        worker.once("exit", (code, signal) => {
          resume(Effect.succeed({ how: signal ?? `exit code ${code}`, failure }))
        })
        use({ pid: worker.process.pid ?? 0, send: send(worker) })
      }),
    stop
  )

import { Worker } from "node:worker_threads"
import type { StorageError } from "@doorbuster/core/StorageError"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { storageError } from "./DirectoryLock.ts"
import { stop, type WorkerInput, type WorkerReport } from "./workerMessages.ts"

/** The bundler builds what this names as an entry of its own, and puts its new name here. */
const entry = new URL("./worker.ts", import.meta.url)

/** A thread that takes longer to stop is stuck in a statement, and is ended as by a crash. */
const stopMsMax = 10_000

interface Running {
  readonly worker: Worker
  /** The thread did what it was started for (`created`, `listening`). */
  readonly ready: Deferred.Deferred<void, StorageError>
  /** The thread is gone: quietly, or with the reason it gave. */
  readonly ended: Deferred.Deferred<void, StorageError>
}

const spawn = (input: WorkerInput): Running => {
  const ready = Deferred.makeUnsafe<void, StorageError>()
  const ended = Deferred.makeUnsafe<void, StorageError>()
  const worker = new Worker(entry, { workerData: input, execArgv: [], name: "embedded-postgres" })
  const fail = (cause: unknown) => {
    const error = Effect.fail(storageError("embedded.thread")(cause))
    Deferred.doneUnsafe(ready, error)
    Deferred.doneUnsafe(ended, error)
  }
  worker.on("message", (report: WorkerReport) => {
    if (report.kind === "failed") return fail(report.detail)
    if (report.kind === "chore_failed") {
      Effect.runFork(Effect.logWarning("embedded housekeeping failed", report.detail))
      return
    }
    Deferred.doneUnsafe(ready, Effect.void)
  })
  worker.on("error", fail)
  worker.on("exit", (code) => {
    if (code !== 0) return fail(`the thread of the embedded database ended with code ${code}`)
    Deferred.doneUnsafe(ready, Effect.fail(storageError("embedded.thread")("ended too early")))
    Deferred.doneUnsafe(ended, Effect.void)
  })
  return { worker, ready, ended }
}

const shutDown = ({ ended, worker }: Running) =>
  Effect.sync(() => worker.postMessage(stop)).pipe(
    Effect.andThen(Deferred.await(ended).pipe(Effect.interruptible, Effect.timeout(stopMsMax))),
    Effect.ignore,
    Effect.andThen(Effect.promise(() => worker.terminate()))
  )

/**
 * Runs the thread until the scope closes. Returns when it is ready; the answer is an effect that
 * ends when the thread does: with its reason if it broke, quietly if it was told to stop.
 */
export const runThread = Effect.fnUntraced(function* (
  input: WorkerInput
): Effect.fn.Return<Effect.Effect<void, StorageError>, StorageError, Scope.Scope> {
  const running = yield* Effect.acquireRelease(
    Effect.sync(() => spawn(input)),
    shutDown
  )
  yield* Deferred.await(running.ready)
  return Deferred.await(running.ended)
})

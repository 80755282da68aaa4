/** Work that leaves the main thread: a worker thread that is asked, and that tells. */
import { Worker } from "node:worker_threads"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"

/** A thread broke down, or ended while somebody waited for it. */
export class ThreadDied extends Schema.TaggedError<ThreadDied>()("ThreadDied", {
  thread: Schema.String,
  detail: Schema.String
}) {
  override get message() {
    return `the thread ${this.thread} died: ${this.detail}`
  }
}

export interface WorkerThread<Question, Message> {
  /** The next message; all that was told before a thread died comes before its death. */
  readonly next: Effect.Effect<Message, ThreadDied>
  /** Asks, and takes the next message for the answer: for one question at a time. */
  readonly ask: (question: Question) => Effect.Effect<Message, ThreadDied>
}

export interface ThreadOptions {
  /** Where its program is; a URL that the bundler can find and move. */
  readonly entry: URL
  /** What the thread finds as its `workerData`. */
  readonly data?: unknown
  /** As it is called in errors and by the debugger. */
  readonly name: string
}

/** Node tells everyone that it takes types away as an experiment. */
const execArgv = ["--disable-warning=ExperimentalWarning"]

/** Most of what a simulation makes is soon garbage: a large nursery keeps it from being copied. */
const resourceLimits = { maxYoungGenerationSizeMb: 128 }

/** Runs until its scope closes. Questions and messages are copied, as `structuredClone` does it. */
export const start = Effect.fnUntraced(function* <Question, Message>({
  data,
  entry,
  name
}: ThreadOptions): Effect.fn.Return<WorkerThread<Question, Message>, never, Scope.Scope> {
  const messages = yield* Queue.unbounded<Message, ThreadDied>()
  const worker = yield* Effect.acquireRelease(
    Effect.sync(() => new Worker(entry, { workerData: data, execArgv, resourceLimits, name })),
    (running) => Effect.promise(() => running.terminate())
  )
  const die = (detail: string) =>
    Effect.runSync(Queue.fail(messages, new ThreadDied({ thread: name, detail })))
  worker.on("message", (message: Message) => Queue.offerUnsafe(messages, message))
  worker.on("error", (cause) => die(String(cause)))
  worker.on("exit", (code) => die(`it ended with code ${code}`))
  const next = Queue.take(messages)
  return {
    next,
    ask: (question) =>
      Effect.andThen(
        Effect.sync(() => worker.postMessage(question)),
        next
      )
  }
})

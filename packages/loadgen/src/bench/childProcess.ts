/** A process of its own that answers questions, one at a time. */
import { type ChildProcess, fork } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

/** It broke down, or ended while somebody waited for it. */
export class ChildDied extends Schema.TaggedError<ChildDied>()("ChildDied", {
  child: Schema.String,
  detail: Schema.String
}) {
  override get message() {
    return `the process ${this.child} died: ${this.detail}`
  }
}

export interface Child<Question, Answer> {
  readonly pid: number
  readonly ask: (question: Question) => Effect.Effect<Answer, ChildDied>
}

/** Node tells everyone that it takes types away as an experiment. */
const execArgv = ["--disable-warning=ExperimentalWarning"]

const answerTo = async <Answer>(child: ChildProcess, question: object | null): Promise<Answer> => {
  const abort = new AbortController()
  const answered = once(child, "message", abort)
  const died = once(child, "exit", abort).then(([code, signal]) => {
    throw new Error(`it ended with ${signal ?? `code ${code}`}`)
  })
  try {
    if (question !== null) child.send(question)
    const [answer] = (await Promise.race([answered, died])) as [Answer]
    return answer
  } finally {
    abort.abort()
    await Promise.allSettled([answered, died])
  }
}

const startOf = (entry: URL): ChildProcess =>
  fork(fileURLToPath(entry), { execArgv, stdio: ["ignore", "ignore", "inherit", "ipc"] })

const ask =
  <Answer>(child: ChildProcess, name: string) =>
  (question: object | null) =>
    Effect.tryPromise({
      try: () => answerTo<Answer>(child, question),
      catch: (cause) =>
        new ChildDied({
          child: name,
          detail: cause instanceof Error ? cause.message : String(cause)
        })
    })

/**
 * Runs until its scope closes. `entry` is a URL that the bundler can find and move; its program
 * says something when it is up, and then answers.
 */
export const childProcess = Effect.fnUntraced(function* <Question extends object, Answer>(
  entry: URL,
  name: string
) {
  const child = yield* Effect.acquireRelease(
    Effect.sync(() => startOf(entry)),
    (running) => Effect.sync(() => void running.kill("SIGKILL"))
  )
  yield* ask(child, name)(null)
  const asked: Child<Question, Answer> = { pid: child.pid ?? 0, ask: ask<Answer>(child, name) }
  return asked
})

import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import * as WorkerThread from "../threads/WorkerThread.ts"
import type { Finding } from "./MuseumReport.ts"
import { type Report, seedAt, type Task } from "./museumMessages.ts"

/** A thread of the museum could not do its work; no verdict on anything follows from it. */
export class MuseumBroken extends Schema.TaggedError<MuseumBroken>()("MuseumBroken", {
  store: Schema.String,
  detail: Schema.String
}) {
  override get message() {
    return `the museum cannot run ${this.store}: ${this.detail}`
  }
}

/** The bundler builds what this names as an entry of its own, and puts its new name here. */
const entry = new URL("./museumWorker.ts", import.meta.url)

/** A seed takes seconds; a thread that is silent for so long is caught in a loop. */
const silenceMsMax = 120_000

/** Nothing was told for longer than a seed can take. */
const silent = new WorkerThread.ThreadDied({
  thread: "museum",
  detail: `no answer within ${silenceMsMax / 1000} seconds`
})

/**
 * Runs a task to its end and answers what it found. A thread that hangs in a loop, or that dies, is
 * a finding as well: the one way in which the simulator itself cannot tell of it.
 */
export const runThread = Effect.fnUntraced(function* (
  task: Task,
  onRun: Effect.Effect<void>
): Effect.fn.Return<ReadonlyArray<Finding>, MuseumBroken, Scope.Scope> {
  const thread = yield* WorkerThread.start<never, Report>({ entry, data: task, name: "museum" })
  const findings: Array<Finding> = []
  const broken = (detail: string) => {
    const store = task.mutant === null ? "the unchanged store" : `mutant ${task.mutant}`
    return new MuseumBroken({ store, detail })
  }
  const told = Effect.timeoutOrElse(thread.next, {
    duration: silenceMsMax,
    orElse: () => Effect.fail(silent)
  })
  let runs = 0
  let isReady = false
  for (;;) {
    const result = yield* Effect.result(told)
    if (result._tag === "Failure") {
      const { detail } = result.failure
      if (!isReady) return yield* broken(detail)
      const invariant = result.failure === silent ? "hang" : "crash"
      const violation = { invariant, subject: "the store's process", detail }
      return [...findings, { seed: seedAt(task.seed, runs), runs: runs + 1, violation }]
    }
    const report = result.success
    switch (report.kind) {
      case "ready":
        isReady = true
        break
      case "ran":
        runs = report.runs
        yield* onRun
        break
      case "found":
        findings.push({ seed: report.seed, runs: report.runs, violation: report.violation })
        break
      case "done":
        return findings
      case "failed":
        return yield* broken(report.detail)
    }
  }
}, Effect.scoped)

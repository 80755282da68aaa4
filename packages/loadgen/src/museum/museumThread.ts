import { Worker } from "node:worker_threads"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
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

/** Node tells everyone that it takes types away as an experiment. */
const execArgv = ["--disable-warning=ExperimentalWarning"]

/**
 * Runs a task to its end and answers what it found. A thread that hangs in a loop, or that dies, is
 * a finding as well: the one way in which the simulator itself cannot tell of it.
 */
export const runThread = (
  task: Task,
  onRun: Effect.Effect<void>
): Effect.Effect<ReadonlyArray<Finding>, MuseumBroken> =>
  Effect.callback((resume) => {
    const findings: Array<Finding> = []
    let runs = 0
    let isReady = false
    const worker = new Worker(entry, { workerData: task, execArgv, name: "museum" })
    const end = (outcome: Effect.Effect<ReadonlyArray<Finding>, MuseumBroken>) => {
      clearTimeout(silence)
      resume(
        Effect.andThen(
          Effect.promise(() => worker.terminate()),
          outcome
        )
      )
    }
    const broken = (detail: string) => {
      const store = task.mutant === null ? "the unchanged store" : `mutant ${task.mutant}`
      end(Effect.fail(new MuseumBroken({ store, detail })))
    }
    const caught = (invariant: string, detail: string) => {
      if (!isReady) return broken(detail)
      const seed = seedAt(task.seed, runs)
      const violation = { invariant, subject: "the store's process", detail }
      end(Effect.succeed([...findings, { seed, runs: runs + 1, violation }]))
    }
    const silence = setTimeout(
      () => caught("hang", `no answer within ${silenceMsMax / 1000} seconds`),
      silenceMsMax
    )
    worker.on("message", (report: Report) => {
      silence.refresh()
      switch (report.kind) {
        case "ready":
          isReady = true
          return
        case "ran":
          runs = report.runs
          Effect.runFork(onRun)
          return
        case "found":
          findings.push({ seed: report.seed, runs: report.runs, violation: report.violation })
          return
        case "done":
          return end(Effect.succeed(findings))
        case "failed":
          return broken(report.detail)
      }
    })
    worker.on("error", (cause) => caught("crash", String(cause)))
    return Effect.promise(async () => {
      clearTimeout(silence)
      await worker.terminate()
    })
  })

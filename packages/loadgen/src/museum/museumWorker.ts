/** A thread of the museum: one store, changed by one mutant or not at all, seed after seed. */
import { parentPort, workerData } from "node:worker_threads"
import type * as Simulator from "../simulation/simulateSeed.ts"
import { gallery } from "./gallery.ts"
import { installMuseum } from "./museumHooks.ts"
import { type Report, seedAt, type Task } from "./museumMessages.ts"

const report = (message: Report): void => parentPort?.postMessage(message)

const run = async ({ mutant, runs, seed, untilFound }: Task): Promise<void> => {
  const chosen = mutant === null ? null : gallery.find(({ name }) => name === mutant)
  if (chosen === undefined) throw new TypeError(`no mutant is named ${mutant}`)
  const addressOf = installMuseum(chosen)
  const { simulateSeed }: typeof Simulator = await import(
    addressOf("loadgen/src/simulation/simulateSeed.ts")
  )
  report({ kind: "ready" })
  for (let at = 0; at < runs; at++) {
    const current = seedAt(seed, at)
    const { violations } = await simulateSeed(current)
    const [violation] = violations
    if (violation !== undefined) {
      report({ kind: "found", runs: at + 1, seed: current, violation })
      if (untilFound) return
    }
    report({ kind: "ran", runs: at + 1 })
  }
}

try {
  await run(workerData as Task)
  report({ kind: "done" })
} catch (cause) {
  report({ kind: "failed", detail: cause instanceof Error ? cause.message : String(cause) })
}

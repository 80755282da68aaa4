/** A worker thread that plays seeds, one after the other, as they are asked for. */
import { parentPort, workerData } from "node:worker_threads"
import type { Narrowing } from "./Scenario.ts"
import { simulateSeed } from "./simulateSeed.ts"

const narrowing = workerData as Narrowing

parentPort?.on("message", (seed: number) =>
  parentPort?.postMessage(simulateSeed(seed, { narrowing }))
)

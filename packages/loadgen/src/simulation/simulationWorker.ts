/** A worker thread that plays seeds, one after the other, as they are asked for. */
import { parentPort } from "node:worker_threads"
import type { Play } from "./playSeeds.ts"
import { simulateSeed } from "./simulateSeed.ts"

parentPort?.on("message", ({ narrowing, seed }: Play) =>
  parentPort?.postMessage(simulateSeed(seed, { narrowing }))
)

/** A thread that says what it is asked to say, and dies as it is asked to die. */
import { parentPort, workerData } from "node:worker_threads"

parentPort?.on("message", (word: string) => {
  parentPort?.postMessage(`${workerData}: ${word}`)
  if (word === "throw") throw new Error("bad seed")
  if (word === "end") process.exit(3)
  while (word === "hang");
})

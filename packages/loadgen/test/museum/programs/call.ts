/** Calls one function of the store as a mutant has it, in a thread of its own. */
import { parentPort, workerData } from "node:worker_threads"
import type { Mutant } from "@doorbuster/loadgen/museum/Mutant"
import { installMuseum } from "@doorbuster/loadgen/museum/museumHooks"

export interface CallInput {
  readonly mutant: Mutant | null
  readonly file: string
  readonly name: string
  readonly argument: unknown
}

const { argument, file, mutant, name } = workerData as CallInput
const addressOf = installMuseum(mutant)
try {
  const module = await import(addressOf(file))
  parentPort?.postMessage({ answer: module[name](argument) })
} catch (cause) {
  parentPort?.postMessage({ error: String(cause) })
}

import { soldOut } from "@doorbuster/core/checkout/soldOut"
import type { Short } from "@doorbuster/core/edge/demand"
import { StorageError } from "@doorbuster/core/StorageError"
import { internalError, problemResponse } from "../problem/problemResponse.ts"
import { problemOf } from "../problem/problems.ts"
import { type Rendered, rendered } from "./Rendered.ts"

/** A refusal, and its code for the metrics. */
export interface Refusal {
  readonly answer: Rendered
  readonly code: string
}

const refusalsMax = 1_000

const refusalOf = (error: unknown): Refusal => {
  const answer = rendered(problemResponse(error) ?? internalError())
  const code = problemOf(error)?.code
  if (answer === undefined || code === undefined) throw new Error("a refusal has no problem form")
  return { answer, code }
}

/** The refusals of a rush are few, and each is asked for thousands of times. */
export class Refusals {
  readonly #soldOut = new Map<string, Refusal>()

  readonly unavailable = refusalOf(
    new StorageError({
      operation: "http",
      reason: "unavailable",
      detail: "the claims of keys cannot be read"
    })
  )

  soldOut(short: Short): Refusal {
    const name = `${short.key}\n${short.requested}\n${short.available}`
    const known = this.#soldOut.get(name)
    if (known !== undefined) return known
    if (this.#soldOut.size >= refusalsMax) this.#soldOut.clear()
    const made = refusalOf(soldOut(short))
    this.#soldOut.set(name, made)
    return made
  }
}

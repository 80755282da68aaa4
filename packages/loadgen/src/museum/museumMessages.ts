import type { Violation } from "../simulation/simulateSeed.ts"

/** What a thread of the museum is to do: run seeds of the store as one mutant has it. */
export interface Task {
  /** Null is the unchanged store. */
  readonly mutant: string | null
  /** The first seed; the others follow, and begin again at 0 behind the last uint32. */
  readonly seed: number
  readonly runs: number
  /** Ends with the first seed that breaks a rule. */
  readonly untilFound: boolean
}

export type Report =
  /** The store is loaded, changed as it shall be. */
  | { readonly kind: "ready" }
  /** So many seeds are done. */
  | { readonly kind: "ran"; readonly runs: number }
  | {
      readonly kind: "found"
      readonly runs: number
      readonly seed: number
      readonly violation: Violation
    }
  | { readonly kind: "done" }
  /** The mutant or the simulator could not be loaded, or the simulator threw. */
  | { readonly kind: "failed"; readonly detail: string }

export const seedAt = (first: number, run: number): number => (first + run) % 2 ** 32

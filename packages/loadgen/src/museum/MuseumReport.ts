import type { Violation } from "../simulation/simulateSeed.ts"
import type { Mutant } from "./Mutant.ts"

/** A seed on which some store broke a rule; of the broken rules, the first. */
export interface Finding {
  readonly seed: number
  /** Seeds that were run until then, this one included. */
  readonly runs: number
  readonly violation: Violation
}

/** What became of one mutant. */
export interface Exhibit {
  readonly mutant: Mutant
  /** Null: no seed of the run shows it. */
  readonly finding: Finding | null
}

export interface MuseumReport {
  /** The first seed; the others follow it. */
  readonly seed: number
  /** Most seeds that any mutant was given. */
  readonly runs: number
  readonly exhibits: ReadonlyArray<Exhibit>
  /** The store as it is, over every seed that a mutant was run on. */
  readonly unchanged: { readonly runs: number; readonly findings: ReadonlyArray<Finding> }
}

export const allFound = ({ exhibits }: MuseumReport): boolean =>
  exhibits.every(({ finding }) => finding !== null)

export const isUnchangedSound = ({ unchanged }: MuseumReport): boolean =>
  unchanged.findings.length === 0

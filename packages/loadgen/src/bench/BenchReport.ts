/** Figures of a bench, as programs read them. */
import type { Durability } from "./serverFigures.ts"
import { median, type Spread, spread } from "./statistics.ts"

export interface BenchRound {
  readonly per_second: number
  readonly reference_per_second: number | null
  readonly ratio: number | null
}

/** One measure and what it is divided by. Rates are the medians of the rounds. */
export interface BenchResult {
  readonly name: string
  /** What was measured, in words. */
  readonly about: string
  readonly per_second: number
  readonly reference: string
  /** Null where the reference could not be run; a note says why. */
  readonly reference_per_second: number | null
  readonly ratio: number | null
  /** Of the rounds' own ratios. */
  readonly ratio_spread: Spread | null
  readonly rounds: ReadonlyArray<BenchRound>
  /** Further figures, by name. */
  readonly more: Readonly<Record<string, unknown>>
}

/** One way of doing a thing, among others. */
export interface Ranked {
  readonly load: string
  readonly strategy: string
  readonly processes: number
  readonly per_second: number
  readonly spread: Spread
  readonly p50_ms: number
  readonly p99_ms: number
  /** Askings that failed although nothing was wrong with them, in all rounds. */
  readonly failed: number
}

export interface BenchReport {
  readonly bench: string
  readonly results: ReadonlyArray<BenchResult>
  /** The fastest first; empty where a bench compares no ways. */
  readonly ranking: ReadonlyArray<Ranked>
  readonly notes: ReadonlyArray<string>
  /** Null where no server was asked. */
  readonly server: Durability | null
}

export interface Rates {
  readonly name: string
  readonly about: string
  /** Per second, round by round. */
  readonly subject: ReadonlyArray<number>
  readonly reference: string
  /** Null where it could not be run. */
  readonly against: ReadonlyArray<number> | null
  /** How the two make the ratio; the subject divided by the reference, unless it says otherwise. */
  readonly ratio?: (subject: number, reference: number) => number
  readonly more?: Readonly<Record<string, unknown>>
}

const quotient = (subject: number, reference: number): number => subject / reference

export const resultOf = ({
  about,
  against,
  more = {},
  name,
  ratio = quotient,
  reference,
  subject
}: Rates): BenchResult => {
  const rounds = subject.map((per_second, round): BenchRound => {
    const other = against?.[round] ?? null
    return {
      per_second,
      reference_per_second: other,
      ratio: other === null ? null : ratio(per_second, other)
    }
  })
  const perSecond = median(subject)
  const referencePerSecond = against === null ? null : median(against)
  const ratios = rounds.flatMap((round) => (round.ratio === null ? [] : [round.ratio]))
  return {
    name,
    about,
    per_second: perSecond,
    reference,
    reference_per_second: referencePerSecond,
    ratio: referencePerSecond === null ? null : ratio(perSecond, referencePerSecond),
    ratio_spread: ratios.length === 0 ? null : spread(ratios),
    rounds,
    more
  }
}

/** What became of one case: who was hit where, and what was broken. */
import type { Fault, NthCall } from "@doorbuster/adapters/faults/ProcessFaults"
import { caseToText, placeToText } from "./CrashCase.ts"
import type { Hit, Unreached } from "./CrashReport.ts"
import { type Faulted, livesOn, type Played } from "./play.ts"
import type { Scenario } from "./Scenario.ts"
import type { Broken } from "./verdict.ts"

export interface CrashOutcome {
  /** As in `--only`. */
  readonly name: string
  readonly faulted: Faulted
  readonly hits: ReadonlyArray<Hit>
  /** Null: every process was hit where it was to be hit. */
  readonly unreached: Unreached | null
  readonly broken: ReadonlyArray<Broken>
}

const timesOf = (call: string, calls: ReadonlyArray<string>): number =>
  calls.filter((name) => name === call).length

/**
 * Where time is real, whoever waits asks again, and how often is a matter of the machine's load: so
 * many askings of one kind stand for those that follow.
 */
const askingsMax = 2

/** The calls that all of these runs have, in the order of the first one. */
export const commonCalls = (runs: ReadonlyArray<ReadonlyArray<string>>): ReadonlyArray<NthCall> => {
  const [first = [], ...others] = runs
  return first
    .map((call, index) => ({ call, nth: timesOf(call, first.slice(0, index + 1)) }))
    .filter(({ nth }) => others.length === 0 || nth <= askingsMax)
    .filter(({ call, nth }) => others.every((calls) => timesOf(call, calls) >= nth))
}

/** How many calls some of these runs have and others have not. */
export const irregularCalls = (runs: ReadonlyArray<ReadonlyArray<string>>): number => {
  const names = [...new Set(runs.flat())]
  const most = names.map((call) => Math.max(...runs.map((calls) => timesOf(call, calls))))
  return most.reduce((sum, times) => sum + times, 0) - commonCalls(runs).length
}

const reached = ({ at }: Fault, calls: ReadonlyArray<string>): string | null => {
  if (typeof at === "number") return calls[at] ?? null
  return timesOf(at.call, calls) >= at.nth ? at.call : null
}

const why = ({ at }: Fault, process: Hit["process"], calls: ReadonlyArray<string>): string => {
  if (typeof at === "number") return `the ${process} process ended with call ${calls.length}`
  const times = timesOf(at.call, calls)
  return `the ${process} process came to ${times} of these calls in its last play`
}

/** Whose calls are hit, in the order of the hits. */
const targets = ({ first, second }: Faulted, { calls, heirCalls }: Played) => {
  const one = { process: "first", calls } as const
  const two = { process: "second", calls: heirCalls } as const
  return [
    ...(first === null ? [] : [{ fault: first, ...one }]),
    ...(first === null || second === null
      ? []
      : [{ fault: second, ...(livesOn(first) ? one : two) }])
  ]
}

export const outcomeOf = (scenario: Scenario, faulted: Faulted, played: Played): CrashOutcome => {
  const all = targets(faulted, played)
  const missing = all.find(({ calls, fault }) => reached(fault, calls) === null)
  const name = caseToText(scenario, faulted)
  return {
    name,
    faulted,
    hits: all.map(({ calls, fault, process }) => ({
      process,
      place: placeToText(fault),
      call: reached(fault, calls),
      mode: fault.mode
    })),
    unreached:
      missing === undefined
        ? null
        : { name, why: why(missing.fault, missing.process, missing.calls) },
    broken: played.broken
  }
}

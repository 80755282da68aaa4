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

/** The calls of a run by their names, each with its how-manieth one of that name. */
export const nthCalls = (calls: ReadonlyArray<string>): ReadonlyArray<NthCall> => {
  const times = new Map<string, number>()
  return calls.map((call) => {
    const nth = (times.get(call) ?? 0) + 1
    times.set(call, nth)
    return { call, nth }
  })
}

const reached = ({ at }: Fault, calls: ReadonlyArray<string>): string | null => {
  if (typeof at === "number") return calls[at] ?? null
  return calls.filter((name) => name === at.call).length >= at.nth ? at.call : null
}

const why = ({ at }: Fault, process: Hit["process"], calls: ReadonlyArray<string>): string => {
  if (typeof at === "number") return `the ${process} process ended with call ${calls.length}`
  const times = calls.filter((name) => name === at.call).length
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

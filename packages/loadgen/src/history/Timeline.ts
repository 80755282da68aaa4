import type { Operation } from "./Operation.ts"
import { effectOf, type Sight, sightOf, type Units } from "./StockModel.ts"

/** An operation and the line of the file that says so. */
export interface Recorded {
  readonly line: number
  readonly operation: Operation
}

/** Something that has to find its moment between its call and its return. */
export interface Task {
  readonly recorded: Recorded
  /** What it adds to the counters; null where it only looks. */
  readonly effect: Units | null
  readonly sight: Sight | null
  /** Positions among the events. */
  readonly call: number
  readonly ret: number
}

/** Unknown operations with the same effect can stand in for one another. */
export interface Maybe {
  readonly effect: Units
}

export type Event =
  | { readonly _tag: "Call" | "Return"; readonly task: number }
  /** The call of an unknown operation, by the place of its effect in `maybes`. */
  | { readonly _tag: "Maybe"; readonly maybe: number }

/** One SKU's history as a sequence of calls and returns. Equal moments count as concurrent. */
export interface Timeline {
  readonly tasks: ReadonlyArray<Task>
  readonly maybes: ReadonlyArray<Maybe>
  readonly events: ReadonlyArray<Event>
}

interface Moment {
  readonly ns: bigint
  readonly isReturn: boolean
  readonly index: number
}

const byTime = (a: Moment, b: Moment): number => {
  if (a.ns !== b.ns) return a.ns < b.ns ? -1 : 1
  // Calls first: what touches is taken as concurrent, which can never invent a violation.
  return a.isReturn === b.isReturn ? a.index - b.index : a.isReturn ? 1 : -1
}

/** Unknown looks, and looks at nothing, are left out: they fit everywhere. */
const matters = ({ operation }: Recorded): boolean => {
  if (operation.unknown) return operation.op !== "read"
  return operation.op !== "read" || sightOf(operation) !== undefined
}

interface Draft extends Task {
  call: number
  ret: number
}

const draftOf = (recorded: Recorded): Draft => {
  const { operation } = recorded
  const hasEffect = operation.ok && operation.op !== "read"
  const place = { call: -1, ret: Number.POSITIVE_INFINITY }
  return hasEffect
    ? { recorded, effect: effectOf(operation), sight: null, ...place }
    : { recorded, effect: null, sight: sightOf(operation) ?? null, ...place }
}

const momentsOf = (operations: ReadonlyArray<Operation>): ReadonlyArray<Moment> =>
  operations
    .flatMap(({ callNs, retNs, unknown }, index): ReadonlyArray<Moment> => {
      const call = { ns: callNs, isReturn: false, index }
      return unknown || retNs === null ? [call] : [call, { ns: retNs, isReturn: true, index }]
    })
    .toSorted(byTime)

export const timelineOf = (history: ReadonlyArray<Recorded>): Timeline => {
  const relevant = history.filter(matters)
  const tasks: Array<Draft> = []
  const maybes: Array<Maybe> = []
  const maybeOf = new Map<string, number>()
  const taskOf = new Map<number, number>()
  const events = momentsOf(relevant.map(({ operation }) => operation)).map(
    ({ index, isReturn }, at): Event => {
      const recorded = relevant[index] as Recorded
      if (isReturn) {
        const task = taskOf.get(index) as number
        ;(tasks[task] as Draft).ret = at
        return { _tag: "Return", task }
      }
      if (!recorded.operation.unknown) {
        taskOf.set(index, tasks.length)
        return { _tag: "Call", task: tasks.push({ ...draftOf(recorded), call: at }) - 1 }
      }
      const effect = effectOf(recorded.operation)
      const key = effect.join()
      const known = maybeOf.get(key)
      if (known !== undefined) return { _tag: "Maybe", maybe: known }
      maybeOf.set(key, maybes.length)
      return { _tag: "Maybe", maybe: maybes.push({ effect }) - 1 }
    }
  )
  return { tasks, maybes, events }
}

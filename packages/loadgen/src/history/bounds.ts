/**
 * What every order of events must obey, whatever the search would find: after the k-th event a
 * counter lies between "all that may lower it has, only what must have raised it has" and the
 * reverse. An operation that fits nowhere between these bounds is a violation without any search.
 */
import type { Counter, Sight, Units } from "./StockModel.ts"
import type { Event, Task, Timeline } from "./Timeline.ts"

/** Per counter and event: the bounds right after it. */
export interface Bounds {
  readonly low: ReadonlyArray<ReadonlyArray<number>>
  readonly high: ReadonlyArray<ReadonlyArray<number>>
}

const counters = [0, 1, 2] as const

/** What an event adds to the bounds of one counter: a call may have, a return must have. */
const stepOf = ({ maybes, tasks }: Timeline, event: Event, counter: Counter) => {
  const effect = event._tag === "Maybe" ? maybes[event.maybe]?.effect : tasks[event.task]?.effect
  const units = effect?.[counter] ?? 0
  const isRaise = units > 0
  const isCertain = event._tag === "Return"
  return { low: isRaise === isCertain ? units : 0, high: isRaise === isCertain ? 0 : units }
}

export const boundsOf = (timeline: Timeline, start: Units): Bounds => {
  const low: Array<Array<number>> = []
  const high: Array<Array<number>> = []
  for (const counter of counters) {
    let [least, most] = [start[counter], start[counter]]
    const [lows, highs]: [Array<number>, Array<number>] = [[], []]
    for (const event of timeline.events) {
      const step = stepOf(timeline, event, counter)
      least += step.low
      most += step.high
      lows.push(Math.max(0, least))
      highs.push(most)
    }
    low.push(lows)
    high.push(highs)
  }
  return { low, high }
}

const isSeen = ({ high, low }: Bounds, { counter, max, min }: Sight, { call, ret }: Task) => {
  const [lows, highs] = [low[counter] ?? [], high[counter] ?? []]
  for (let at = call; at < ret; at++) {
    if ((lows[at] ?? 0) <= max && (highs[at] ?? 0) >= min) return true
  }
  return false
}

/** The first event after which the history can no longer be explained, or undefined. */
export const firstBeyond = (timeline: Timeline, bounds: Bounds): number | undefined => {
  const { events, tasks } = timeline
  const found = events.findIndex((event, at) => {
    if (event._tag !== "Return") return false
    const task = tasks[event.task] as Task
    if (task.sight !== null) return !isSeen(bounds, task.sight, task)
    return bounds.high.some((highs) => (highs[at] ?? 0) < 0)
  })
  return found < 0 ? undefined : found
}

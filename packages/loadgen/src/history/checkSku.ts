import { type Bounds, boundsOf, firstBeyond } from "./bounds.ts"
import { type Ranges, sentence } from "./explain.ts"
import { type Range, type SkuFailure, told } from "./HistoryReport.ts"
import { Outlook } from "./Outlook.ts"
import { type SearchOptions, type SearchResult, search } from "./Search.ts"
import type { Units } from "./StockModel.ts"
import { type Recorded, type Task, type Timeline, timelineOf } from "./Timeline.ts"

export interface SkuVerdict {
  readonly states: number
  /** Null where the history can be explained. */
  readonly failure: Omit<SkuFailure, "sku"> | null
}

/** Where a history stops being explainable. */
interface Break {
  /** The event that cannot be explained. */
  readonly at: number
  readonly base: SearchResult["base"]
  /** Events before this one can be explained. */
  readonly explained: number
}

/** States to look at for the sake of a better explanation. */
const explainMax = 4_000
const shownMax = 64

const startOf = (available: number): Units => [available, 0, 0]

const knownReturns = ({ events }: Timeline, before: number): number =>
  events.slice(0, before).filter(({ _tag }) => _tag === "Return").length

/** Prefixes of what can be explained can be, so the first one that cannot is found by halving. */
const firstBreak = (
  timeline: Timeline,
  outlook: Outlook,
  { base, reached }: SearchResult,
  beyond: number
): Break => {
  let [good, bad] = [reached, beyond]
  while (bad - good > 1) {
    const horizon = Math.floor((good + bad) / 2)
    const options = { horizon, statesMax: explainMax, from: base, looksAhead: true }
    const { explained } = search(timeline, outlook, options)
    if (explained === null) break
    if (explained) good = horizon
    else bad = horizon
  }
  const isReturn = (at: number) => timeline.events[at]?._tag === "Return"
  let at = bad - 1
  while (at > good && !isReturn(at)) at--
  return { at, base, explained: good }
}

const widened = (range: Range | undefined, units: number): Range =>
  range === undefined ? [units, units] : [Math.min(range[0], units), Math.max(range[1], units)]

/** What the stock can have been right before an event, in all explanations of what came before. */
const stockBefore = (
  timeline: Timeline,
  outlook: Outlook,
  { at, base }: Break,
  bounds: Bounds
): Ranges => {
  const seen: Array<Range> = []
  const { explained } = search(timeline, outlook, {
    horizon: at + 1,
    statesMax: explainMax,
    from: base,
    looksAhead: false,
    onState: (configuration) => {
      if (configuration.at !== at) return
      configuration.units.forEach((units, counter) => {
        seen[counter] = widened(seen[counter], units)
      })
    }
  })
  const [available, reserved, sold] = seen
  if (explained === false && available && reserved && sold) return [available, reserved, sold]
  const bound = (counter: number): Range => [
    bounds.low[counter]?.[at - 1] ?? 0,
    Math.max(0, bounds.high[counter]?.[at - 1] ?? 0)
  ]
  return [bound(0), bound(1), bound(2)]
}

const violation = (
  timeline: Timeline,
  outlook: Outlook,
  found: Break,
  bounds: Bounds
): Omit<SkuFailure, "sku" | "operations"> => {
  const { at } = found
  const event = timeline.events[at]
  const culprit = event?._tag === "Return" ? timeline.tasks[event.task] : undefined
  const { recorded } = culprit as Task
  const [available, reserved, sold] = stockBefore(timeline, outlook, found, bounds)
  const underWay = timeline.tasks.filter((task) => task.call < at && task.ret > at)
  return {
    verdict: "not_linearizable",
    explained: knownReturns(timeline, found.explained),
    operation: told(recorded),
    under_way: underWay.slice(0, shownMax).map((task) => told(task.recorded)),
    unknown: timeline.events.slice(0, at).filter(({ _tag }) => _tag === "Maybe").length,
    stock: { available, reserved, sold },
    why: sentence(recorded, [available, reserved, sold])
  }
}

const undecided = (timeline: Timeline, { reached, states }: SearchResult) =>
  ({
    verdict: "undecided",
    explained: knownReturns(timeline, reached),
    operation: null,
    under_way: [],
    unknown: timeline.events.filter(({ _tag }) => _tag === "Maybe").length,
    stock: null,
    why: `no order of events was found within ${states} states, nor was it shown that there is none`
  }) as const

/** First step by step, which can refute; then by jumps, which finds more. */
const searchTwice = (
  timeline: Timeline,
  outlook: Outlook,
  options: SearchOptions
): SearchResult => {
  const half = { ...options, statesMax: Math.ceil(options.statesMax / 2) }
  const first = search(timeline, outlook, half)
  if (first.explained !== null) return first
  const second = search(timeline, outlook, { ...half, jumps: true })
  return {
    ...second,
    states: first.states + second.states,
    reached: Math.max(first.reached, second.reached)
  }
}

/** Whether there is an order of events that explains the history of one SKU. */
export const checkSku = (
  history: ReadonlyArray<Recorded>,
  available: number,
  statesMax: number
): SkuVerdict => {
  const timeline = timelineOf(history)
  const outlook = new Outlook(timeline)
  const bounds = boundsOf(timeline, startOf(available))
  const beyond = firstBeyond(timeline, bounds)
  const end = timeline.events.length
  const from = { at: 0, units: startOf(available) }
  const horizon = beyond ?? end
  const result = searchTwice(timeline, outlook, { horizon, statesMax, from, looksAhead: true })
  const { base, explained, reached, states } = result
  const failed = (failure: Omit<SkuFailure, "sku" | "operations">): SkuVerdict => ({
    states,
    failure: { operations: history.length, ...failure }
  })
  if (explained === false) {
    const found = firstBreak(timeline, outlook, result, horizon)
    return failed(violation(timeline, outlook, found, bounds))
  }
  if (beyond !== undefined) {
    return failed(violation(timeline, outlook, { at: beyond, base, explained: reached }, bounds))
  }
  return explained === null ? failed(undecided(timeline, result)) : { states, failure: null }
}

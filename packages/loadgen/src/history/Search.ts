/**
 * Looks for an order of events that explains a history, in the manner of Wing and Gong ("Testing
 * and verifying concurrent objects", 1993) with Lowe's improvements ("Testing for
 * linearizability", 2017): operations are placed just in time, that is when one of them returns,
 * and configurations that were tried are remembered. A history of many SKUs is linearizable
 * exactly when that of each SKU is (P-compositionality: Horn and Kroening, 2015), so each is
 * searched alone.
 *
 * Three things hold for stock and make long histories cheap:
 * - A look (a read, a refusal) changes nothing, so it is placed the first moment it fits.
 * - Where nobody looks and there is plenty for everybody, the order does not matter.
 * - When nothing is under way, the stock is known, and what was before needs no second thought.
 */
import { Configuration } from "./Configuration.ts"
import type { Aim, Outlook } from "./Outlook.ts"
import { Stall } from "./Stall.ts"
import type { Units } from "./StockModel.ts"
import type { Event, Task, Timeline } from "./Timeline.ts"

export interface SearchOptions {
  /** Events from here on are not looked at. */
  readonly horizon: number
  /** Configurations to try at most. */
  readonly statesMax: number
  readonly from: { readonly at: number; readonly units: Units }
  /** Gives up on details that cannot be mended soon, so that it finds, but never refutes. */
  readonly jumps?: boolean
  /** Without it every configuration is tried; for those who want to see them all. */
  readonly looksAhead: boolean
  /** Told of each configuration that is tried. */
  readonly onState?: (configuration: Configuration) => void
}

export interface SearchResult {
  /** Null when the limit was reached first. */
  readonly explained: boolean | null
  readonly states: number
  /** The last event that was got to. */
  readonly reached: number
  /** Where nothing was under way for the last time before that, and the stock then. */
  readonly base: { readonly at: number; readonly units: Units }
}

/** A choice that can be taken back. */
interface Frame {
  readonly mark: number
  readonly at: number
  /** The task that has to be placed here. */
  readonly task: number
  moves: ReadonlyArray<number>
  next: number
  /** What stopped the last move. */
  aim: Aim | undefined
  hasAll: boolean
}

/** Whoever goes there passes no other. */
const nearest = (aims: ReadonlyArray<Aim>, units: Units): Aim | undefined => {
  const away = ({ sight: { counter, max, min } }: Aim) =>
    Math.max(min - units[counter], units[counter] - max)
  return aims.reduce<Aim | undefined>(
    (near, aim) => (near === undefined || away(aim) < away(near) ? aim : near),
    undefined
  )
}

class Search {
  readonly #timeline: Timeline
  readonly #options: SearchOptions
  readonly #outlook: Outlook
  readonly #configuration: Configuration
  readonly #frames: Array<Frame> = []
  readonly #tried = new Set<string>()
  readonly #stall: Stall
  #unknowns = 0
  #states = 0
  #reached: number
  #base: SearchResult["base"]

  constructor(timeline: Timeline, outlook: Outlook, options: SearchOptions) {
    this.#timeline = timeline
    this.#outlook = outlook
    this.#options = options
    this.#configuration = new Configuration(timeline, options.from)
    this.#base = options.from
    this.#reached = options.from.at
    this.#stall = new Stall(options.from.at)
  }

  run(): SearchResult {
    let isForward = true
    for (;;) {
      if (isForward) {
        const task = this.#advance()
        if (task === undefined) return this.#result(true)
        isForward = this.#enter(task)
        if (this.#states > this.#options.statesMax) return this.#result(null)
      }
      if (this.#isStuck()) this.#jump()
      if (this.#frames.length === 0)
        return this.#result(this.#options.jumps === true ? null : false)
      isForward = this.#move()
    }
  }

  #result(explained: boolean | null): SearchResult {
    return { explained, states: this.#states, reached: this.#reached, base: this.#base }
  }

  #isStuck(): boolean {
    if (this.#options.jumps !== true) return false
    return this.#stall.isStuck(this.#states, this.#reached)
  }

  /** Takes back all choices of some time, and makes them in another order. */
  #jump(): void {
    const frames = this.#frames
    const from = this.#stall.next(this.#states)
    this.#outlook.shuffle()
    this.#tried.clear()
    while (frames.length > 1 && (frames.at(-1) as Frame).at > from) frames.pop()
    const last = frames.at(-1)
    if (last !== undefined) Object.assign(last, { moves: [], next: 0, hasAll: false })
  }

  /** Goes on to the next return of something that is not placed; undefined at the end. */
  #advance(): number | undefined {
    const configuration = this.#configuration
    const { events } = this.#timeline
    const end = Math.min(this.#options.horizon, events.length)
    for (; configuration.at < end; configuration.at++) {
      const event = events[configuration.at] as Event
      if (event._tag === "Maybe") {
        this.#unknowns++
        configuration.callMaybe(event.maybe)
      } else if (event._tag === "Call") {
        this.#settleIfQuiet()
        configuration.call(event.task)
      } else if (!configuration.return(event.task)) {
        return event.task
      }
    }
    this.#reached = Math.max(this.#reached, end)
    return undefined
  }

  #settleIfQuiet(): void {
    const { at, placed, units, unseen, waiting } = this.#configuration
    if (this.#unknowns + waiting.size + unseen.size + placed.size > 0) return
    this.#frames.length = 0
    this.#tried.clear()
    this.#configuration.settle()
    this.#base = { at, units: [...units] }
  }

  /** Whether this is a configuration that was not tried yet. */
  #enter(task: number): boolean {
    const configuration = this.#configuration
    const { key } = configuration
    if (this.#tried.has(key)) return false
    this.#tried.add(key)
    this.#states++
    this.#reached = Math.max(this.#reached, configuration.at)
    this.#options.onState?.(configuration)
    const { effect } = this.#timeline.tasks[task] as Task
    const canGo = effect !== null && configuration.allows(task)
    this.#frames.push({
      mark: configuration.mark,
      at: configuration.at,
      task,
      moves: canGo ? [task] : [],
      next: 0,
      aim: undefined,
      hasAll: canGo && this.#isPlenty()
    })
    return true
  }

  /** Nobody looks, and all that waits can be placed in any order. */
  #isPlenty(): boolean {
    const { lower, spares, units, unseen } = this.#configuration
    return (
      unseen.size === 0 &&
      spares.every((count) => count === 0) &&
      units.every((count, counter) => count >= (lower[counter] ?? 0))
    )
  }

  /** What the task needs first, if it cannot be placed at once. */
  #aimFor(task: number): Aim | undefined {
    const { units } = this.#configuration
    const { effect, ret } = this.#timeline.tasks[task] as Task
    if (effect === null) return this.#outlook.aimOf(task)
    const counter = ([0, 1, 2] as const).find((of) => units[of] + effect[of] < 0)
    if (counter === undefined) return this.#outlook.next(this.#configuration)
    const sight = { counter, min: -effect[counter], max: Number.MAX_SAFE_INTEGER }
    return { sight, ret }
  }

  /** Makes the next move of the latest choice; false when it led nowhere. */
  #move(): boolean {
    const configuration = this.#configuration
    const frame = this.#frames.at(-1) as Frame
    configuration.undoTo(frame.mark, frame.at)
    if (frame.next === frame.moves.length) {
      if (frame.hasAll) {
        this.#frames.pop()
        return false
      }
      frame.hasAll = true
      const tried = new Set(frame.moves)
      const all = this.#outlook.moves(configuration, frame.aim ?? this.#aimFor(frame.task))
      frame.moves = [...frame.moves, ...all.filter((move) => !tried.has(move))]
      return false
    }
    const move = frame.moves[frame.next++] as number
    if (!configuration.allows(move)) return false
    const before = [...configuration.units] as const
    configuration.place(move)
    if (!this.#options.looksAhead) return true
    const hopeless = this.#outlook.hopeless(configuration, this.#options.horizon)
    frame.aim ??= nearest(hopeless, before)
    return hopeless.length === 0
  }
}

export const search = (timeline: Timeline, outlook: Outlook, options: SearchOptions) =>
  new Search(timeline, outlook, options).run()

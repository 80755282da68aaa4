import type { Configuration } from "./Configuration.ts"
import type { Counter, Sight, Units } from "./StockModel.ts"
import { choose, noSums, sumBetween, widthMax, withNumber } from "./subsetSums.ts"
import type { Task, Timeline } from "./Timeline.ts"

/** Something to be reached: a counter within bounds, and before which event. */
export interface Aim {
  readonly sight: Sight
  readonly ret: number
}

/** How much later a shuffled task may seem to return. */
const spreadEvents = 200

/** For each counter and event, how much the calls before it can raise and lower it. */
const potentials = ({ events, maybes, tasks }: Timeline) => {
  const raise: Array<Array<number>> = [[0], [0], [0]]
  const lower: Array<Array<number>> = [[0], [0], [0]]
  for (const event of events) {
    const effect =
      event._tag === "Return"
        ? null
        : event._tag === "Maybe"
          ? maybes[event.maybe]?.effect
          : tasks[event.task]?.effect
    for (const counter of [0, 1, 2] as const) {
      const units = effect?.[counter] ?? 0
      const push = (sums: Array<Array<number>>, more: number) =>
        sums[counter]?.push((sums[counter]?.at(-1) ?? 0) + more)
      push(raise, Math.max(0, units))
      push(lower, Math.max(0, -units))
    }
  }
  return { raise, lower }
}

/** Looks ahead: what can still be seen in time, and which moves lead there. */
export class Outlook {
  readonly #timeline: Timeline
  readonly #potentials: ReturnType<typeof potentials>
  #seed = 0

  constructor(timeline: Timeline) {
    this.#timeline = timeline
    this.#potentials = potentials(timeline)
  }

  /** From now on proposes moves in another order. The same history always sees the same ones. */
  shuffle(): void {
    this.#seed = (Math.imul(this.#seed, 1_103_515_245) + 12_345) & 0x7fffffff
  }

  /** When a task is pressing: its return, give or take. */
  #pressing(id: number): number {
    const { ret } = this.#task(id)
    if (this.#seed === 0) return ret
    const mixed = Math.imul(id ^ this.#seed, 0x9e3779b1)
    const stirred = Math.imul(mixed ^ (mixed >>> 15), 0x85ebca6b)
    return ret + (((stirred ^ (stirred >>> 13)) >>> 0) % spreadEvents)
  }

  #task(id: number): Task {
    return this.#timeline.tasks[id] as Task
  }

  aimOf(task: number): Aim | undefined {
    const { ret, sight } = this.#task(task)
    return sight === null ? undefined : { sight, ret }
  }

  /** Open looks by their returns, without those that return at or after the horizon. */
  #open(configuration: Configuration, horizon: number): ReadonlyArray<Aim> {
    const aims: Array<Aim> = []
    for (const id of configuration.unseen) {
      const aim = this.aimOf(id)
      if (aim !== undefined && aim.ret < horizon) aims.push(aim)
    }
    return aims.sort((a, b) => a.ret - b.ret)
  }

  /** The first open look. */
  next(configuration: Configuration): Aim | undefined {
    return this.#open(configuration, Number.POSITIVE_INFINITY)[0]
  }

  /** How far a counter can move until an event. */
  #reach({ at, lower, raise, units }: Configuration, counter: Counter, until: number) {
    const within = (sums: ReadonlyArray<ReadonlyArray<number>>) =>
      (sums[counter]?.[until] ?? 0) - (sums[counter]?.[at] ?? 0)
    const least = units[counter] - lower[counter] - within(this.#potentials.lower)
    const most = units[counter] + raise[counter] + within(this.#potentials.raise)
    return { least, most }
  }

  /** Open looks that nothing can satisfy any more. Necessary, not sufficient. */
  hopeless(configuration: Configuration, horizon: number): ReadonlyArray<Aim> {
    const aims = this.#open(configuration, horizon)
    if (aims.length === 0) return aims
    const beyond = ([0, 1, 2] as const).flatMap((counter) =>
      this.#beyond(
        configuration,
        counter,
        aims.filter(({ sight }) => sight.counter === counter)
      )
    )
    return beyond.length > 0 ? beyond : this.#unreachable(configuration, aims)
  }

  /**
   * Looks at values that the counter cannot have in time: at each event it lies between what
   * everything that may lower it by then and everything that must raise it by then make of it, and
   * the reverse.
   */
  #beyond(configuration: Configuration, counter: Counter, aims: ReadonlyArray<Aim>) {
    const { at, lower, placed, raise, units } = configuration
    const { events, maybes, tasks } = this.#timeline
    let least = units[counter] - lower[counter]
    let most = units[counter] + raise[counter]
    let open = aims
    const beyond: Array<Aim> = []
    for (let event = at; open.length > 0; event++) {
      const [low, high] = [Math.max(0, least), most]
      open = open.filter((aim) => {
        if (low <= aim.sight.max && high >= aim.sight.min) return false
        if (aim.ret <= event) beyond.push(aim)
        return aim.ret > event
      })
      const next = events[event]
      if (next === undefined) break
      if (next._tag === "Maybe") {
        const by = maybes[next.maybe]?.effect[counter] ?? 0
        if (by > 0) most += by
        else least += by
      } else {
        const by = tasks[next.task]?.effect?.[counter] ?? 0
        const isForced = next._tag === "Return"
        if (isForced && placed.has(next.task)) continue
        if (by > 0 === isForced) least += by
        else most += by
      }
    }
    return beyond
  }

  /** The same for sums: exact units may be jumped over. */
  #unreachable(configuration: Configuration, aims: ReadonlyArray<Aim>): ReadonlyArray<Aim> {
    const { at, spares, units, waiting } = configuration
    const looks = aims.filter(({ sight }) => sight.counter === 0)
    const last = looks.at(-1)
    if (last === undefined) return []
    const { least, most } = this.#reach(configuration, 0, last.ret)
    if (most - least > widthMax) return []
    let sums = noSums(units[0] - least)
    const add = (effect: Units | null | undefined) => {
      if (effect !== null && effect !== undefined && effect[0] !== 0) {
        sums = withNumber(sums, effect[0])
      }
    }
    for (const task of waiting) add(this.#task(task).effect)
    spares.forEach((count, maybe) => {
      for (let n = 0; n < count; n++) add(this.#timeline.maybes[maybe]?.effect)
    })
    let event = at
    return looks.filter(({ ret, sight: { max, min } }) => {
      for (; event < ret; event++) {
        const next = this.#timeline.events[event]
        if (next?._tag === "Call") add(this.#task(next.task).effect)
        if (next?._tag === "Maybe") add(this.#timeline.maybes[next.maybe]?.effect)
      }
      return sumBetween(sums, min - units[0], max - units[0]) === undefined
    })
  }

  /** All moves that there are, the ones that lead to the aim first, then the most pressing. */
  moves(configuration: Configuration, aim: Aim | undefined): ReadonlyArray<number> {
    const { spares, units, waiting } = configuration
    const pressing = [...waiting].sort((a, b) => this.#pressing(a) - this.#pressing(b))
    const kinds = spares.flatMap((count, maybe) => (count > 0 ? [-1 - maybe] : []))
    const all = [...pressing, ...kinds]
    if (aim === undefined) return all
    const { counter, max, min } = aim.sight
    const raises = (move: number) => configuration.effectOf(move)?.[counter] ?? 0
    const { least, most } = this.#reach(configuration, counter, configuration.at)
    const repeated = spares.flatMap((count, maybe) => {
      const times = Math.min(count, widthMax)
      return Array.from({ length: times }, () => -1 - maybe)
    })
    const useful = [...pressing, ...repeated].filter((move) => raises(move) !== 0)
    const here = units[counter]
    const sorted = (moves: ReadonlyArray<number>, sign: 1 | -1) =>
      moves.toSorted((a, b) => sign * (Math.sign(raises(b)) - Math.sign(raises(a))))
    if (most - least > widthMax) {
      return [...new Set([...sorted(all, here < min ? 1 : -1)])]
    }
    const plan = choose(useful.map(raises), min - here, max - here) ?? []
    const first = sorted(
      plan.map((index) => useful[index] as number),
      1
    )
    return [...new Set([...first, ...all])]
  }
}
